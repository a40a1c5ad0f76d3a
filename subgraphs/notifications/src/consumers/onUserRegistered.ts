import { UserRegistered } from '#events/users.ts';
import { stateConsumer } from '#platform/consumer/defineConsumer.ts';
import type { Database } from '../store/database.ts';
import { keepPerson } from '../store/people.ts';

/** Keeps the projection of people. */
export const onUserRegistered = stateConsumer({
  name: 'notifications-on-user-registered',
  events: [UserRegistered],
  apply: (tx: Database, { data: { user }, version }) => keepPerson(tx, { ...user, version }),
});
