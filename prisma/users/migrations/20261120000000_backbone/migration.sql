-- The event backbone. The same file in every subgraph (a test compares them); the platform's outbox and consumers use it,
-- Prisma doesn't model it. Everything here belongs to the owner login; a service's own login gets rows, never DDL.

CREATE SCHEMA "backbone";

-- The smallest UUID that a UUIDv7 made at `at` can be (RFC 9562: the first 48 bits are Unix milliseconds). Ids in
-- [uuid_at(a), uuid_at(b)) are those made from a until b, which is what the month partitions and time queries use.
CREATE FUNCTION "backbone"."uuid_at"("at" TIMESTAMPTZ) RETURNS UUID
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
AS $$
    SELECT (lpad(to_hex(floor(extract(epoch FROM "at") * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
$$;

-- A row per fact, written in the transaction that changes the aggregate: the history, the audit trail, and what is published.
CREATE TABLE "backbone"."event" (
    "id" UUID NOT NULL,
    "aggregate" TEXT NOT NULL,
    "aggregate_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "type" TEXT NOT NULL,
    "time" TIMESTAMPTZ(3) NOT NULL,
    "actor_id" UUID,
    "data" JSONB NOT NULL,
    "changes" JSONB NOT NULL DEFAULT '{}',
    "traceparent" TEXT,

    CONSTRAINT "event_pkey" PRIMARY KEY ("id")
) PARTITION BY RANGE ("id");

CREATE INDEX "event_aggregate_id_version_idx" ON "backbone"."event"("aggregate_id", "version");

-- Takes what no month takes, so that a month nobody prepared never refuses a write.
CREATE TABLE "backbone"."event_default" PARTITION OF "backbone"."event" DEFAULT;

-- Append-only, but for the erasure of a person and for dropping an expired month: a transaction that means it says
-- set_config('backbone.redact', 'on', true).
CREATE FUNCTION "backbone"."refuse_event_change"() RETURNS TRIGGER
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF current_setting('backbone.redact', true) IS DISTINCT FROM 'on' THEN
        RAISE EXCEPTION 'backbone.event is append-only: % refused', TG_OP
            USING ERRCODE = 'integrity_constraint_violation',
                  HINT = 'Only an erasure may change it, in a transaction with set_config(''backbone.redact'', ''on'', true).';
    END IF;
    IF TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    RETURN OLD;
END
$$;

CREATE TRIGGER "event_append_only" BEFORE UPDATE OR DELETE ON "backbone"."event"
    FOR EACH ROW EXECUTE FUNCTION "backbone"."refuse_event_change"();

CREATE TRIGGER "event_no_truncate" BEFORE TRUNCATE ON "backbone"."event"
    FOR EACH STATEMENT EXECUTE FUNCTION "backbone"."refuse_event_change"();

-- Makes the partitions of this month (UTC) and the given number of months after it; returns how many were new. Runs with
-- its owner's rights, because services, which call it as time passes, have no DDL rights. Rows that meanwhile went into
-- the default partition are moved. ATTACH keeps writers going, where CREATE … PARTITION OF would lock the whole table; it
-- still has to lock the default partition, so it gives up after 5 s (the next call tries again) rather than queue everyone.
CREATE FUNCTION "backbone"."ensure_event_partitions"("months" INTEGER) RETURNS INTEGER
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    SET lock_timeout = '5s'
AS $$
DECLARE
    "first_month" CONSTANT TIMESTAMP := date_trunc('month', now() AT TIME ZONE 'UTC');
    "redact" CONSTANT TEXT := coalesce(current_setting('backbone.redact', true), '');
    "created" INTEGER := 0;
    "month" TIMESTAMP;
    "partition" TEXT;
    "lower" UUID;
    "upper" UUID;
BEGIN
    IF "months" IS NULL OR "months" NOT BETWEEN 0 AND 120 THEN
        RAISE EXCEPTION 'months must be 0 to 120' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR i IN 0.."months" LOOP
        "month" := "first_month" + make_interval(months => i);
        "partition" := 'event_' || to_char("month", 'YYYY_MM');
        -- Asks the table: to_regclass() would answer from a cache that doesn't know what others have just made.
        CONTINUE WHEN EXISTS (SELECT FROM pg_class
                              WHERE relnamespace = 'backbone'::regnamespace AND relname = "partition");
        -- Another replica may be making it: wait for it, then look again.
        PERFORM pg_advisory_xact_lock(hashtextextended('backbone.ensure_event_partitions', 0));
        CONTINUE WHEN EXISTS (SELECT FROM pg_class
                              WHERE relnamespace = 'backbone'::regnamespace AND relname = "partition");

        "lower" := backbone.uuid_at("month" AT TIME ZONE 'UTC');
        "upper" := backbone.uuid_at(("month" + interval '1 month') AT TIME ZONE 'UTC');
        EXECUTE format('CREATE TABLE backbone.%I (LIKE backbone.event INCLUDING DEFAULTS)', "partition");
        LOCK TABLE backbone.event_default IN ACCESS EXCLUSIVE MODE;
        PERFORM set_config('backbone.redact', 'on', true);
        EXECUTE format(
            'WITH moved AS (DELETE FROM backbone.event_default WHERE id >= %L AND id < %L RETURNING *)
             INSERT INTO backbone.%I SELECT * FROM moved', "lower", "upper", "partition");
        PERFORM set_config('backbone.redact', "redact", true);
        EXECUTE format('ALTER TABLE backbone.event ATTACH PARTITION backbone.%I FOR VALUES FROM (%L) TO (%L)',
            "partition", "lower", "upper");
        "created" := "created" + 1;
    END LOOP;
    RETURN "created";
END
$$;

REVOKE ALL ON FUNCTION "backbone"."ensure_event_partitions"(INTEGER) FROM PUBLIC;

-- Ids of events that are not in the stream yet; a row goes when the stream has acknowledged it.
CREATE TABLE "backbone"."outbox" (
    "event_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("event_id")
);

-- The stream sequence that each published event got: shows whether the stream still has what was acknowledged, and from
-- where to publish again if not. Pruned.
CREATE TABLE "backbone"."published" (
    "sequence" BIGINT NOT NULL,
    "event_id" UUID NOT NULL,
    "at" TIMESTAMPTZ NOT NULL DEFAULT now(),

    CONSTRAINT "published_pkey" PRIMARY KEY ("sequence")
);

CREATE INDEX "published_event_id_idx" ON "backbone"."published"("event_id");

-- What a consumer has handled, written in the transaction of the effect: a second delivery has none.
CREATE TABLE "backbone"."inbox" (
    "consumer" TEXT NOT NULL,
    "event_id" UUID NOT NULL,
    "at" TIMESTAMPTZ NOT NULL DEFAULT now(),

    CONSTRAINT "inbox_pkey" PRIMARY KEY ("consumer", "event_id")
);

-- How often a handler itself has failed on an event (a lost connection doesn't count).
CREATE TABLE "backbone"."failure" (
    "consumer" TEXT NOT NULL,
    "event_id" UUID NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 1,
    "first_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
    "last_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
    "reason" TEXT NOT NULL,

    CONSTRAINT "failure_pkey" PRIMARY KEY ("consumer", "event_id")
);

-- Events that a consumer has given up on, whole, to be looked at and replayed.
CREATE TABLE "backbone"."dead_letter" (
    "consumer" TEXT NOT NULL,
    "event_id" UUID NOT NULL,
    "event" JSONB NOT NULL,
    "reason" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "first_at" TIMESTAMPTZ NOT NULL,
    "last_at" TIMESTAMPTZ NOT NULL DEFAULT now(),

    CONSTRAINT "dead_letter_pkey" PRIMARY KEY ("consumer", "event_id")
);

-- Ids that clients chose in create mutations, kept after a deletion too: the same id, creator and input is a retry.
CREATE TABLE "backbone"."client_id" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "creator_id" UUID NOT NULL,
    "input_hash" BYTEA NOT NULL,
    "at" TIMESTAMPTZ NOT NULL DEFAULT now(),

    CONSTRAINT "client_id_pkey" PRIMARY KEY ("id")
);
