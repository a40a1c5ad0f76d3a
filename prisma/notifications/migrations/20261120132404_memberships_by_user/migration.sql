-- CreateIndex
CREATE INDEX "membership_user_id_idx" ON "membership"("user_id");
