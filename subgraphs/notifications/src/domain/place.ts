/** A project or a task, as tasks has told of it: in which workspace it is. */
export type Place = { id: string; workspaceId: string; version: number };
