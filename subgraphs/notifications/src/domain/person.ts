/** What a notification needs to know of a person: a projection of users' accounts. */
export type Person = { id: string; name: string; email: string; version: number };

/** What somebody is called who has deleted their account. */
export const DELETED_NAME = 'Deleted user';

/** What is known of somebody who has deleted their account. Nobody else has no address. */
export const erasedPerson = (id: string): Omit<Person, 'version'> => ({ id, name: DELETED_NAME, email: '' });
