import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { EventContract } from '#platform/outbox/event.ts';
import { defineProjection } from '#platform/projection/defineProjection.ts';
import { checkConsumers } from '../checkConsumers.ts';
import { type Consumer, factConsumer, sourceOf, stateConsumer, statementConsumer } from '../defineConsumer.ts';

const event = (name: string, more: Partial<EventContract> = {}): EventContract<{ title: string }> => ({
  publisher: 'tasks',
  aggregate: 'task',
  name,
  version: 1,
  type: `tasks.task.${name}.v1`,
  data: z.object({ title: z.string() }),
  ...(more as object),
});
type Row = { id: string; title: string; version: number };
const titles = (table = 'title') =>
  defineProjection<Row>({ table, columns: { id: 'id', title: 'title' }, key: ['id'] });

const fact = factConsumer({ name: 'test-on-created', events: [event('created')], handle: async () => {} });
const statement = statementConsumer({
  name: 'test-on-told',
  events: [event('created')],
  effect: () => ({ name: 'tell', text: 'select 1', values: [] }),
});
const state = stateConsumer({
  name: 'test-on-changed',
  events: [event('created'), event('updated')],
  projection: titles(),
  row: ({ aggregateId, data }) => ({ id: aggregateId, title: data.title }),
});
const check =
  (...consumers: unknown[]) =>
  () =>
    checkConsumers(consumers as Consumer<never, never>[]);

describe('consumers', () => {
  it('of both kinds pass, with and without what follows the commit', () => {
    const more = { prepare: async () => 1, afterCommit: async () => {} };
    expect(check(fact, state, { ...fact, name: 'test-on-more', ...more })).not.toThrow();
    expect(check(statement, { ...statement, name: 'test-on-more', gathers: true, ...more })).not.toThrow();
  });

  it.each([
    ['a fact consumer that keeps a projection', { ...fact, projection: titles() }, /a fact consumer has no projection/],
    ['a fact consumer with a row', { ...fact, row: () => ({}) }, /a fact consumer has no row/],
    ['a state consumer that handles', { ...state, handle: async () => {} }, /a state consumer has no handle/],
    ['a state consumer with its own upsert', { ...state, apply: async () => {} }, /a state consumer has no apply/],
    [
      'a state consumer that follows up',
      { ...state, afterCommit: async () => {} },
      /state consumer has no afterCommit/,
    ],
    [
      'a fact consumer run as a state consumer',
      { ...fact, kind: 'state' },
      /a state consumer needs projection and row/,
    ],
    ['a state consumer run as a fact consumer', { ...state, kind: 'fact' }, /a fact consumer needs handle/],
    ['an effect beside a handler', { ...statement, handle: async () => {} }, /a fact consumer has no handle/],
    ['a handler beside an effect', { ...fact, effect: () => null }, /a fact consumer has no handle/],
    ['a handler that gathers', { ...fact, gathers: true }, /a fact consumer has no gathers/],
    ['a state consumer with an effect', { ...state, effect: () => null }, /a state consumer has no effect/],
    ['a state consumer that gathers', { ...state, gathers: true }, /a state consumer has no gathers/],
    [
      'a state consumer that looks something up',
      { ...state, prepare: async () => 1 },
      /a state consumer has no prepare/,
    ],
    ['an effect with a projection', { ...statement, projection: titles() }, /a fact consumer has no projection/],
    ['an effect run as a state consumer', { ...statement, kind: 'state' }, /a state consumer needs projection and row/],
    ['no kind', { ...fact, kind: undefined }, /of no kind that there is: undefined/],
    ['another kind', { ...fact, kind: 'both' }, /of no kind that there is: both/],
    ['a name that is no subject', { ...fact, name: 'test.on.created' }, /small letters, digits and dashes/],
    ['a name with spaces', { ...fact, name: 'test on' }, /small letters, digits and dashes/],
    ['no events', { ...fact, events: [] }, /exactly one publisher/],
    ['two aggregates', { ...fact, events: [event('a'), event('b', { aggregate: 'other' })] }, /one aggregate/],
    ['two publishers', { ...fact, events: [event('a'), event('b', { publisher: 'users' })] }, /one publisher/],
  ])('%s are refused', (_what, consumer, reason) => {
    expect(check(consumer)).toThrow(reason);
  });

  it('have a name of their own, and a projection of their own', () => {
    expect(check(fact, { ...fact })).toThrow(/two of that name/);
    expect(check(state, { ...state, name: 'test-other' })).toThrow(/its projection title is kept by test-on-changed/);
  });
});

it('the types know which kind has which parts', () => {
  // @ts-expect-error a state consumer has nothing that follows the commit
  stateConsumer({ ...state, afterCommit: async () => {} });
  // @ts-expect-error the row lacks a column
  stateConsumer({ name: 'test-a', events: [event('created')], projection: titles(), row: () => ({ id: '' }) });
  // @ts-expect-error the version is the event's, not the row's
  stateConsumer({ ...state, row: () => ({ id: '', title: '', version: 1 }) as { id: string; version: number } });
  // @ts-expect-error a projection has a column for each field
  defineProjection<Row>({ table: 'title', columns: { id: 'id' }, key: ['id'] });
  // @ts-expect-error an effect takes the place of a handler
  statementConsumer({ ...statement, handle: async () => {} });
  // @ts-expect-error only effects gather
  factConsumer({ ...fact, gathers: true });
  // @ts-expect-error a state consumer's effect is its projection
  stateConsumer({ ...state, effect: () => null });
  // @ts-expect-error a fact consumer has no projection
  factConsumer({ ...fact, projection: titles() });
});

describe('the source of a consumer', () => {
  it('is one subject for one event, and one that covers several', () => {
    expect(sourceOf(fact)).toEqual({
      stream: 'tasks',
      aggregate: 'task',
      subjects: ['tasks.task.*.created'],
      cover: 'tasks.task.*.*',
    });
    expect(sourceOf(state).subjects).toEqual(['tasks.task.*.created', 'tasks.task.*.updated']);
  });

  it('is the same for two versions of one event', () => {
    const versions = [event('created'), event('created', { version: 2, type: 'tasks.task.created.v2' })];
    expect(sourceOf({ name: 'test-a', events: versions }).subjects).toEqual(['tasks.task.*.created']);
  });
});
