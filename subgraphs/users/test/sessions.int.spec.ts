import { beforeAll, describe, expect, it } from '@jest/globals';
import jwt from 'jsonwebtoken';
import { newId } from '#platform/ids.ts';
import { callSubgraph, testScope, waitFor } from '#platform/testing/index.ts';
import { type Fixture, password, startFixture } from './fixture.ts';

const list =
  'query ($first: Int, $after: String) { sessions(first: $first, after: $after) { nodes { id device ip createdAt lastSeenAt current } pageInfo { hasNextPage endCursor } } }';
const login =
  'mutation ($input: LoginInput!) { login(input: $input) { refreshToken session { id device ip current } } }';
const revoke = 'mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) { session { id current } } }';

const scope = testScope();
let users: Fixture;
let counter = 0;
const newPerson = () => users.person('Ada', `session${++counter}@example.com`);

beforeAll(async () => {
  users = await startFixture(scope);
});

/** Sets back when everything of a session's tokens was used: time passes for them. */
async function age(sessionId: string, seconds: number) {
  await users.pool.query(
    `update refresh_token set used_at = used_at - make_interval(secs => $2) where session_id = $1 and used_at is not null`,
    [sessionId, seconds],
  );
}

async function sessionOf(id: string) {
  const { rows } = await users.pool.query('select * from session where id = $1', [id]);
  return rows[0];
}

const liveTokens = async (sessionId: string) =>
  (
    await users.pool.query(
      `select count(*)::int as n from refresh_token t join session s on s.id = t.session_id
       where session_id = $1 and used_at is null and s.ended_at is null`,
      [sessionId],
    )
  ).rows[0].n as number;

const refresh = (refreshToken: string, more: object = {}, client = {}) =>
  users.auth('refresh', { refreshToken, ...more }, client);
const reasonOf = ({ answer }: { answer: { errors?: { extensions: object }[] } }) => answer.errors?.[0]?.extensions;
const refused = (reason: string) => ({ code: 'UNAUTHENTICATED', reason });

describe('a login', () => {
  it('begins a session that says from where and with what', async () => {
    const ada = await newPerson();
    const { data } = await callSubgraph({
      url: users.url,
      callee: 'users',
      query: login,
      variables: { input: { email: ada.email, password } },
      clientAddress: '203.0.113.9',
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    });
    const { session } = data.login;
    expect(session).toEqual({ id: session.id, device: 'Firefox on Linux', ip: '203.0.113.9', current: true });

    const { data: seen } = await users.call({ userId: ada.userId, sessionId: session.id }, list);
    expect(seen.sessions.nodes).toMatchObject([
      { id: session.id, device: 'Firefox on Linux', current: true },
      { id: ada.sessionId, device: 'Unknown device', ip: null, current: false },
    ]);
    const pages = [];
    for (let after: string | null = null; ; ) {
      const { data: page } = await users.call(ada, list, { first: 1, after });
      pages.push(page.sessions.nodes[0].id);
      if (!page.sessions.pageInfo.hasNextPage) break;
      after = page.sessions.pageInfo.endCursor;
    }
    expect(pages).toEqual([session.id, ada.sessionId]);
  });

  it('keeps no token as it is', async () => {
    const ada = await newPerson();
    const { answer } = await refresh(ada.refreshToken);
    const { rows } = await users.pool.query(
      `select (select string_agg(encode(hash, 'escape') || coalesce(session_id::text, ''), ' ') from refresh_token)
        || (select coalesce(string_agg(encode(sealed, 'escape'), ' '), '') from refresh_successor) as text`,
    );
    for (const token of [ada.refreshToken, answer.refreshToken]) {
      expect(rows[0].text).not.toContain(token);
      expect(rows[0].text).not.toContain(Buffer.from(token, 'base64url').toString('latin1'));
    }
  });
});

