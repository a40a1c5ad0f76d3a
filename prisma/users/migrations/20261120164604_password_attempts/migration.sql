-- CreateTable
CREATE TABLE "password_attempt" (
    "account" VARCHAR(64) NOT NULL,
    "count" INTEGER NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "password_attempt_pkey" PRIMARY KEY ("account")
);

-- CreateIndex
CREATE INDEX "password_attempt_until_idx" ON "password_attempt"("until");
