-- CreateIndex
CREATE INDEX "task_workspace_id_created_at_id_idx" ON "task"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "task_workspace_id_updated_at_id_idx" ON "task"("workspace_id", "updated_at", "id");

-- CreateIndex
CREATE INDEX "task_workspace_id_due_on_due_at_id_idx" ON "task"("workspace_id", "due_on", "due_at", "id");

-- CreateIndex
CREATE INDEX "task_workspace_id_assignee_id_due_on_idx" ON "task"("workspace_id", "assignee_id", "due_on");

-- CreateIndex
CREATE INDEX "task_project_id_status_number_idx" ON "task"("project_id", "status", "number");

-- CreateIndex
CREATE INDEX "task_project_id_due_on_due_at_id_idx" ON "task"("project_id", "due_on", "due_at", "id");
