import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { root } from '#platform/root.ts';
import { createMetrics } from '#platform/service/metrics.ts';

const page = readFileSync(join(root, 'deploy/README.md'), 'utf8');
const section = page.slice(page.indexOf('## Watching it'), page.indexOf('## Backups'));
const named = [...section.matchAll(/`([a-z]+(?:_[a-z0-9]+){2,})/g)].map(([, name]) => name as string);

it('every metric that an operator is told to watch is one', () => {
  const files = readdirSync(join(root, 'platform'), { recursive: true, encoding: 'utf8' });
  const sources = files.filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'));
  const text = sources.map((file) => readFileSync(join(root, 'platform', file), 'utf8')).join();
  const own = createMetrics({ service: 'test' }).registry.getMetricsAsArray();
  const isOne = (name: string) =>
    text.includes(`'${name}'`) || text.includes(`${name}:`) || own.some((metric) => metric.name === name);
  expect(named).toContain('taskgraph_dead_letters');
  expect(named.filter((name) => !isOne(name))).toEqual([]);
});
