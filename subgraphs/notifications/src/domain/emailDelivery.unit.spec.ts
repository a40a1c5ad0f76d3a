import { describe, expect, it } from '@jest/globals';
import { afterFailure, loggable, MOST_ATTEMPTS, whyNotToSend } from './emailDelivery.ts';

const smtpError = (code: string, responseCode?: number) => Object.assign(new Error('No'), { code, responseCode });

describe('afterFailure', () => {
  it('pauses twice as long each time', () => {
    const pauses = [1, 2, 3, MOST_ATTEMPTS - 1].map((attempts) => afterFailure(new Error('Away'), attempts));
    expect(pauses).toEqual([2, 4, 8, 4_096].map((s) => ({ state: 'DUE', reason: 'Away', pauseMs: s * 1_000 })));
  });

  it('gives up after the last attempt', () => {
    expect(afterFailure(new Error('Away'), MOST_ATTEMPTS)).toEqual({ state: 'FAILED', reason: 'Away' });
  });

  it.each([
    ['an unknown mailbox', smtpError('EENVELOPE', 550), 'FAILED'],
    ['a refused message', smtpError('EMESSAGE', 554), 'FAILED'],
    ['a mailbox that is full for now', smtpError('EENVELOPE', 452), 'DUE'],
    ['a wrong login, which an operator can put right', smtpError('EAUTH', 535), 'DUE'],
    ['a server that is away', smtpError('ECONNECTION'), 'DUE'],
  ])('after %s', (_name, error, state) => expect(afterFailure(error, 1).state).toBe(state));

  it('keeps a reason that fits the column', () => {
    const { reason } = afterFailure(new Error(`a\0${'😀'.repeat(600)}`), 1) as { reason: string };
    expect([...reason]).toHaveLength(500);
    expect(reason).not.toContain('\0');
  });
});

describe('loggable', () => {
  it('is the codes of the mail server, without the text that quotes the address', () => {
    const error = Object.assign(smtpError('EENVELOPE', 550), { response: '550 <ada@example.com>: unknown' });
    expect(loggable(error)).toEqual(new Error('The e-mail was not taken: EENVELOPE 550'));
    expect(loggable(error)).toMatchObject({ code: 'EENVELOPE', responseCode: 550 });
    expect(loggable(error)).not.toHaveProperty('response');
  });

  it('is the error itself when it is a fault of ours', () => {
    const error = new TypeError('x is not a function');
    expect(loggable(error)).toBe(error);
  });
});

describe('whyNotToSend', () => {
  const wanted = { readAt: null, isMember: true, address: 'ada@example.com' };
  it.each([
    [wanted, null],
    [{ ...wanted, readAt: new Date() }, 'Read meanwhile.'],
    [{ ...wanted, isMember: false }, 'The recipient is no longer a member of the workspace.'],
    [{ ...wanted, address: null }, 'The recipient has no address any more.'],
  ])('%j', (now, reason) => expect(whyNotToSend(now)).toBe(reason));
});
