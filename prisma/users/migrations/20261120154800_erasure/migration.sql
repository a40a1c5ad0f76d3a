-- CreateTable
CREATE TABLE "erased_user" (
    "id" UUID NOT NULL,
    "erased_at" TIMESTAMPTZ(3) NOT NULL,
    "purged_at" TIMESTAMPTZ(3),
    "closed" UUID[],

    CONSTRAINT "erased_user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "erased_session" (
    "id" UUID NOT NULL,
    "user_id" UUID NOT NULL,
    "ended_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "erased_session_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "erased_user_purged_at_idx" ON "erased_user"("purged_at");

-- CreateIndex
CREATE INDEX "erased_session_user_id_idx" ON "erased_session"("user_id");

-- CreateIndex
CREATE INDEX "erased_session_ended_at_idx" ON "erased_session"("ended_at");

-- CreateIndex
CREATE INDEX "invitation_email_idx" ON "invitation"("email");

-- AddForeignKey
ALTER TABLE "erased_session" ADD CONSTRAINT "erased_session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "erased_user"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
