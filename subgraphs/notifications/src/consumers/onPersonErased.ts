import { PersonErased } from '#events/users.ts';
import { factConsumer } from '#platform/consumer/defineConsumer.ts';
import { forgetAggregate } from '#platform/consumer/forgetAggregate.ts';
import type { Deps } from '../deps.ts';
import { erasedPerson } from '../domain/person.ts';
import type { Database } from '../store/database.ts';
import { erasePerson } from '../store/erasure.ts';
import { people } from '../store/people.ts';
import { onUserRegistered } from './onUserRegistered.ts';

/**
 * Erases somebody who has deleted their account. The projection hears of it by itself, but perhaps later: from here on nothing
 * is to be told by their name. What was looked up a moment ago, sweepErasures finds.
 */
export const onPersonErased = factConsumer({
  name: 'notifications-on-person-erased',
  events: [PersonErased],
  async handle(tx: Database, { type, version, data }, _deps: Deps) {
    const { id } = data.user;
    await people.keep(tx, { ...erasedPerson(id), version });
    await erasePerson(tx, id);
    await forgetAggregate(tx, { id, type, consumers: [onUserRegistered.name] });
  },
});
