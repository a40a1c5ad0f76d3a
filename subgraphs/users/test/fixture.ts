import { expect, jest } from '@jest/globals';
import { z } from 'zod';
import { parseEnv } from '#platform/env.ts';
import { parseCallKeys } from '#platform/identity/callKeys.ts';
import { createGuardedClient } from '#platform/identity/guardedCall.ts';
import { signCall } from '#platform/identity/signCall.ts';
import type { Viewer } from '#platform/identity/viewer.ts';
import { createLogger } from '#platform/logger.ts';
import type { Scope } from '#platform/service/scope.ts';
import { callSubgraph, startTestNats, startTestRedis, testDatabase } from '#platform/testing/index.ts';
import { usersEnvSchema } from '../src/env.ts';
import { startUsers } from '../src/startUsers.ts';

// Servers are started in beforeAll, and the machine may be busy.
jest.setTimeout(30_000);

/** Somebody who calls: signed in, or nobody. */
export type Person = Viewer | null;

const register =
  'mutation ($input: RegisterInput!) { register(input: $input) { user { id } session { id } accessToken refreshToken } }';
const createWorkspace =
  'mutation ($input: CreateWorkspaceInput!) { createWorkspace(input: $input) { workspace { id } } }';
const addMember = 'mutation ($input: AddMemberInput!) { addMember(input: $input) { member { role } } }';

export const password = 'correct horse battery';

/**
 * The users subgraph in this process, on a database and a NATS of its own, and what a test does with it. `databaseUrl`: on the
 * database of another fixture.
 */
export async function startFixture(
  scope: Scope,
  { databaseUrl, env: more }: { databaseUrl?: string; env?: Record<string, string> } = {},
) {
  const [database, nats, redis] = await Promise.all([testDatabase('users'), startTestNats(), startTestRedis()]);
  scope.defer('test servers', async () => {
    await Promise.all([database.drop(), nats.remove(), redis.remove()]);
  });
  const env = parseEnv(usersEnvSchema, {
    NODE_ENV: 'test',
    PORT: '0',
    DATABASE_URL: databaseUrl ?? database.url,
    NATS_URL: nats.url,
    REDIS_URL: redis.url,
    ...more,
  });
  const { url } = await startUsers(env, scope, createLogger({ service: 'users', level: 'error' }));
  const { pool } = database;

  const call = (viewer: Person, query: string, variables?: Record<string, unknown>) =>
    callSubgraph({ url, callee: 'users', viewer, query, variables: variables ?? {} });
  const must = async (viewer: Person, query: string, input: Record<string, unknown>) => {
    const { data, errors } = await call(viewer, query, { input });
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };

  return {
    url,
    databaseUrl: database.url,
    pool,
    nats,
    redis,
    call,
    /**
     * Asserts that a mutation is refused and that nothing was written. Answers the code, with the wrong fields after it.
     */
    async refused(viewer: Person, mutation: string, input: Record<string, unknown>): Promise<string> {
      const before = await this.written();
      const { data, errors } = await call(viewer, mutation, { input });
      expect(data ?? null).toBeNull();
      expect(await this.written()).toEqual(before);
      const { code = 'ok', fields } = (errors?.[0]?.extensions ?? {}) as {
        code?: string;
        fields?: { path: string[] }[];
      };
      return [code, ...new Set(fields?.map(({ path }) => path.join('.')))].join(' ');
    },
    /** Registers somebody; `<name>@example.com` unless given. */
    async person(name: string, email = `${name.toLowerCase()}@example.com`) {
      const { register: session } = await must(null, register, { email, password, name });
      return {
        userId: session.user.id as string,
        sessionId: session.session.id as string,
        email,
        name,
        accessToken: session.accessToken as string,
        refreshToken: session.refreshToken as string,
      };
    },
    /** As whoever follows the link in the e-mail. */
    async verify(email: string) {
      await pool.query('update "user" set email_verified_at = coalesce(email_verified_at, now()) where email = $1', [
        email,
      ]);
    },
    /** Posts to a route under /auth, as the gateway passes it on. */
    async auth(path: string, body: object, client: { cookie?: string; userAgent?: string; address?: string } = {}) {
      const text = JSON.stringify(body);
      const call = {
        caller: 'gateway',
        callee: 'users',
        path: `/auth/${path}`,
        viewer: null,
        body: text,
        mutation: true,
      };
      const { cookie, userAgent, address: clientAddress = null } = client;
      const keys = parseCallKeys(undefined, false);
      const response = await fetch(`${url}/auth/${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(cookie && { cookie }),
          ...signCall({ keys, ...call, clientAddress, userAgent }),
        },
        body: text,
      });
      // biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
      const answer = (await response.json()) as any;
      return { status: response.status, answer, setCookie: response.headers.getSetCookie() };
    },
    /** The letters that are due, the latest first: what each says as it is about to leave, or null. */
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what it asked for
    async letters(kind: string): Promise<any[]> {
      const { rows } = await pool.query(
        `select data->'letter' as letter from backbone.event where type = 'users.letter.due.v1'
         and data->'letter'->>'kind' = $1 order by id desc`,
        [kind],
      );
      const keys = parseCallKeys(undefined, false);
      const client = createGuardedClient({ url, caller: 'notifications', callee: 'users', keys });
      try {
        const answers = rows.map(({ letter }) =>
          client.call('/internal/letter', letter, z.object({ letter: z.any() })),
        );
        return (await Promise.all(answers)).map(({ letter }) => letter);
      } finally {
        await client.close();
      }
    },
    /** A workspace of the owner's, with these members. */
    async workspace(owner: Person, members: { email: string; role: string }[] = []) {
      const { createWorkspace: made } = await must(owner, createWorkspace, { name: 'Acme' });
      const workspaceId = made.workspace.id as string;
      for (const { email, role } of members) {
        await this.verify(email);
        await must(owner, addMember, { workspaceId, email, role });
      }
      return workspaceId;
    },
    /** Everything that a mutation could have written. */
    async written(): Promise<Record<string, number>> {
      const { rows } = await pool.query(`select (select count(*) from "user")::int as users,
        (select count(*) from workspace)::int as workspaces, (select count(*) from membership)::int as memberships,
        (select count(*) from session)::int as sessions,
        (select count(*) from audit_entry)::int as audit, (select count(*) from ended_membership)::int as ended,
        (select count(*) from invitation)::int as invitations,
        (select count(*) from backbone.event)::int as events, (select count(*) from backbone.client_id)::int as ids`);
      return rows[0];
    },
    /** The events of an aggregate, the oldest first. */
    async events(id: string) {
      const { rows } = await pool.query(
        'select type, version, actor_id, data from backbone.event where aggregate_id = $1 order by version',
        [id],
      );
      return rows;
    },
  };
}

export type Fixture = Awaited<ReturnType<typeof startFixture>>;
