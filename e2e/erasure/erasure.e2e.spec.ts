import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createScope } from '#platform/service/scope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { startSmtp } from '../../subgraphs/notifications/test/smtpServer.ts';
import { ask, createTask, listen, password, startTeam } from '../person.ts';
import { startTestSystem, type TestSystem } from '../testSystem.ts';
import { findEverywhere } from './findEverywhere.ts';

jest.setTimeout(240_000);

const patience = { timeoutMs: 60_000 };
const scope = createScope();

/** Values that nothing else has: names, address, picture, program, tokens; locale, time zone; network address. */
const traces = /zyx|tlh-AQ|Antarctica\/Troll|203\.0\.113\.77/i;
const email = 'zyx.quokka@unmistakable.example';
const client = { 'x-forwarded-for': '203.0.113.77', 'user-agent': 'ZyxBrowser/9.9 (Zyx)' };

let system: TestSystem;
let team: Awaited<ReturnType<typeof startTeam>>;
let smtp: Awaited<ReturnType<typeof startSmtp>>;
beforeAll(async () => {
  smtp = await startSmtp(scope);
  system = await startTestSystem({
    env: {
      gateway: { TRUSTED_PROXIES: '127.0.0.1/32,::1/128' },
      notifications: { SMTP_URL: smtp.url, EMAIL_SWEEP_SECONDS: '1' },
    },
  });
  team = await startTeam(system);
});
afterAll(async () => {
  await system?.remove();
  await scope.close();
});

const input = (name: string, selection: string) =>
  `mutation ($input: ${name[0]?.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { ${selection} } }`;

/** Somebody who leaves traces wherever one can. */
async function startZyx() {
  const { data } = await ask(
    system,
    input('register', 'accessToken refreshToken user { id }'),
    { input: { email, name: 'Zyx Quokka', password } },
    client,
  );
  const headers = { ...client, authorization: `Bearer ${data.register.accessToken}` };
  const answer = (query: string, variables: Record<string, unknown> = {}) => ask(system, query, variables, headers);
  return {
    id: data.register.user.id as string,
    refreshToken: data.register.refreshToken as string,
    answer,
    async must(query: string, variables: Record<string, unknown> = {}) {
      const { data: done, errors } = await answer(query, variables);
      if (errors) throw new Error(JSON.stringify(errors));
      return done;
    },
    listen: (query: string) => listen(system, { authorization: headers.authorization }, query),
  };
}
const mailTo = (address: string, what: RegExp) =>
  waitFor(
    () =>
      smtp.mails.find(
        ({ to, text }) =>
          [to].flat().some((list) => list?.value.some((one) => one.address === address)) && what.test(text ?? ''),
      ),
    patience,
  );

