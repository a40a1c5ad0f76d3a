import { describe, expect, it } from '@jest/globals';
import { asks, callPairs, defineSubgraphs, subgraphPorts, subgraphs } from '../subgraphs.ts';

describe('the list of subgraphs', () => {
  it('has for each its port, whom it asks, and the calls that follow', () => {
    expect(subgraphs).toEqual(expect.arrayContaining(['users', 'tasks', 'comments', 'notifications']));
    expect(subgraphPorts.users).toBe(4001);
    expect(asks.comments).toEqual(['users', 'tasks']);
    expect(callPairs).toEqual(expect.arrayContaining(['gateway>tasks', 'tasks>users', 'comments>tasks']));
    expect(callPairs).not.toContain('tasks>comments');
  });

  // What the types refuse as well: the commands run without them.
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['an entry without a port', { labels: { asks: [] } }, /labels needs a port, as in/],
    ['an entry without asks', { labels: { port: 4005 } }, /labels needs asks/],
    ['no entry', { labels: undefined }, /labels needs a port.*; labels needs asks/],
    ['a stranger that is asked', { labels: { port: 4005, asks: ['user'] } }, /labels asks user, which is no subgraph/],
    ['one that asks itself', { labels: { port: 4005, asks: ['labels'] } }, /labels asks itself/],
    [
      'a port twice',
      { a: { port: 4001, asks: [] }, b: { port: 4001, asks: [] } },
      /b has port 4001, which is that of a/,
    ],
    ["the gateway's port", { labels: { port: 4000, asks: [] } }, /which is that of gateway/],
    ['a name that is no word', { 'my-labels': { port: 4005, asks: [] } }, /my-labels: a name is one word/],
  ])('refuses %s, and says so', (_what, list, message) => {
    expect(() => defineSubgraphs(list as never)).toThrow(message);
    expect(() => defineSubgraphs(list as never)).toThrow(/^dev\/subgraphs\.ts: /);
  });
});
