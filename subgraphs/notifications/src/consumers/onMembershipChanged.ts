import { MembershipChanged } from '#events/users.ts';
import { stateConsumer } from '#platform/consumer/defineConsumer.ts';
import type { Database } from '../store/database.ts';
import { keepMembership } from '../store/memberships.ts';

/** Keeps the projection of memberships, those that have ended included. */
export const onMembershipChanged = stateConsumer({
  name: 'notifications-on-membership-changed',
  events: [MembershipChanged],
  apply: (tx: Database, { data: { membership }, version }) => keepMembership(tx, { ...membership, version }),
});
