import { describe, expect, it } from '@jest/globals';
import { boundedLabel, createMetrics } from './metrics.ts';

describe('createMetrics', () => {
  it('makes a metric once and labels every sample with the service', async () => {
    const metrics = createMetrics({ service: 'tasks', defaults: false });
    metrics.counter('events_total', 'Events', ['type']).inc({ type: 'created' });
    metrics.counter('events_total', 'Events', ['type']).inc({ type: 'created' });
    expect(await metrics.registry.metrics()).toContain('events_total{type="created",service="tasks"} 2');
  });

  it('keeps the registries of two services apart', async () => {
    const [first, second] = [createMetrics({ service: 'a' }), createMetrics({ service: 'b' })];
    first.gauge('lag', 'Lag').set(1);
    expect(await second.registry.metrics()).not.toContain('lag{');
    expect(await second.registry.metrics()).toContain('process_resident_memory_bytes{service="b"}');
  });
});

describe('boundedLabel', () => {
  it('keeps the first values and calls the rest other', () => {
    const label = boundedLabel(2);
    expect(['a', 'b', 'c', 'a', 'd'].map(label)).toEqual(['a', 'b', 'other', 'a', 'other']);
  });
});
