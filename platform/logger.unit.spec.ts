import { describe, expect, it } from '@jest/globals';
import { context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { createLogger } from './logger.ts';

function logging(level = 'info') {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { log: createLogger({ service: 'tasks', level, destination }), lines };
}

describe('createLogger', () => {
  it('writes the service, a level in words and a readable time', () => {
    const { log, lines } = logging();
    log.info({ tasks: 3 }, 'done');
    expect(lines).toEqual([
      { level: 'info', time: expect.stringMatching(/^\d{4}-.*Z$/), service: 'tasks', tasks: 3, msg: 'done' },
    ]);
  });

  it('replaces secrets at any depth, in bindings and in errors', () => {
    const { log, lines } = logging();
    const error = Object.assign(new Error('failed'), { request: { headers: { Authorization: 'Bearer s3cret' } } });
    log
      .child({ token: 's3cret' })
      .error({ err: error, input: { password: 's3cret', user: [{ name: 'Ada', refreshToken: 's3cret' }] } }, 'no');
    log.info({ headers: { cookie: 's3cret', 'set-cookie': ['s3cret'] }, accessToken: 's3cret', TOKEN: 's3cret' });
    expect(JSON.stringify(lines)).not.toContain('s3cret');
    expect(lines[0]).toMatchObject({
      token: '[redacted]',
      err: { message: 'failed' },
      input: { password: '[redacted]', user: [{ name: 'Ada', refreshToken: '[redacted]' }] },
    });
  });

  it('keeps the command of a failed call out, however the error is passed', () => {
    const { log, lines } = logging('trace');
    const failed = () => Object.assign(new Error('WRONGPASS'), { command: { name: 'auth', args: ['s3cret'] } });
    log.trace(failed(), 'refused');
    log.child({ err: failed() }).info({ error: failed(), work: { reasons: [failed()] } }, 'refused');
    log.info({ err: new AggregateError([failed()], 'all refused') });
    log.info({ err: Object.assign(new Error('gave up'), { previous: failed() }) });
    expect(JSON.stringify(lines)).not.toContain('s3cret');
    expect(lines[0]).toMatchObject({ err: { type: 'Error', message: 'WRONGPASS', stack: expect.any(String) } });
    expect(lines[1]).toMatchObject({ error: { message: 'WRONGPASS' }, work: { reasons: [{ message: 'WRONGPASS' }] } });
  });

  it('leaves the login out of every URL: in fields, in messages, in errors', () => {
    const { log, lines } = logging();
    const url = 'redis://ada:s3c%40ret@127.0.0.1:6379/0';
    log.info({ url, urls: [url] }, `connecting to ${url}, then nats://s3c%40ret@127.0.0.1:4222`);
    log.error({ err: new Error(`no answer from ${url}`) });
    expect(JSON.stringify(lines)).not.toContain('s3c');
    const plain = 'redis://127.0.0.1:6379/0';
    expect(lines[0]).toMatchObject({
      url: plain,
      urls: [plain],
      msg: `connecting to ${plain}, then nats://127.0.0.1:4222`,
    });
    log.info({ page: 'https://example.com/people?email=ada@example.com', mail: 'ada@example.com' });
    expect(lines[2]).toMatchObject({
      page: 'https://example.com/people?email=ada@example.com',
      mail: 'ada@example.com',
    });
  });

  it('leaves the logged object alone', () => {
    const { log } = logging();
    const input = { password: 's3cret' };
    log.info({ input });
    expect(input.password).toBe('s3cret');
  });

  it('survives a circular object', () => {
    const { log, lines } = logging();
    const loop: Record<string, unknown> = { name: 'loop' };
    loop.self = loop;
    log.info({ loop }, 'round');
    expect(lines[0]).toMatchObject({ msg: 'round', loop: { name: 'loop', self: '[circular]' } });
  });

  it('has the trace id in every line of a trace, and in no other', () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const { log, lines } = logging();
    const span = trace.wrapSpanContext({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 });
    context.with(trace.setSpan(context.active(), span), () => log.info('inside'));
    log.info('outside');
    expect(lines[0]).toMatchObject({ trace_id: 'a'.repeat(32) });
    expect(lines[1]).not.toHaveProperty('trace_id');
  });

  it('has the span id only where spans are recorded', () => {
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const { log, lines } = logging();
    const recorded = trace.wrapSpanContext({ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 });
    const unrecorded = trace.wrapSpanContext(recorded.spanContext());
    recorded.isRecording = () => true;
    for (const span of [recorded, unrecorded]) {
      context.with(trace.setSpan(context.active(), span), () => log.info('inside'));
    }
    expect(lines[0]).toMatchObject({ span_id: 'b'.repeat(16) });
    expect(lines[1]).not.toHaveProperty('span_id');
  });
});
