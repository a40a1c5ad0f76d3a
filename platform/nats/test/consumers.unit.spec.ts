import { describe, expect, it } from '@jest/globals';
import { consumerConfig } from '../consumers.ts';
import { featuresOf } from '../features.ts';
import { differences } from '../streams.ts';

const durable = {
  stream: 'tasks',
  name: 'comments-on-task-changed',
  subjects: ['tasks.task.*.created', 'tasks.task.*.updated'],
  cover: 'tasks.task.*.*',
  ackWaitMs: 5_000,
  metadata: { owner: 'comments', kind: 'state' },
};

describe('the configuration of a consumer', () => {
  it('has one subject and no metadata on 2.9', () => {
    const config = consumerConfig(durable, featuresOf('2.9.10'));
    expect(config).toMatchObject({ filter_subject: 'tasks.task.*.*', ack_wait: 5e9, max_deliver: -1 });
    expect(JSON.parse(JSON.stringify(config))).not.toHaveProperty('filter_subjects');
    expect(config).not.toHaveProperty('metadata');
  });

  it('has the subjects that it takes, its owner and its kind from 2.10 on', () => {
    const config = consumerConfig(durable, featuresOf('2.12.1'));
    expect(config).toMatchObject({ filter_subjects: durable.subjects, metadata: durable.metadata });
    expect(JSON.parse(JSON.stringify(config))).not.toHaveProperty('filter_subject');
  });

  it('has a single subject as such on any server', () => {
    const one = { ...durable, subjects: ['tasks.task.*.created'] };
    for (const version of ['2.9.10', '2.12.1']) {
      const config = consumerConfig(one, featuresOf(version));
      expect(config).toMatchObject({ filter_subject: 'tasks.task.*.created', filter_subjects: undefined });
    }
  });
});

describe('the differences between a declaration and the server', () => {
  const [old, current] = ['2.9.10', '2.12.1'].map((version) => consumerConfig(durable, featuresOf(version)));

  it('are none for what the server has, with entries of its own in the metadata', () => {
    const there = { ...current, metadata: { ...durable.metadata, '_nats.level': '1' }, num_replicas: 1 };
    expect(differences(current as object, there)).toEqual({});
  });

  it('name both sides, also when a server was brought up to date, or back', () => {
    expect(differences(current as object, old as object)).toEqual({
      filter_subject: { from: 'tasks.task.*.*', to: undefined },
      filter_subjects: { from: undefined, to: durable.subjects },
      metadata: { from: undefined, to: durable.metadata },
    });
    expect(Object.keys(differences(old as object, current as object))).toEqual(['filter_subject', 'filter_subjects']);
  });

  it('see another value and another order', () => {
    expect(differences({ a: 1, b: [1, 2] }, { a: 2, b: [2, 1] })).toEqual({
      a: { from: 2, to: 1 },
      b: { from: [2, 1], to: [1, 2] },
    });
  });
});
