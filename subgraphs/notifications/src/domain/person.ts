/** What a notification needs to know of a person: a projection of users' accounts. */
export type Person = { id: string; name: string; email: string; version: number };
