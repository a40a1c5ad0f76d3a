/** What is kept of a workspace, as users has told it: nothing in an archived one is changed. */
export type Workspace = { id: string; archived: boolean; version: number };
