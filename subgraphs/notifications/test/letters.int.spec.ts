import { beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { LetterDue } from '#events/users.ts';
import { newId } from '#platform/ids.ts';
import { testScope, waitFor } from '#platform/testing/index.ts';
import { type Fixture, startFixture } from './fixture.ts';

const scope = testScope();
let notifications: Fixture;

beforeAll(async () => {
  notifications = await startFixture(scope);
}, 30_000);

/** A letter that users has announced, to somebody who has no account. */
async function announce({ wanted = true } = {}) {
  const [id, subjectId] = [newId(), newId()];
  const to = { userId: id, sessionId: '', name: '', email: `${id}@example.com` };
  if (wanted) {
    notifications.letters.set(subjectId, {
      to: { name: '', address: to.email },
      subject: 'You are invited to <Acme>\r\nBcc: all@example.com',
      lines: ['Ada & Grace <b>invite</b> you.', 'It holds for a week.'],
      link: { label: 'See the invitation', path: 'invitation#abc' },
    });
  }
  const data = { letter: { kind: 'INVITATION', subjectId, issue: 1 } };
  const event = await notifications.publisher.publish(LetterDue, { aggregateId: id, version: 1, actorId: null, data });
  return { id, to, event };
}

const rowOf = async (id: string) =>
  (await notifications.pool.query('select * from letter where id = $1', [id])).rows[0];
const state = (id: string, wanted: string) =>
  waitFor(
    async () => {
      const row = await rowOf(id);
      return row?.state === wanted ? row : null;
    },
    { timeoutMs: 20_000 },
  );

describe('a letter', () => {
  it('goes to whom users says, as users says, once', async () => {
    const { id, to, event } = await announce();
    await state(id, 'SENT');
    const [mail, ...others] = notifications.mailsTo(to);
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      ...{ messageId: `<${id}@taskgraph.example>`, subject: 'You are invited to <Acme> Bcc: all@example.com' },
    });
    expect(mail?.bcc).toBeUndefined();
    expect(mail?.text).toContain('See the invitation: http://localhost:4000/invitation#abc');
    expect(mail?.html).toContain('<p>Ada &amp; Grace &lt;b&gt;invite&lt;/b&gt; you.</p>');
    await notifications.publisher.again(event);
    const { id: later, to: next } = await announce();
    await state(later, 'SENT');
    expect(notifications.mailsTo(next)).toHaveLength(1);
    expect(notifications.mailsTo(to)).toHaveLength(1);
    // Nothing of it is kept but that it was sent.
    expect(JSON.stringify(await rowOf(id))).not.toContain('example.com');
  });

  it('is not sent when it is not wanted any more', async () => {
    const { id, to } = await announce({ wanted: false });
    expect(await state(id, 'SKIPPED')).toMatchObject({ last_error: 'Not wanted any more.' });
    expect(notifications.mailsTo(to)).toEqual([]);
  });

  it('waits while users is away, which costs it no attempt', async () => {
    await notifications.users.stop();
    const { id, to } = await announce();
    await waitFor(() => notifications.lines.some((line) => line.includes('A job failed') && line.includes(id)));
    expect(await rowOf(id)).toMatchObject({ state: 'DUE', attempts: 0 });
    await notifications.users.start();
    expect(await state(id, 'SENT')).toMatchObject({ attempts: 1 });
    expect(notifications.mailsTo(to)).toHaveLength(1);
  }, 30_000);

  it('is sent although Redis lost its job', async () => {
    await notifications.smtp.stop();
    const { id, to } = await announce();
    await waitFor(async () => (await rowOf(id))?.last_error);
    const redis = new Redis(notifications.redis.url);
    await redis.flushall();
    redis.disconnect();
    await notifications.smtp.start();
    await state(id, 'SENT');
    expect(notifications.mailsTo(to)).toHaveLength(1);
  }, 30_000);
});
