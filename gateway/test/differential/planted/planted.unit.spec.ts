import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { runCases } from '../runCases.ts';
import { createStage, type Run, type Stage } from '../stage/createStage.ts';
import { hops } from '../supergraphs/hops.ts';
import { ledger } from '../supergraphs/ledger.ts';
import { bugs, withBug } from './plantedBugs.ts';

/** The check itself: an executor with a bug has to be found out, and by an operation that one can read. */
jest.setTimeout(240_000);
let stages: Stage[];

beforeAll(async () => {
  stages = await Promise.all([createStage(ledger), createStage(hops)]);
});
afterAll(() => Promise.all(stages.map((stage) => stage.stop())));

/** The mismatch that the suite reports of this executor; undefined when it finds none. */
async function found(make: (stage: Stage) => Run): Promise<string | undefined> {
  for (const stage of stages) {
    try {
      await runCases(stage, { count: 60, seed: 'planted', candidate: make(stage) });
    } catch (error) {
      return (error as Error).message;
    }
  }
  return undefined;
}

/** The selections of the operation in a report. */
function sizeOf(report: string): number {
  const operation = /\n((?:query|mutation|\{)[\s\S]*?)\nvariables /.exec(report)?.[1] ?? '';
  return operation.split('\n').filter((line) => !/^\s*\}?$/.test(line)).length;
}

it('finds nothing where there is nothing', async () => {
  expect(await found((stage) => stage.reference)).toBeUndefined();
});

describe('an executor that', () => {
  it.each(Object.entries(bugs))('%s is found out, by a small operation', async (_name, bug) => {
    const report = (await found((stage) => withBug(stage, bug))) ?? 'not found';
    expect(report).toMatch(/differ|is there in one of them only/);
    expect(sizeOf(report)).toBeGreaterThan(0);
    expect(sizeOf(report)).toBeLessThanOrEqual(8);
    expect(report).toMatch(/@apollo\/gateway answers .*\nwe answer /);
  });

  it('sends a mutation twice is found out', async () => {
    const report = await found((stage) => async (run) => {
      const { mutations, ...outcome } = await stage.reference(run);
      return { ...outcome, mutations: [...mutations, ...mutations.slice(-1)] };
    });
    expect(report).toMatch(/a mutation was sent twice/);
    expect(report).toMatch(/\nmutation/);
  });

  it('sends mutations in another order is found out', async () => {
    const report = await found((stage) => async (run) => {
      const { mutations, ...outcome } = await stage.reference(run);
      return { ...outcome, mutations: mutations.toReversed() };
    });
    expect(report).toMatch(/the subgraphs were sent other mutations/);
  });

  it('writes a key twice is found out', async () => {
    const report = await found((stage) => async (run) => {
      const outcome = await stage.reference(run);
      return { ...outcome, text: outcome.text.replace(/"id":("[^"]*")/, '"id":"x","id":$1') };
    });
    expect(report).toMatch(/a key stands twice/);
  });
});
