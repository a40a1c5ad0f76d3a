import { UserChanged, UserRegistered } from '#events/users.ts';
import { stateConsumer } from '#platform/consumer/defineConsumer.ts';
import { people } from '../store/people.ts';

/** Keeps the projection of people: who they are, and what has become of that. */
export const onUserRegistered = stateConsumer({
  name: 'notifications-on-user-registered',
  events: [UserRegistered, UserChanged],
  projection: people,
  row: ({ data }) => data.user,
});
