import { expect, it } from '@jest/globals';
import { createLogger } from '#platform/logger.ts';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { createSubgraphs, type Lease } from '../src/graph/createSubgraphs.ts';
import { startRawServer } from './support/startRawServer.ts';

const scope = testScope();
const log = createLogger({ service: 'test', level: 'silent' });

/** Whether calls to it still go out. */
const answers = (lease: Lease, name: string): Promise<boolean> =>
  (
    lease.subgraphs.get(name)?.call({ query: '{ a }', mutation: false }, { viewer: null, clientAddress: null }) ??
    Promise.reject(new Error('unknown'))
  ).then(
    () => true,
    () => false,
  );

it('are kept over a reload, and let go of when nothing that is in use has them any more', async () => {
  const url = await startRawServer((_request, response) => response.end('{"data":{}}'), scope);
  const options = { keys: undefined, timeoutMs: 1_000, log, scope };
  const subgraphs = createSubgraphs({ ...options, requestMs: 50 });
  const at = (path: string) =>
    new Map([
      ['stays', url],
      ['moves', url + path],
    ]);
  const [first, second, third] = ['/1', '/2', '/3'].map((path) => subgraphs.take(at(path))) as [Lease, Lease, Lease];
  expect(first.subgraphs.get('stays')).toBe(third.subgraphs.get('stays'));
  expect(first.subgraphs.get('moves')).not.toBe(second.subgraphs.get('moves'));

  const end = first.hold();
  first.retire();
  second.retire();
  // Requests may still be under way.
  expect(await answers(second, 'moves')).toBe(true);
  await waitFor(async () => !(await answers(second, 'moves')));
  // It was retired before, but a subscription holds it.
  expect(await answers(first, 'moves')).toBe(true);
  end();
  expect(await answers(first, 'moves')).toBe(false);
  expect([await answers(third, 'moves'), await answers(first, 'stays')]).toEqual([true, true]);
  expect(subgraphs.take(at('/1')).subgraphs.get('moves')).not.toBe(first.subgraphs.get('moves'));
});

it('are not let go of by somebody who comes late, or who lets go twice', async () => {
  const url = await startRawServer((_request, response) => response.end('{"data":{}}'), scope);
  const subgraphs = createSubgraphs({ keys: undefined, timeoutMs: 1_000, log, scope, requestMs: 10 });
  const at = (moves: string) =>
    new Map([
      ['stays', url],
      ['moves', url + moves],
    ]);
  const [first, second] = [subgraphs.take(at('/1')), subgraphs.take(at('/2'))];
  const twice = first.hold();
  twice();
  twice();
  expect(await answers(first, 'moves')).toBe(true);
  first.retire();
  await waitFor(async () => !(await answers(first, 'moves')));
  // The same place again, while somebody still begins something with what is gone.
  const third = subgraphs.take(at('/1'));
  const late = first.hold();
  late();
  late();
  expect(subgraphs.take(at('/1')).subgraphs.get('moves')).toBe(third.subgraphs.get('moves'));
  expect(await Promise.all([answers(second, 'stays'), answers(third, 'stays'), answers(third, 'moves')])).toEqual([
    true,
    true,
    true,
  ]);
});
