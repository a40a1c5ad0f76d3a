import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Redis } from 'ioredis';
import jwt from 'jsonwebtoken';
import { subgraphs } from '#dev/subgraphs.ts';
import { signCall } from '#platform/identity/signCall.ts';
import type { Viewer } from '#platform/identity/viewer.ts';
import { newId } from '#platform/ids.ts';
import { callSubgraph } from '#platform/testing/index.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { ask, listen, type Person } from '../person.ts';
import { startTestSystem, type TestSystem } from '../testSystem.ts';
import { type Cast, startCast } from './cast.ts';
import { type Coordinate, readCoordinates } from './coordinates.ts';
import { type Attempt, operations } from './operations.ts';
import { type Actor, actors, table } from './table.ts';

jest.setTimeout(300_000);

const coordinates = readCoordinates();
const tried = coordinates.filter(({ name }) => !table[name]?.startsWith('as '));
const last = (name: string) => (name === 'Mutation.logoutEverywhere' ? 1 : 0);

let system: TestSystem;
let redis: Redis;
let cast: Cast;
beforeAll(async () => {
  system = await startTestSystem();
  redis = new Redis(system.urls.redis);
  cast = await startCast(system);
  const { removed } = cast.people;
  await waitFor(
    async () => (await removed.answer('query ($id: ID!) { task(id: $id) { id } }', { id: cast.taskId })).errors,
    {
      timeoutMs: 10_000,
    },
  );
});
afterAll(async () => {
  redis?.disconnect();
  await system?.remove();
});

// Before the actors log out of everything.
describe('what is reached by another field alone', () => {
  const reached = coordinates.flatMap((one) => (one.kind === 'field' && !tried.includes(one) ? [one] : []));
  it.each(reached.map((one) => [one.name, one] as const))(
    '%s is for those whom that field is for',
    async (name, one) => {
      const parent = coordinates.find((other) => `as ${other.name}` === table[name]) as Coordinate;
      const outcomes: string[] = [];
      for (const actor of actors) outcomes.push(await outcomeThrough(parent, one, actor));
      expect(outcomes.join(' ')).toBe(table[parent.name]);
    },
  );

  it('Invitation.token is for whoever may make a link, and for no token that may only read', async () => {
    await cast.newLink(cast.workspaceId);
    const parent = coordinates.find(({ name }) => name === 'Workspace.invitations (users)') as Reaching;
    const outcomes: string[] = [];
    for (const actor of actors) {
      const { outcome, field } = await readEntity({ ...parent, selection: 'nodes { token }' }, actor);
      const shown = field?.nodes.some(({ token }: { token: string | null }) => token !== null);
      outcomes.push(outcome === 'ok' && !shown ? 'null' : outcome);
    }
    expect(outcomes.join(' ')).toBe('null null null UNAUTHENTICATED null null ok ok null null');
  });
});

describe('access', () => {
  it.each([...tried].sort((a, b) => last(a.name) - last(b.name)).map((one) => [one.name, one] as const))(
    'to %s is as the table has it',
    async (name, coordinate) => {
      const outcomes: string[] = [];
      for (const actor of actors) outcomes.push(await outcomeOf(coordinate, actor));
      expect(outcomes.join(' ')).toBe(table[name]);
    },
  );
});

type Reaching = Extract<Coordinate, { kind: 'field' }>;

/** Asks for a field along with the one that leads to it. */
async function outcomeThrough(parent: Coordinate, { type, field, selection }: Reaching, actor: Actor): Promise<string> {
  const wanted = `${field} { ${selection} }`;
  if (parent.kind === 'field') return askEntity({ ...parent, selection: `nodes { ${wanted} }` }, actor);
  return outcomeOf(parent, actor, (query) =>
    query.replace(/\{ (cursor|__typename) \}/, (_all, own) => `{ ${own} ... on ${type} { ${wanted} } }`),
  );
}

async function outcomeOf(coordinate: Coordinate, actor: Actor, change = (query: string) => query): Promise<string> {
  if (coordinate.kind !== 'root') return askEntity(coordinate, actor);
  const tryIt = operations[coordinate.name] as (typeof operations)[string];
  const made = await tryIt(cast, actor);
  const attempt = { ...made, query: change(made.query) };
  const token = attempt.token ?? cast.personOf(actor)?.token;
  const authorization = token === undefined ? undefined : `Bearer ${token}`;
  if (coordinate.operation === 'Subscription') return subscribe(attempt, actor, authorization);
  const { data, errors } = await ask(system, attempt.query, attempt.variables, authorization ? { authorization } : {});
  return errors?.[0]?.extensions.code ?? (data[coordinate.field] === null ? 'null' : 'ok');
}

