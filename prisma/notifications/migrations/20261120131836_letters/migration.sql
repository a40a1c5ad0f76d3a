-- CreateTable
CREATE TABLE "letter" (
    "id" UUID NOT NULL,
    "kind" VARCHAR(50) NOT NULL,
    "subject_id" UUID NOT NULL,
    "issue" INTEGER NOT NULL,
    "state" "email_state" NOT NULL DEFAULT 'DUE',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "claimed_at" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3),
    "last_error" VARCHAR(500),

    CONSTRAINT "letter_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "letter_state_due_at_idx" ON "letter"("state", "due_at");
