-- CreateEnum
CREATE TYPE "task_priority" AS ENUM ('NONE', 'LOW', 'MEDIUM', 'HIGH', 'URGENT');

-- AlterTable
ALTER TABLE "task" ADD COLUMN     "description" TEXT NOT NULL DEFAULT '',
ADD COLUMN     "due_at" TIMESTAMPTZ(3),
ADD COLUMN     "due_on" DATE,
ADD COLUMN     "due_zone" VARCHAR(64),
ADD COLUMN     "estimate" INTEGER,
ADD COLUMN     "priority" "task_priority" NOT NULL DEFAULT 'NONE',
ADD COLUMN     "start_at" TIMESTAMPTZ(3),
ADD COLUMN     "start_on" DATE,
ADD COLUMN     "start_zone" VARCHAR(64);
