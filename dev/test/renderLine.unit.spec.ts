import { expect, it } from '@jest/globals';
import { createLineRenderer } from '../renderLine.ts';

const render = createLineRenderer(['users', 'notifications'], false);

it('shows a line of a service with its prefix, its clock, and what it carries', () => {
  const time = new Date(2026, 10, 20, 12, 0, 1).toISOString();
  const line = {
    level: 'info',
    time,
    service: 'users',
    trace_id: 'abc',
    span_id: 'def',
    msg: 'signed in',
    ms: 3,
    who: 'Ada L',
  };
  expect(render('users', JSON.stringify(line))).toBe(
    'users         │ 12:00:01 info signed in ms=3 who="Ada L" trace_id=abc',
  );
});

it('puts the stack of an error below', () => {
  const line = { level: 'error', time: '2026-11-20T12:00:01.000Z', msg: 'no', err: { stack: 'Error: no\n    at x' } };
  const [, second, third] = render('notifications', JSON.stringify(line)).split('\n');
  expect(second).toBe('notifications │   Error: no');
  expect(third).toBe('notifications │       at x');
});

it.each(['plain words', '{"half":', '42', 'null', '{"no":"level"}'])('leaves %s as it is', (line) => {
  expect(render('users', line)).toBe(`users         │ ${line}`);
});

it('colours the prefix when asked to', () => {
  expect(createLineRenderer(['users'], true)('users', 'x')).toContain('\u001b[');
});
