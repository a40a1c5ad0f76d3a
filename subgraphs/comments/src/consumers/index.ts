import { onMembershipChanged } from './onMembershipChanged.ts';
import { onTaskChanged } from './onTaskChanged.ts';

/** All consumers of this subgraph. */
export const consumers = [onTaskChanged, onMembershipChanged];
