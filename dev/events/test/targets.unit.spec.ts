import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadSecrets } from '../../secrets.ts';
import { duration, table } from '../print.ts';
import { parseSince, streamsOf } from '../tail.ts';
import { chosenSubgraphs, findTargets } from '../targets.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'taskgraph-targets-'));
});
afterEach(() => rmSync(dataDir, { recursive: true }));

describe('the databases and NATS', () => {
  it('are those of the environment', () => {
    const env = {
      DATA_DIR: dataDir,
      DATABASE_URL_TASKS: 'postgresql://t',
      DATABASE_URL_USERS: 'postgresql://u',
      NATS_URL: 'nats://n',
    };
    const targets = findTargets(env);
    expect([...targets.databases]).toEqual([
      ['users', 'postgresql://u'],
      ['tasks', 'postgresql://t'],
    ]);
    expect(targets.nats).toBe('nats://n');
    expect(chosenSubgraphs(targets, undefined)).toEqual(['users', 'tasks']);
    expect(chosenSubgraphs(targets, 'tasks')).toEqual(['tasks']);
    expect(() => chosenSubgraphs(targets, 'comments')).toThrow('set DATABASE_URL_COMMENTS');
    expect(() => findTargets({ ...env, NATS_URL: '' })).toThrow('NATS_URL is not set');
  });

  it("are a container's own", () => {
    const env = { SERVICE: 'tasks', DATABASE_URL: 'postgresql://t', NATS_URL: 'nats://n' };
    expect([...findTargets(env).databases]).toEqual([['tasks', 'postgresql://t']]);
  });

  it('are those of the local system, by its secrets and ports', () => {
    expect(() => findTargets({ DATA_DIR: dataDir })).toThrow(/no local system .*secrets.json.*DATABASE_URL_USERS/);
    const secrets = loadSecrets(join(dataDir, 'secrets.json'));
    const targets = findTargets({ DATA_DIR: dataDir, POSTGRES_PORT: '12345', NATS_PORT: '23456' });
    expect(targets.databases.size).toBe(4);
    expect(targets.databases.get('tasks')).toBe(
      `postgres://taskgraph_tasks:${secrets.databasePasswords.tasks}@127.0.0.1:12345/taskgraph_tasks`,
    );
    expect(targets.nats).toBe('nats://127.0.0.1:23456');
    const given = findTargets({
      DATA_DIR: dataDir,
      POSTGRES_URL: 'postgres://admin@db:5432/postgres',
      NATS_URL: 'nats://n:4222',
    });
    expect(given.databases.get('users')).toContain('@db:5432/taskgraph_users');
    expect(given.nats).toBe('nats://n:4222');
  });
});

describe('what tail is told', () => {
  const streams = ['users', 'tasks'];
  it.each([
    [undefined, ['users.>', 'tasks.>']],
    ['>', ['users.>', 'tasks.>']],
    ['tasks.>', ['tasks.>']],
    ['tasks.task.*.created', ['tasks.task.*.created']],
    ['*.*.some-id.>', ['users.*.some-id.>', 'tasks.*.some-id.>']],
  ])('the subject %s lies in its streams', (subject, filters) => {
    expect(streamsOf(subject, streams).map((one) => one.filter)).toEqual(filters);
  });

  it.each(['tasks', 'nowhere.>', 'tasks..created', ''])('the subject %p is refused', (subject) => {
    expect(() => streamsOf(subject, streams)).toThrow();
  });

  it('durations', () => {
    expect(['90s', '10m', '2h', '3d'].map(parseSince)).toEqual([90_000, 600_000, 7_200_000, 259_200_000]);
    for (const text of ['10', 'm', '1.5h', '-1h', '']) expect(() => parseSince(text)).toThrow('is no duration');
  });
});

describe('what is printed', () => {
  it('tables with numbers to the right, cut to the width', () => {
    const rows = [
      ['a', 5],
      ['bbb', 1234],
    ];
    expect(table(['name', 'events'], rows)).toEqual(['name  events', 'a          5', 'bbb     1234']);
    expect(table(['name', 'events'], rows, 8)).toEqual(['name  e…', 'a      …', 'bbb    …']);
  });

  it('durations as people say them', () => {
    expect([0, 0.42, 9.96, 45, 119, 120, 7_200, 200_000].map(duration)).toEqual([
      '0 s',
      '0.4 s',
      '10.0 s',
      '45 s',
      '119 s',
      '2 min',
      '2 h',
      '2 d',
    ]);
  });
});