/** By its first event, or by its standing: a feed may have nothing for this actor. */
async function subscribe({ query, variables }: Attempt, actor: Actor, authorization?: string): Promise<string> {
  const listening = listen(system, authorization ? { authorization } : {}, query, variables);
  const channel = `live:*${cast.personOf(actor)?.id ?? 'nobody'}`;
  const stands = async () => ((await redis.pubsub('CHANNELS', channel)) as string[]).length > 0;
  await waitFor(async () => listening.errors.length > 0 || listening.events.length > 0 || (await stands()), {
    timeoutMs: 20_000,
  });
  await listening.stop();
  const [problem] = listening.errors;
  // A socket that is closed says so with its code.
  return problem ? String(problem.extensions?.code ?? problem.message.split(' ')[0]) : 'ok';
}

/** As the gateway asks a subgraph for an entity, past all that leads to it in a query. */
async function askEntity(coordinate: Exclude<Coordinate, { kind: 'root' }>, actor: Actor): Promise<string> {
  return (await readEntity(coordinate, actor)).outcome;
}

/** The same, with what the field is. */
async function readEntity(
  coordinate: Exclude<Coordinate, { kind: 'root' }>,
  actor: Actor,
  // biome-ignore lint/suspicious/noExplicitAny: a scenario reads what it asked for
): Promise<{ outcome: string; field?: any }> {
  const { subgraph, type } = coordinate;
  const ids: Record<string, string> = {
    ...{ Workspace: cast.workspaceId, User: cast.people.owner.id, Project: cast.projectId, Task: cast.taskId },
    ...{ Comment: cast.commentId, Notification: cast.notificationId },
  };
  const token = cast.personOf(actor)?.token;
  // The gateway signs for nobody whose token it refuses: what such a token leads to is that refusal.
  const { errors: refused } = await ask(
    system,
    '{ __typename }',
    {},
    token ? { authorization: `Bearer ${token}` } : {},
  );
  if (refused) return { outcome: refused[0]?.extensions.code ?? 'an error' };
  const selection = coordinate.kind === 'field' ? `field: ${coordinate.field} { ${coordinate.selection} }` : 'id';
  const person = cast.personOf(actor);
  const { data, errors } = await callSubgraph({
    ...{ url: system.urls.services[subgraph], callee: subgraph, keys: cast.gatewayKeys },
    viewer: person && viewerOf(person, actor),
    query: `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${type} { ${selection} } } }`,
    variables: { r: [{ __typename: type, id: ids[type] }] },
  });
  if (errors) return { outcome: String(errors[0]?.extensions.code ?? 'an error') };
  const [entity] = data._entities;
  if (!entity || (coordinate.kind === 'field' && entity.field === null)) return { outcome: 'null' };
  return { outcome: 'ok', field: entity.field };
}

describe.each(subgraphs.map((name) => [name]))('%s, called past the gateway', (callee) => {
  const query = 'mutation { __typename }';
  const body = JSON.stringify({ query });
  const signed = (changes: Partial<Parameters<typeof signCall>[0]> = {}) =>
    signCall({
      ...{ keys: cast.gatewayKeys, caller: 'gateway', callee, path: '/graphql', body, mutation: true },
      ...{ viewer: { userId: cast.people.stranger.id, sessionId: newId() }, clientAddress: null },
      ...changes,
    });
  const send = async (headers: Record<string, string>) => {
    const url = `${system.urls.services[callee].replace(/\/(graphql)?$/, '')}/graphql`;
    const response = await fetch(url, {
      ...{ method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } },
    });
    const { errors } = (await response.json()) as { errors?: { extensions: { code: string; reason?: string } }[] };
    const { code = 'ok', reason = '' } = errors?.[0]?.extensions ?? {};
    return `${response.status} ${code} ${reason}`.trim();
  };

  it('takes what the gateway has signed, once', async () => {
    const headers = signed();
    expect(await send(headers)).toBe('200 ok');
    expect(await send(headers)).toBe('401 CALL_REFUSED REPLAYED');
  });

  it('refuses what nobody has signed, whomever it says it comes from', async () => {
    expect(await send({})).toBe('401 CALL_REFUSED UNSIGNED');
    const { 'taskgraph-signature': _, ...forged } = signed({
      viewer: { userId: cast.people.owner.id, sessionId: newId() },
    });
    expect(await send(forged)).toBe('401 CALL_REFUSED UNSIGNED');
    expect(await send({ authorization: `Bearer ${cast.people.owner.token}` })).toBe('401 CALL_REFUSED UNSIGNED');
  });

  it('refuses a signature that is another viewer’s, of another key, or old', async () => {
    const viewer = `${cast.people.owner.id} ${newId()}`;
    expect(await send({ ...signed(), 'taskgraph-viewer': viewer })).toBe('401 CALL_REFUSED BAD_SIGNATURE');
    const other = { ...signed(), 'taskgraph-signature': randomBytes(32).toString('base64url') };
    expect(await send(other)).toBe('401 CALL_REFUSED BAD_SIGNATURE');
    expect(await send(signed({ now: Date.now() - 31_000 }))).toBe('401 CALL_REFUSED STALE');
  });
});

function viewerOf({ id: userId, token }: Person, actor: Actor): Viewer {
  if (actor === 'readToken') return { userId, sessionId: newId(), scope: 'read' };
  return { userId, sessionId: (jwt.decode(token) as jwt.JwtPayload).sid };
}
