import { MembershipChanged } from '#events/users.ts';
import { stateConsumer } from '#platform/consumer/defineConsumer.ts';
import { memberships } from '../store/memberships.ts';

/** Keeps the projection of memberships, those that have ended included. */
export const onMembershipChanged = stateConsumer({
  name: 'notifications-on-membership-changed',
  events: [MembershipChanged],
  projection: memberships,
  row: ({ data }) => data.membership,
});