describe('an erased person', () => {
  it('is found nowhere, and what they wrote stays', async () => {
    const { ada, grace, workspaceId, projectId } = team;
    const zyx = await startZyx();
    const own = zyx.listen('subscription { notificationReceived { notification { title } } }');
    const verification = await mailTo(email, /verify-email#/);
    await zyx.must(input('verifyEmail', 'email'), {
      input: { token: /verify-email#([\w-]+)/.exec(verification.text ?? '')?.[1] },
    });

    // Profile, logins, tokens, letters.
    const profile = { name: 'Zyx Wombat', locale: 'tlh-AQ', timeZone: 'Antarctica/Troll' };
    await zyx.must(input('updateProfile', 'user { id }'), {
      input: { ...profile, avatarUrl: 'https://example.com/zyx.png' },
    });
    for (const tried of ['not it at all', password])
      await ask(system, input('login', 'accessToken'), { input: { email, password: tried } }, client);
    await zyx.must(input('createPersonalToken', 'token'), { input: { name: 'Zyx CI', scope: 'READ' } });
    await ask(system, input('requestPasswordReset', 'email'), { input: { email } }, client);
    await mailTo(email, /reset-password#/);
    await fetch(new URL('/auth/refresh', system.urls.graphql), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...client },
      body: JSON.stringify({ refreshToken: zyx.refreshToken }),
    });

    // Workspaces: one of their own, one that they were invited to, one whose invitation waits.
    const { createWorkspace: alone } = await zyx.must(input('createWorkspace', 'workspace { id }'), {
      input: { name: 'Desk of Zyx' },
    });
    await ada.ask(input('inviteMember', 'invitation { id }'), { input: { workspaceId, email } });
    const letter = await mailTo(email, /invitation#/);
    const token = /invitation#([\w-]+)/.exec(letter.text ?? '')?.[1];
    await zyx.must(input('acceptInvitation', 'workspace { id }'), { input: { token } });
    const { createWorkspace: waiting } = await ada.ask(
      'mutation { createWorkspace(input: { name: "Waiting" }) { workspace { id } } }',
    );
    await ada.ask(input('inviteMember', 'invitation { id }'), { input: { workspaceId: waiting.workspace.id, email } });
    await ada.ask(input('changeMemberRole', 'member { role }'), {
      input: { workspaceId, userId: zyx.id, role: 'ADMIN' },
    });
    await zyx.must(input('inviteMember', 'invitation { id }'), { input: { workspaceId, email: 'new@example.com' } });

    // Work, and what others are told of it.
    const { createTask: made } = await zyx.must(input('createTask', 'task { id key }'), {
      input: { projectId, title: 'Written to stay', assigneeId: grace.id },
    });
    const task = made.task as { id: string; key: string };
    await zyx.must(input('addComment', 'comment { id }'), { input: { taskId: task.id, body: 'Said to stay' } });
    const refused = smtp.refused.set(email, 550);
    const assigned = await createTask(ada, { projectId, title: 'For the deleted', assigneeId: zyx.id });
    await mailTo(grace.email, new RegExp(`assigned ${task.key}`));
    await waitFor(() => own.events.length === 1, patience);
    await waitFor(
      async () => (await system.sql('notifications', `select from email_delivery where state = 'FAILED'`)).length === 1,
      patience,
    );
    refused.clear();

    // What could not be handled, by those who keep no names otherwise.
    const created = { subject: alone.workspace.id, type: 'users.workspace.created.v1', aggregateversion: 1 };
    for (const subgraph of ['tasks', 'comments'] as const)
      await system.sql(
        subgraph,
        `insert into backbone.dead_letter values ($1, gen_random_uuid(), $2, 'because', 5, now(), now())`,
        [
          `${subgraph}-on-workspace-changed`,
          { ...created, data: { workspace: { id: alone.workspace.id, name: 'Desk of Zyx' } } },
        ],
      );

    // There is enough to be erased.
    const places = new Set(
      (await findEverywhere(system, traces)).map(({ place }) => place.replace(/_\d{4}_\d\d$/, '')),
    );
    expect([...places].sort()).toEqual([
      'comments backbone.dead_letter',
      'notifications public.notification',
      'notifications public.person',
      'stream users',
      'tasks backbone.dead_letter',
      'users backbone.event',
      'users public.account_link',
      'users public.audit_entry',
      'users public.invitation',
      'users public.personal_token',
      'users public.session',
      'users public.user',
      'users public.workspace',
    ]);

    // One subgraph is away, and hears of it later.
    await system.stopService('notifications');
    const erased = await zyx.must(input('deleteAccount', 'userId'), { input: { password } });
    expect(erased).toEqual({ deleteAccount: { userId: zyx.id } });
    const gone = performance.now();
    await waitFor(
      async () => (await zyx.answer('{ me { id } }')).errors?.[0]?.extensions.code === 'UNAUTHENTICATED',
      patience,
    );
    expect(performance.now() - gone).toBeLessThan(2_000);
    await system.startService('notifications');
    await waitFor(async () => (await findEverywhere(system, traces)).length === 0, patience);

    // What others see.
    const { task: seen } = await grace.ask(
      `query ($id: ID!) { task(id: $id) { title creator { name avatarUrl email } comments { nodes { body author { name } } } } }`,
      { id: task.id },
    );
    expect(seen).toEqual({
      title: 'Written to stay',
      creator: { name: 'Deleted user', avatarUrl: null, email: null },
      comments: { nodes: [{ body: 'Said to stay', author: { name: 'Deleted user' } }] },
    });
    const { task: theirs } = await grace.ask('query ($id: ID!) { task(id: $id) { assignee { name } } }', {
      id: assigned.id,
    });
    expect(theirs).toEqual({ assignee: { name: 'Deleted user' } });
    const { notifications } = await grace.ask('{ notifications { nodes { title actor { name } } } }');
    expect(notifications.nodes).toContainEqual({
      title: `Deleted user assigned ${task.key} Written to stay to you`,
      actor: { name: 'Deleted user' },
    });
    const { workspace } = await ada.ask(
      'query ($id: ID!) { workspace(id: $id) { members { nodes { user { id } } } auditLog { nodes { action actor { id } } } } }',
      { id: workspaceId },
    );
    expect(workspace.members.nodes.map((member: { user: { id: string } }) => member.user.id)).not.toContain(zyx.id);
    expect(workspace.auditLog.nodes[0]).toEqual({ action: 'MEMBER_LEFT', actor: null });
    expect(alone.workspace.id).toEqual(expect.any(String));
    await own.stop();
  });

  it('does not come back with a projection that is built anew, or a stream that was lost', async () => {
    const consumer = 'notifications-on-user-registered';
    await system.sql('notifications', 'insert into backbone.rebuild (consumer) values ($1)', [consumer]);
    await waitFor(
      async () => (await system.sql('notifications', 'select from backbone.rebuild')).length === 0,
      patience,
    );
    expect(await findEverywhere(system, traces)).toEqual([]);
    const erased = await system.sql('notifications', `select name from person where email = ''`);
    expect(erased).toEqual([{ name: 'Deleted user' }]);

    const { nats } = system.servers;
    if (!nats) throw new Error('This needs a NATS of its own');
    await nats.kill();
    rmSync(join(system.dataDir, 'nats'), { recursive: true });
    await nats.start();
    const published = async () =>
      (await findEverywhere(system, /users\.user\.erased/)).some(({ place }) => place === 'stream users');
    await waitFor(published, patience);
    expect(await findEverywhere(system, traces)).toEqual([]);
  });

  it('is named in no log', () => {
    expect(system.logs.filter((line) => /zyx/i.test(JSON.stringify(line)))).toEqual([]);
  });
});
