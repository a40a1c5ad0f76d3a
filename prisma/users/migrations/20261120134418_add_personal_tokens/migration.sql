-- CreateEnum
CREATE TYPE "global_role" AS ENUM ('USER', 'ADMIN');

-- CreateEnum
CREATE TYPE "token_scope" AS ENUM ('READ', 'WRITE', 'ADMIN');

-- AlterTable
ALTER TABLE "user" ADD COLUMN     "locale" VARCHAR(35),
ADD COLUMN     "role" "global_role" NOT NULL DEFAULT 'USER',
ADD COLUMN     "suspended_at" TIMESTAMPTZ(3),
ADD COLUMN     "time_zone" VARCHAR(64);

-- CreateTable
CREATE TABLE "personal_token" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "name" VARCHAR(80) NOT NULL,
    "scope" "token_scope" NOT NULL,
    "hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "personal_token_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "personal_token_hash_key" ON "personal_token"("hash");

-- CreateIndex
CREATE INDEX "personal_token_user_id_created_at_id_idx" ON "personal_token"("user_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "personal_token_revoked_at_idx" ON "personal_token"("revoked_at");

-- AddForeignKey
ALTER TABLE "personal_token" ADD CONSTRAINT "personal_token_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
