import { UserRegistered } from '#events/users.ts';
import { stateConsumer } from '#platform/consumer/defineConsumer.ts';
import { people } from '../store/people.ts';

/** Keeps the projection of people. */
export const onUserRegistered = stateConsumer({
  name: 'notifications-on-user-registered',
  events: [UserRegistered],
  projection: people,
  row: ({ data }) => data.user,
});
