-- What operating the event backbone needs. The same file in every subgraph (a test compares them); Prisma doesn't model it.

-- The consumers of this subgraph, as its workers declare them at the start. One never changes its kind: its inbox would mean
-- something else.
CREATE TABLE "backbone"."consumer" (
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "stream" TEXT NOT NULL,
    -- The table that a state consumer keeps.
    "projection" TEXT,
    "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
    -- When a worker last found that it follows its stream: processes that only answer calls rely on the projection by that.
    "fresh_at" TIMESTAMPTZ,
    "rebuilt_at" TIMESTAMPTZ,

    CONSTRAINT "consumer_pkey" PRIMARY KEY ("name"),
    CONSTRAINT "consumer_kind_check" CHECK ("kind" IN ('fact', 'state')),
    CONSTRAINT "consumer_projection_check" CHECK (("kind" = 'state') = ("projection" IS NOT NULL))
);

-- A state consumer that is being rebuilt: while the row is there, nobody relies on its projection. One worker at a time
-- drives it; each attempt begins by clearing the projection.
CREATE TABLE "backbone"."rebuild" (
    "consumer" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
    "attempt" UUID,
    -- The driver's sign of life: another worker starts over when it is late.
    "driven_at" TIMESTAMPTZ,
    "phase" TEXT NOT NULL DEFAULT 'requested',
    -- Republished so far, in this attempt.
    "events" INTEGER NOT NULL DEFAULT 0,
    -- Why it does not get on.
    "waits_for" TEXT,

    CONSTRAINT "rebuild_pkey" PRIMARY KEY ("consumer")
);

-- When somebody asked for the event to be handled again. The row goes once its effect is committed.
ALTER TABLE "backbone"."dead_letter" ADD COLUMN "replay_at" TIMESTAMPTZ;

CREATE INDEX "dead_letter_replay_idx" ON "backbone"."dead_letter"("consumer") WHERE "replay_at" IS NOT NULL;