describe('POST /auth/refresh', () => {
  it('gives the next tokens of the same session, and keeps it going', async () => {
    const ada = await newPerson();
    await users.pool.query(
      `update session set last_seen_at = last_seen_at - interval '1 day', expires_at = expires_at - interval '1 day' where id = $1`,
      [ada.sessionId],
    );
    const before = await sessionOf(ada.sessionId);
    const { status, answer, setCookie } = await refresh(ada.refreshToken, {}, { address: '203.0.113.7' });
    expect(status).toBe(200);
    expect(setCookie).toEqual([]);
    expect(Object.keys(answer).sort()).toEqual(['accessToken', 'expiresAt', 'refreshToken', 'sessionId']);
    expect(jwt.decode(answer.accessToken)).toMatchObject({ sub: ada.userId, sid: ada.sessionId });
    expect(answer.refreshToken).not.toBe(ada.refreshToken);
    const after = await sessionOf(ada.sessionId);
    expect(after.ip).toBe('203.0.113.7');
    expect(after.last_seen_at.getTime()).toBeGreaterThan(before.last_seen_at.getTime());
    expect(after.expires_at.getTime()).toBeGreaterThan(before.expires_at.getTime());
    expect((await refresh(answer.refreshToken)).status).toBe(200);
  });

  it('gives the same successor to a retry within ten seconds, also when that was used meanwhile', async () => {
    const ada = await newPerson();
    const first = await refresh(ada.refreshToken);
    await age(ada.sessionId, 9);
    expect((await refresh(ada.refreshToken)).answer.refreshToken).toBe(first.answer.refreshToken);
    expect((await refresh(first.answer.refreshToken)).status).toBe(200);
    expect((await refresh(ada.refreshToken)).answer.refreshToken).toBe(first.answer.refreshToken);
    expect(await liveTokens(ada.sessionId)).toBe(1);
  });

  it('ends the session when a token turns up again later, and tells everybody', async () => {
    const ada = await newPerson();
    const first = await refresh(ada.refreshToken);
    const second = await refresh(first.answer.refreshToken);
    await age(ada.sessionId, 11);
    const stolen = await refresh(ada.refreshToken);
    expect([stolen.status, reasonOf(stolen)]).toEqual([401, refused('REUSED')]);
    for (const { answer } of [first, second])
      expect(reasonOf(await refresh(answer.refreshToken))).toEqual(refused('REVOKED'));
    expect(await users.events(ada.sessionId)).toEqual([
      {
        type: 'users.session.revoked.v1',
        version: 2,
        actor_id: null,
        data: { session: { id: ada.sessionId, userId: ada.userId, device: 'Unknown device' }, reason: 'REUSED' },
      },
    ]);
  });

  it('leaves other sessions of the person alone when one ends', async () => {
    const ada = await newPerson();
    const { data } = await users.call(null, login, { input: { email: ada.email, password } });
    await refresh(ada.refreshToken);
    await age(ada.sessionId, 11);
    await refresh(ada.refreshToken);
    expect((await refresh(data.login.refreshToken)).status).toBe(200);
  });

  it('erases the successor soon after', async () => {
    const ada = await newPerson();
    await refresh(ada.refreshToken);
    const kept = async () =>
      (
        await users.pool.query(
          'select count(*)::int as n from refresh_successor join refresh_token using (hash) where session_id = $1',
          [ada.sessionId],
        )
      ).rows[0].n;
    expect(await kept()).toBe(1);
    await users.pool.query(`update refresh_successor set created_at = created_at - interval '11 seconds'`);
    await waitFor(async () => (await kept()) === 0);
  });

  it('of twenty at once leaves one live descendant', async () => {
    const ada = await newPerson();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(ada.refreshToken)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ answer }) => answer.refreshToken)).size).toBe(1);
    expect(await liveTokens(ada.sessionId)).toBe(1);
  });

  it('of twenty at once with a stolen token ends the session once', async () => {
    const ada = await newPerson();
    await refresh(ada.refreshToken);
    await age(ada.sessionId, 11);
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(ada.refreshToken)));
    expect(answers.filter((answer) => reasonOf(answer) && answer.status === 401)).toHaveLength(20);
    expect(await users.events(ada.sessionId)).toHaveLength(1);
    expect(await liveTokens(ada.sessionId)).toBe(0);
  });

  it('refuses what was never given out, what has expired, and what is no token', async () => {
    const ada = await newPerson();
    await users.pool.query(`update session set expires_at = now() where id = $1`, [ada.sessionId]);
    expect(reasonOf(await refresh(ada.refreshToken))).toEqual(refused('EXPIRED'));
    for (const unknown of ['x'.repeat(43), 'x', '\0'.repeat(43)])
      expect(reasonOf(await refresh(unknown))).toEqual(refused('UNKNOWN'));
    for (const nothing of [{}, { refreshToken: '' }])
      expect(reasonOf(await users.auth('refresh', nothing))).toEqual(refused('NONE'));
    for (const body of [{ refreshToken: 'x'.repeat(201) }, { refreshToken: 1 }, { other: true }, []])
      expect(reasonOf(await users.auth('refresh', body))).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('takes signed calls of the gateway only', async () => {
    const response = await fetch(`${users.url}/auth/refresh`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'CALL_REFUSED' } }] });
  });
});

