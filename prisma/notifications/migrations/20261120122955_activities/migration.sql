-- CreateEnum
CREATE TYPE "activity_subject" AS ENUM ('PROJECT', 'TASK');

-- CreateEnum
CREATE TYPE "activity_kind" AS ENUM ('TASK_CREATED', 'TASK_UPDATED', 'COMMENT_ADDED');

-- CreateTable
CREATE TABLE "project" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "project_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "task" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "task_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "activity_feed" (
    "subject" "activity_subject" NOT NULL,
    "subject_id" UUID NOT NULL,
    "last_sequence" INTEGER NOT NULL,

    CONSTRAINT "activity_feed_pkey" PRIMARY KEY ("subject","subject_id")
);

-- CreateTable
CREATE TABLE "activity" (
    "subject" "activity_subject" NOT NULL,
    "subject_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "event_id" UUID NOT NULL,
    "kind" "activity_kind" NOT NULL,
    "workspace_id" UUID NOT NULL,
    "task_id" UUID NOT NULL,
    "comment_id" UUID,
    "changed_fields" TEXT[],
    "actor_id" UUID,
    "occurred_at" TIMESTAMPTZ(3) NOT NULL,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "activity_pkey" PRIMARY KEY ("subject","subject_id","sequence")
);

-- CreateIndex
CREATE UNIQUE INDEX "activity_event_id_key" ON "activity"("event_id");

-- CreateIndex
CREATE INDEX "activity_recorded_at_idx" ON "activity"("recorded_at");
