-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateEnum
CREATE TYPE "notification_kind" AS ENUM ('TASK_ASSIGNED', 'COMMENT_ADDED');

-- CreateEnum
CREATE TYPE "email_state" AS ENUM ('DUE', 'CLAIMED', 'SENT', 'FAILED', 'SKIPPED');

-- CreateEnum
CREATE TYPE "workspace_role" AS ENUM ('OWNER', 'ADMIN', 'MEMBER', 'GUEST');

-- CreateTable
CREATE TABLE "notification" (
    "id" UUID NOT NULL,
    "recipient_id" UUID NOT NULL,
    "sequence" INTEGER NOT NULL,
    "event_id" UUID NOT NULL,
    "kind" "notification_kind" NOT NULL,
    "workspace_id" UUID NOT NULL,
    "task_id" UUID,
    "actor_id" UUID,
    "title" VARCHAR(700) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "read_at" TIMESTAMPTZ(3),
    "version" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "notification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "feed" (
    "recipient_id" UUID NOT NULL,
    "last_sequence" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "feed_pkey" PRIMARY KEY ("recipient_id")
);

-- CreateTable
CREATE TABLE "email_delivery" (
    "notification_id" UUID NOT NULL,
    "state" "email_state" NOT NULL DEFAULT 'DUE',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "claimed_at" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3),
    "last_error" VARCHAR(500),

    CONSTRAINT "email_delivery_pkey" PRIMARY KEY ("notification_id")
);

-- CreateTable
CREATE TABLE "person" (
    "id" UUID NOT NULL,
    "name" VARCHAR(80) NOT NULL,
    "email" VARCHAR(254) NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "person_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "membership" (
    "workspace_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "role" "workspace_role",
    "version" INTEGER NOT NULL,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("workspace_id","user_id")
);

-- CreateIndex
CREATE INDEX "notification_recipient_id_read_at_sequence_idx" ON "notification"("recipient_id", "read_at", "sequence");

-- CreateIndex
CREATE UNIQUE INDEX "notification_recipient_id_sequence_key" ON "notification"("recipient_id", "sequence");

-- CreateIndex
CREATE UNIQUE INDEX "notification_event_id_recipient_id_key" ON "notification"("event_id", "recipient_id");

-- CreateIndex
CREATE INDEX "email_delivery_state_due_at_idx" ON "email_delivery"("state", "due_at");

-- AddForeignKey
ALTER TABLE "email_delivery" ADD CONSTRAINT "email_delivery_notification_id_fkey" FOREIGN KEY ("notification_id") REFERENCES "notification"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What a recipient has not read, which is what is counted and marked. Partial: Prisma can't express it (prisma/allowedDifferences.ts).
CREATE INDEX "notification_unread_idx" ON "notification"("recipient_id") WHERE "read_at" IS NULL;
