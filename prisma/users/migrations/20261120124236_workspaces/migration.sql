-- CreateEnum
CREATE TYPE "invitation_end" AS ENUM ('ACCEPTED', 'DECLINED', 'REVOKED');

-- CreateEnum
CREATE TYPE "audit_action" AS ENUM ('WORKSPACE_CREATED', 'WORKSPACE_RENAMED', 'WORKSPACE_ARCHIVED', 'WORKSPACE_RESTORED', 'MEMBER_ADDED', 'MEMBER_ROLE_CHANGED', 'MEMBER_REMOVED', 'MEMBER_LEFT', 'OWNERSHIP_TRANSFERRED', 'INVITATION_SENT', 'INVITATION_RESENT', 'INVITATION_LINK_CREATED', 'INVITATION_REVOKED', 'INVITATION_ACCEPTED', 'INVITATION_DECLINED');

-- AlterTable
ALTER TABLE "workspace" ADD COLUMN     "archived_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "ended_membership" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,

    CONSTRAINT "ended_membership_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "email" VARCHAR(254),
    "role" "workspace_role" NOT NULL,
    "inviter_id" UUID NOT NULL,
    "max_uses" INTEGER NOT NULL,
    "uses" INTEGER NOT NULL DEFAULT 0,
    "issue" INTEGER NOT NULL DEFAULT 1,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "end_reason" "invitation_end",

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" UUID NOT NULL,
    "workspace_id" UUID NOT NULL,
    "action" "audit_action" NOT NULL,
    "actor_id" UUID NOT NULL,
    "subject_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "address" VARCHAR(45),
    "user_agent" VARCHAR(300),
    "changes" JSONB NOT NULL,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "ended_membership_user_id_workspace_id_key" ON "ended_membership"("user_id", "workspace_id");

-- CreateIndex
CREATE INDEX "invitation_workspace_id_created_at_id_idx" ON "invitation"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "audit_entry_workspace_id_at_id_idx" ON "audit_entry"("workspace_id", "at", "id");

-- CreateIndex
CREATE INDEX "audit_entry_actor_id_idx" ON "audit_entry"("actor_id");

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspace"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
