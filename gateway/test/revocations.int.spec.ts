import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { createNonces } from '#platform/identity/nonces.ts';
import { verifyCall } from '#platform/identity/verifyCall.ts';
import { newId } from '#platform/ids.ts';
import { ensureStream } from '#platform/nats/streams.ts';
import { encodeEnvelope, subjectOf } from '#platform/outbox/envelope.ts';
import { startTestNats, testScope, waitFor } from '#platform/testing/index.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { type Issuer, startIssuer } from './support/startIssuer.ts';
import { startRawServer } from './support/startRawServer.ts';
import { startSubgraph } from './support/startSubgraph.ts';
import { startTestGateway, type TestGateway } from './support/startTestGateway.ts';

const files = testScope();
const scope = testScope('each');
const keys = parseCallKeys(undefined, false);
const nonces = createNonces();
let issuer: Issuer;
let nats: Awaited<ReturnType<typeof startTestNats>>;

/** Who ends sessions: what it says when it is asked, and what it was asked for. */
const desk = { url: '', away: false, ended: [] as { id: string; at: number }[], asked: [] as number[] };

beforeAll(async () => {
  nats = await startTestNats();
  issuer = await startIssuer(files);
  desk.url = await startRawServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const { url: path = '', headers } = request;
    try {
      await verifyCall({ keys, callee: 'desk', allow: ['gateway'], path, headers, body, nonces });
      if (desk.away) throw new Error('away');
      const { withinSeconds } = JSON.parse(String(body));
      desk.asked.push(withinSeconds);
      const since = Date.now() - withinSeconds * 1_000;
      response.end(JSON.stringify({ sessions: desk.ended.filter(({ at }) => at >= since) }));
    } catch {
      response.writeHead(503).end();
    }
  }, files);
});

afterAll(() => nats.remove());

beforeEach(() => {
  Object.assign(desk, { away: false, ended: [], asked: [] });
});

async function start(variables: Record<string, string> = {}): Promise<TestGateway> {
  const authors = await startSubgraph('authors', scope);
  return startTestGateway(
    {
      SUPERGRAPH: writeLibrarySupergraph(),
      SUBGRAPH_URLS: `authors=${authors.url}`,
      JWKS_URL: issuer.jwksUrl,
      REVOCATIONS_URL: `desk@${desk.url}`,
      ...variables,
    },
    scope,
  );
}

const followed = () => ({ REVOCATIONS_NATS_URL: nats.url, REVOCATIONS_SUBJECT: 'desk.session.*.revoked' });

/** Puts the event of an ended session into the stream. */
async function publish(sessionId: string, secondsAgo = 0) {
  const connection = await connect({ servers: nats.url });
  try {
    await ensureStream(await jetstreamManager(connection), 'desk');
    const event = {
      id: newId(),
      type: 'desk.session.revoked.v1',
      aggregate: 'session',
      aggregateId: sessionId,
      version: 2,
      time: new Date(Date.now() - secondsAgo * 1_000),
      actorId: null,
      data: {},
      changes: {},
      traceparent: null,
    };
    await jetstream(connection).publish(subjectOf(event), encodeEnvelope(event), { msgID: event.id });
  } finally {
    await connection.close();
  }
}

/** The reason for which a session's token is refused; undefined while it is taken. */
async function refusal(gateway: TestGateway, sid: string) {
  const { errors } = await gateway.query('{ caller }', { token: issuer.token({ sid }) });
  return errors?.[0]?.extensions;
}

const revoked = { code: 'UNAUTHENTICATED', reason: 'REVOKED' };

async function isRefusedWithin(ms: number, gateway: TestGateway, sid: string) {
  await waitFor(async () => (await refusal(gateway, sid))?.reason === 'REVOKED', { timeoutMs: ms, everyMs: 20 });
  expect(await refusal(gateway, sid)).toEqual(revoked);
}

