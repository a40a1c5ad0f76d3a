-- What a restore from a backup leaves behind for the services. The same file in every subgraph (a test compares them); Prisma
-- doesn't model it.

-- The event says again what an aggregate is like, after a restore, at a version above all that anybody has seen. It is no
-- fact: projections are kept by it, and nobody is told.
ALTER TABLE "backbone"."event" ADD COLUMN "restated" BOOLEAN NOT NULL DEFAULT false;

-- Each restore of this database.
CREATE TABLE "backbone"."restore" (
    "at" TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
    -- When the backup was taken.
    "taken_at" TIMESTAMPTZ NOT NULL,
    -- The version that every aggregate continues at: above all that were given out before.
    "version" INTEGER NOT NULL,
    -- When our stream was made anew. Until then it may have events that the restore has undone, and nothing is published.
    "stream_renewed_at" TIMESTAMPTZ,

    CONSTRAINT "restore_pkey" PRIMARY KEY ("at")
);

-- The consumer begins anew, at the beginning of a stream that its publisher has made anew after its own restore to this
-- version; 0: of the stream as it is, because only our inbox was restored.
ALTER TABLE "backbone"."consumer" ADD COLUMN "renew_from" INTEGER;
