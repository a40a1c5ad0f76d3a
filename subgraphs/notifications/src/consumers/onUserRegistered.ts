import { PersonErased, UserChanged, UserRegistered } from '#events/users.ts';
import { stateConsumer } from '#platform/consumer/defineConsumer.ts';
import { erasedPerson } from '../domain/person.ts';
import { people } from '../store/people.ts';

/** Keeps the projection of people: who they are, and what has become of that. */
export const onUserRegistered = stateConsumer({
  name: 'notifications-on-user-registered',
  events: [UserRegistered, UserChanged, PersonErased],
  projection: people,
  // Of an erased person the event has the id alone.
  row: ({ data: { user } }) => ({ ...erasedPerson(user.id), ...user }),
});