describe('a session that was ended', () => {
  it('is refused as soon as the stream tells, a known token as well as a new one', async () => {
    await publish(newId());
    const gateway = await start(followed());
    const [ended, other] = [newId(), newId()];
    const token = issuer.token({ sid: ended });
    expect((await gateway.query('{ caller }', { token })).errors).toBeUndefined();
    await publish(ended);
    await isRefusedWithin(500, gateway, ended);
    const { status, errors } = await gateway.query('{ caller }', { token });
    expect({ status, extensions: errors?.[0]?.extensions }).toEqual({ status: 401, extensions: revoked });
    expect(await refusal(gateway, other)).toBeUndefined();
  });

  it('is refused within two seconds without a stream', async () => {
    const gateway = await start();
    const ended = newId();
    expect(await refusal(gateway, ended)).toBeUndefined();
    desk.ended.push({ id: ended, at: Date.now() });
    await isRefusedWithin(2_000, gateway, ended);
  });

  it('is refused within two seconds while NATS is away, from the start on and later', async () => {
    const own = await startTestNats();
    scope.defer('nats', () => own.remove());
    await own.stop();
    const gateway = await start({ ...followed(), REVOCATIONS_NATS_URL: own.url });
    for (let time = 0; time < 2; time += 1) {
      const ended = newId();
      expect(await refusal(gateway, ended)).toBeUndefined();
      desk.ended.push({ id: ended, at: Date.now() });
      await isRefusedWithin(2_000, gateway, ended);
      if (time === 0) {
        await own.start();
        await own.stop();
      }
    }
  });

  it('is refused at once by a gateway that has just started, whoever tells it', async () => {
    const [before, streamed, old] = [newId(), newId(), newId()];
    desk.ended.push({ id: before, at: Date.now() - 500_000 }, { id: old, at: Date.now() - 700_000 });
    await publish(streamed);
    const gateway = await start(followed());
    expect(await refusal(gateway, before)).toEqual(revoked);
    expect(desk.asked[0]).toBe(630);
    await isRefusedWithin(1_000, gateway, streamed);
    // All tokens of a session that ended so long ago have expired: this one can't be.
    expect(await refusal(gateway, old)).toBeUndefined();
  });

  it('stays refused when the stream was lost and made anew, and later ones are told again', async () => {
    const own = await startTestNats();
    scope.defer('nats', () => own.remove());
    const shared = nats;
    nats = own;
    try {
      const [first, second] = [newId(), newId()];
      await publish(first);
      const gateway = await start(followed());
      await isRefusedWithin(2_000, gateway, first);
      const connection = await connect({ servers: own.url });
      await (await jetstreamManager(connection)).streams.delete('desk');
      await connection.close();
      // It looks for the stream once a second, so the event waits there.
      await publish(second);
      await isRefusedWithin(5_000, gateway, second);
      expect(await refusal(gateway, first)).toEqual(revoked);
    } finally {
      nats = shared;
    }
  });

  it('is told for what was missed, however long nobody could be asked', async () => {
    const gateway = await start();
    const ended = newId();
    expect(await refusal(gateway, ended)).toBeUndefined();
    desk.away = true;
    await waitFor(() => gateway.lines.some(({ msg }) => String(msg).startsWith('Nobody says which sessions')));
    desk.ended.push({ id: ended, at: Date.now() });
    desk.away = false;
    await isRefusedWithin(2_000, gateway, ended);
  });
});

describe('while nobody has said yet which sessions were ended', () => {
  it('no token is believed, and anonymous callers are served', async () => {
    desk.away = true;
    const gateway = await start();
    expect((await gateway.query('{ caller }')).errors).toBeUndefined();
    expect(await refusal(gateway, newId())).toEqual({ code: 'SERVICE_UNAVAILABLE' });
    desk.away = false;
    await waitFor(async () => (await refusal(gateway, newId())) === undefined);
  });
});

describe('a token that is good for longer than ended sessions are remembered', () => {
  it('is refused', async () => {
    const gateway = await start();
    const reasonOf = async (token: string) =>
      (await gateway.query('{ caller }', { token })).errors?.[0]?.extensions.reason;
    expect(await reasonOf(issuer.token({}, { expiresIn: 600 }))).toBeUndefined();
    expect(await reasonOf(issuer.token({}, { expiresIn: 601 }))).toBe('LIVES_TOO_LONG');
    expect(await reasonOf(issuer.token({}, { expiresIn: 60, noTimestamp: true }))).toBe('LIVES_TOO_LONG');
  });
});
