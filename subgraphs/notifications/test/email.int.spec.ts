import { beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { testScope, waitFor } from '#platform/testing/index.ts';
import { type Account, type Fixture, startFixture } from './fixture.ts';

const scope = testScope();
let notifications: Fixture;

beforeAll(async () => {
  notifications = await startFixture(scope);
}, 30_000);

const state = (account: Account, wanted: string) =>
  waitFor(
    async () => {
      const [row] = await notifications.feedOf(account);
      return row?.state === wanted ? row : null;
    },
    { timeoutMs: 20_000 },
  );

async function loseJobs(): Promise<void> {
  const redis = new Redis(notifications.redis.url);
  await redis.flushall();
  redis.disconnect();
}

describe('the e-mail of a notification', () => {
  it('goes to the recipient: text and HTML, escaped, with a Message-ID out of the notification', async () => {
    const [ada, grace] = [notifications.account('Ada <b>'), notifications.account('Grace')];
    await notifications.assign(ada, grace, { title: 'Escape <script>alert("&")</script>\r\nBcc: all@example.com' });
    const { id, sent_at } = await state(grace, 'SENT');
    expect(sent_at).toBeInstanceOf(Date);
    const [mail, ...others] = notifications.mailsTo(grace);
    expect(others).toEqual([]);
    const title = 'Ada <b> assigned WEB-42 Escape <script>alert("&")</script> Bcc: all@example.com to you';
    expect(mail).toMatchObject({
      messageId: `<${id}@taskgraph.example>`,
      subject: title,
      from: { text: '"Taskgraph" <notifications@taskgraph.example>' },
    });
    expect(mail?.bcc).toBeUndefined();
    expect(mail?.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail?.text).toContain(title);
    expect(mail?.text).toContain('http://localhost:4000/');
    expect(mail?.html).toContain('Escape &lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt; Bcc');
    expect(mail?.html).not.toContain('<script>');
  });

  it('is not sent when the notification was read meanwhile, or the recipient is no member any more', async () => {
    const [ada, read, gone] = ['Ada', 'Read', 'Gone'].map((name) => notifications.account(name)) as Account[];
    if (!ada || !read || !gone) throw new Error('three people');
    await notifications.smtp.stop();
    for (const recipient of [read, gone]) {
      await notifications.assign(ada, recipient);
      await waitFor(async () => (await notifications.feedOf(recipient))[0]?.last_error);
    }
    const [{ id }] = (await notifications.feedOf(read)) as [{ id: string }];
    const mark =
      'mutation ($i: MarkNotificationReadInput!) { markNotificationRead(input: $i) { notification { id } } }';
    await notifications.call(read, mark, { i: { id } });
    await notifications.pool.query('update membership set role = null, version = 9 where user_id = $1', [gone.userId]);
    await notifications.smtp.start();
    expect(await state(read, 'SKIPPED')).toMatchObject({ last_error: 'Read meanwhile.' });
    expect(await state(gone, 'SKIPPED')).toMatchObject({
      last_error: 'The recipient is no longer a member of the workspace.',
    });
    expect([...notifications.mailsTo(read), ...notifications.mailsTo(gone)]).toEqual([]);
  }, 30_000);

  it('is tried again after the server was away, under the same Message-ID', async () => {
    const [ada, grace] = [notifications.account('Ada'), notifications.account('Grace')];
    await notifications.smtp.stop();
    await notifications.assign(ada, grace);
    const failed = await waitFor(async () => {
      const [row] = await notifications.feedOf(grace);
      return row?.last_error ? row : null;
    });
    expect(failed).toMatchObject({ state: 'DUE', attempts: 1, last_error: expect.stringContaining('ECONNREFUSED') });
    await notifications.smtp.start();
    const sent = await state(grace, 'SENT');
    expect(sent).toMatchObject({ last_error: null });
    expect(sent.attempts).toBeGreaterThan(1);
    expect(notifications.mailsTo(grace).map(({ messageId }) => messageId)).toEqual([`<${sent.id}@taskgraph.example>`]);
  }, 30_000);

  it('is given up with its reason when the server refuses the recipient for good; the log has only the codes', async () => {
    const [ada, grace] = [notifications.account('Ada'), notifications.account('Grace')];
    notifications.smtp.refused.set(grace.email, 550);
    await notifications.assign(ada, grace);
    const row = await state(grace, 'FAILED');
    expect(row).toMatchObject({ attempts: 1, last_error: expect.stringContaining('No such mailbox') });
    expect(row.last_error).not.toContain('@');
    const line = await waitFor(() =>
      notifications.lines.find((one) => one.includes(row.id) && one.includes('Gave up')),
    );
    expect(JSON.parse(line).err).toMatchObject({ code: 'EENVELOPE', responseCode: 550 });
    expect(notifications.lines.join()).not.toContain('@example.com');
  });

  it('is tried again when the server refuses the recipient for now; the log has only the codes', async () => {
    const [ada, grace] = [notifications.account('Ada'), notifications.account('Grace')];
    notifications.smtp.refused.set(grace.email, 450);
    await notifications.assign(ada, grace);
    const { id } = await waitFor(async () => (await notifications.feedOf(grace)).find((row) => row.last_error));
    const line = await waitFor(() => notifications.lines.find((one) => one.includes(id) && one.includes('job failed')));
    expect(JSON.parse(line).err).toMatchObject({ code: 'EENVELOPE', responseCode: 450 });
    notifications.smtp.refused.delete(grace.email);
    await state(grace, 'SENT');
    expect(notifications.lines.join()).not.toContain('@example.com');
  });

  it('is sent although Redis has lost its jobs', async () => {
    const ada = notifications.account('Ada');
    const recipients = Array.from({ length: 20 }, (_, number) => notifications.account(`Person${number}`));
    await notifications.smtp.stop();
    for (const recipient of recipients) await notifications.assign(ada, recipient);
    await waitFor(
      async () => (await notifications.count(`email_delivery where last_error like '%ECONNREFUSED%'`)) >= 20,
    );
    await loseJobs();
    await notifications.smtp.start();
    await Promise.all(recipients.map((recipient) => state(recipient, 'SENT')));
    expect(recipients.map((recipient) => notifications.mailsTo(recipient).length)).toEqual(recipients.map(() => 1));
  }, 40_000);

  it('is taken over from a worker that died with its claim, and not before a minute', async () => {
    const [ada, grace, linus] = ['Ada', 'Grace', 'Linus'].map((name) => notifications.account(name)) as Account[];
    if (!ada || !grace || !linus) throw new Error('three people');
    await notifications.smtp.stop();
    for (const [recipient, seconds] of [
      [grace, 61],
      [linus, 30],
    ] as const) {
      await notifications.assign(ada, recipient);
      await waitFor(async () => (await notifications.feedOf(recipient))[0]?.last_error);
      const [{ id }] = (await notifications.feedOf(recipient)) as [{ id: string }];
      await notifications.pool.query(
        `update email_delivery set state = 'CLAIMED', claimed_at = now() - make_interval(secs => $2) where notification_id = $1`,
        [id, seconds],
      );
    }
    await loseJobs();
    await notifications.smtp.start();
    await state(grace, 'SENT');
    // Two sweeps later (nothing but a sweep sends what has no job), the younger claim is as it was.
    for (const mails of [2, 3]) {
      await notifications.pool.query(
        `update email_delivery e set state = 'DUE', due_at = now() from notification n
         where n.id = e.notification_id and n.recipient_id = $1`,
        [grace.userId],
      );
      await waitFor(() => notifications.mailsTo(grace).length === mails);
      await state(grace, 'SENT');
    }
    expect(await state(linus, 'CLAIMED')).toMatchObject({ attempts: 1 });
    expect(notifications.mailsTo(linus)).toEqual([]);
  }, 40_000);
});

describe('while Redis is away', () => {
  it('notifications are written, and their e-mails go out when it is back', async () => {
    const [ada, grace] = [notifications.account('Ada'), notifications.account('Grace')];
    await notifications.redis.stop();
    await notifications.assign(ada, grace);
    expect(await state(grace, 'DUE')).toMatchObject({ attempts: 0 });
    const ready = await fetch(`${notifications.service.url}/readyz`);
    expect([ready.status, (await ready.json()).degraded]).toEqual([200, expect.arrayContaining(['redis'])]);
    await notifications.redis.start();
    await state(grace, 'SENT');
    expect(notifications.mailsTo(grace)).toHaveLength(1);
  }, 40_000);
});

describe('without an SMTP server', () => {
  it('a line in the log stands for the e-mail: the id, and nothing of the person or the text', async () => {
    const quiet = await startFixture(scope, { smtp: false });
    const [ada, grace] = [quiet.account('Ada'), quiet.account('Grace')];
    await quiet.assign(ada, grace);
    const row = await waitFor(async () => (await quiet.feedOf(grace)).find((one) => one.state === 'SENT'));
    const line = await waitFor(() => quiet.lines.find((one) => one.includes('No e-mail sent: there is no SMTP_URL')));
    expect(line).toContain(row.id);
    expect(quiet.lines.join()).not.toMatch(/Fix the header|@example\.com/);
  }, 30_000);
});