describe('the cookie', () => {
  it('is httpOnly, of this site and path, and goes on as a cookie', async () => {
    const ada = await newPerson();
    const first = await refresh(ada.refreshToken, { cookie: true });
    expect(first.answer.refreshToken).toBeUndefined();
    expect(first.setCookie).toEqual([
      expect.stringMatching(/^taskgraph_refresh=[\w-]{43}; Expires=.* GMT; Path=\/auth; HttpOnly; SameSite=Strict$/),
    ]);
    const cookie = `other=1; ${first.setCookie[0]?.split(';')[0]}`;
    const second = await users.auth('refresh', {}, { cookie });
    expect(second.status).toBe(200);
    expect(second.answer).toEqual({
      accessToken: expect.any(String),
      expiresAt: expect.any(String),
      sessionId: ada.sessionId,
    });
    expect(second.setCookie).toHaveLength(1);
    expect(second.setCookie[0]?.split(';')[0]).not.toBe(first.setCookie[0]?.split(';')[0]);
  });

  it('is removed when it is good for nothing any more, and by logging out', async () => {
    const removed = ['taskgraph_refresh=; Max-Age=0; Path=/auth; HttpOnly; SameSite=Strict'];
    const cookie = `taskgraph_refresh=${'x'.repeat(43)}`;
    const { status, setCookie } = await users.auth('refresh', {}, { cookie });
    expect({ status, setCookie }).toEqual({ status: 401, setCookie: removed });

    const ada = await newPerson();
    const own = (await refresh(ada.refreshToken, { cookie: true })).setCookie[0]?.split(';')[0] as string;
    const out = await users.auth('logout', {}, { cookie: own });
    expect(out).toEqual({ status: 200, answer: {}, setCookie: removed });
    expect((await sessionOf(ada.sessionId)).end_reason).toBe('LOGOUT');
    expect(reasonOf(await users.auth('refresh', {}, { cookie: own }))).toEqual(refused('REVOKED'));
  });
});

describe('ending sessions', () => {
  it('logs out: the session that asks, by its refresh token or its access token', async () => {
    const ada = await newPerson();
    expect((await users.auth('logout', { refreshToken: ada.refreshToken })).status).toBe(200);
    expect((await users.auth('logout', { refreshToken: ada.refreshToken })).status).toBe(200);
    expect(await users.events(ada.sessionId)).toMatchObject([{ actor_id: ada.userId, data: { reason: 'LOGOUT' } }]);

    const grace = await newPerson();
    const { data } = await users.call(grace, 'mutation { logout { sessionId } }');
    expect(data.logout).toEqual({ sessionId: grace.sessionId });
    expect(reasonOf(await refresh(grace.refreshToken))).toEqual(refused('REVOKED'));
  });

  it('logs out everywhere, and nobody else', async () => {
    const [ada, grace] = [await newPerson(), await newPerson()];
    const { data: second } = await users.call(null, login, { input: { email: ada.email, password } });
    const { data } = await users.call(ada, 'mutation { logoutEverywhere { sessionIds } }');
    expect(data.logoutEverywhere.sessionIds.sort()).toEqual([ada.sessionId, second.login.session.id].sort());
    for (const token of [ada.refreshToken, second.login.refreshToken])
      expect(reasonOf(await refresh(token))).toEqual(refused('REVOKED'));
    expect((await refresh(grace.refreshToken)).status).toBe(200);
    const { data: left } = await users.call(ada, list);
    expect(left.sessions.nodes).toEqual([]);
  });

  it('revokes one of the viewer, once', async () => {
    const ada = await newPerson();
    const { data } = await users.call(null, login, { input: { email: ada.email, password } });
    const { id } = data.login.session;
    for (let time = 0; time < 2; time += 1) {
      const { data: revoked } = await users.call(ada, revoke, { input: { id } });
      expect(revoked.revokeSession.session).toEqual({ id, current: false });
    }
    expect(await users.events(id)).toMatchObject([{ actor_id: ada.userId, data: { reason: 'REVOKED' } }]);
    expect((await refresh(ada.refreshToken)).status).toBe(200);
  });

  it("does not tell somebody else's session from none", async () => {
    const [ada, mallory] = [await newPerson(), await newPerson()];
    for (const id of [ada.sessionId, newId()]) expect(await users.refused(mallory, revoke, { id })).toBe('NOT_FOUND');
    expect(await users.refused(mallory, revoke, { id: 'x' })).toBe('BAD_USER_INPUT input.id');
    expect((await refresh(ada.refreshToken)).status).toBe(200);
  });

  it('needs somebody who is signed in', async () => {
    for (const query of [
      '{ sessions { nodes { id } } }',
      'mutation { logout { sessionId } }',
      'mutation { logoutEverywhere { sessionIds } }',
      `mutation { revokeSession(input: { id: "${newId()}" }) { session { id } } }`,
    ]) {
      const { errors } = await users.call(null, query);
      expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    }
  });
});
