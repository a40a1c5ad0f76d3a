import { randomBytes, randomUUID } from 'node:crypto';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { createNonces } from '#platform/identity/nonces.ts';
import { signCall } from '#platform/identity/signCall.ts';
import { verifyCall } from '#platform/identity/verifyCall.ts';
import { nested } from '../gateway/queries.ts';
import { showSpread } from '../statistics.ts';
import { table } from '../table.ts';
import { type Added, cpuEach } from './cpuEach.ts';

/** What signing and checking one call between services cost together, by what is called. */
export type CallsFigures = Record<string, Added & { bytes: number }>;

const limit = 20;

const entities = (count: number) => ({
  query: 'query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { id name avatarUrl } } }',
  variables: { r: Array.from({ length: count }, () => ({ __typename: 'User', id: randomUUID() })) },
});

/** What the gateway sends: a query, a question for the entities of a list, a mutation. */
const bodies: Record<string, { body: object; mutation: boolean }> = {
  query: { body: { query: nested.document, variables: nested.variables[0] }, mutation: false },
  'a list of 100': { body: entities(100), mutation: false },
  mutation: {
    body: {
      query:
        'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id key title status version } } }',
      variables: { input: { projectId: randomUUID(), title: 'A task of the bench', assigneeId: randomUUID() } },
    },
    mutation: true,
  },
};

/**
 * The gateway's `signCall` and the subgraph's `verifyCall`, in one process: with both, and with neither. Nonces are remembered in the process; what Redis is asked besides is a command, not a signature.
 */
export async function measureCalls(size: { rounds: number; calls: number }): Promise<CallsFigures> {
  const keys = parseCallKeys(`gateway>tasks:${randomBytes(32).toString('base64url')}`, true);
  const to = { caller: 'gateway', callee: 'tasks', path: '/graphql' };
  const viewer = { userId: randomUUID(), sessionId: randomUUID() };
  const client = { clientAddress: '203.0.113.7', userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36' };
  const figures: CallsFigures = {};
  for (const [name, { body, mutation }] of Object.entries(bodies)) {
    const text = JSON.stringify(body);
    const arrived = Buffer.from(text);
    const nonces = createNonces();
    const added = await cpuEach(size, {
      with: () => {
        const headers = signCall({ keys, ...to, viewer, ...client, body: text, mutation });
        return verifyCall({ keys, ...to, allow: ['gateway'], headers, body: arrived, nonces });
      },
      without: async () => ({ keys, ...to, viewer, ...client, body: arrived, nonces }),
    });
    figures[name] = { ...added, bytes: arrived.length };
  }
  return figures;
}

/** The figures as text. */
export const showCalls = (figures: CallsFigures): string =>
  [
    'signing and checking a call between services, µs of CPU together',
    table(
      ['call', 'bytes', 'adds', `of the ${limit} that it may`],
      Object.entries(figures).map(([name, { bytes, added }]) => [
        ...[name, bytes, showSpread(added)],
        (added.median / limit).toFixed(2),
      ]),
    ),
  ].join('\n');
