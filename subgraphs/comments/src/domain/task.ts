/** What a comment needs to know of the task that it is about: a projection of tasks' tasks. */
export type Task = {
  id: string;
  workspaceId: string;
  /** `WEB-42` */
  key: string;
  title: string;
  creatorId: string;
  assigneeId: string | null;
  version: number;
};
