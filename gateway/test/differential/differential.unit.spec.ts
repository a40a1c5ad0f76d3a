import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { checkCase, describeMismatch } from './checkCase.ts';
import { readOwnOperations } from './operations/readOwnOperations.ts';
import { casesOf, runCases } from './runCases.ts';
import { createStage, type Stage } from './stage/createStage.ts';
import { catalog } from './supergraphs/catalog.ts';
import type { GraphDefinition } from './supergraphs/definition.ts';
import { hops } from './supergraphs/hops.ts';
import { ledger } from './supergraphs/ledger.ts';
import { odd } from './supergraphs/odd.ts';
import { readProject } from './supergraphs/readProject.ts';
import { zoo } from './supergraphs/zoo.ts';

/** What is run follows from this text: another one runs other operations over other data with other faults. */
const seed = process.env.DIFFERENTIAL_SEED ?? 'taskgraph';

/** How many operations; their shares follow from what each supergraph costs the planner. */
const total = Number(process.env.DIFFERENTIAL_COUNT ?? 2_200);

jest.setTimeout(60_000 + total * 200);

const graphs: [name: string, share: number, () => GraphDefinition | Promise<GraphDefinition>][] = [
  [catalog.name, 0.22, () => catalog],
  [zoo.name, 0.2, () => zoo],
  [ledger.name, 0.24, () => ledger],
  [hops.name, 0.09, () => hops],
  [odd.name, 0.09, () => odd],
  ['project', 0.16, readProject],
];

/** Operations that were answered by both, three times each. */
let compared = 0;

describe.each(graphs)('generated operations over %s', (_name, share, define) => {
  let stage: Stage;
  let plain: boolean;

  beforeAll(async () => {
    const definition = await define();
    plain = definition.plain;
    stage = await createStage(definition);
  });
  afterAll(() => stage.stop());

  it('are answered as @apollo/gateway answers them', async () => {
    const count = Math.ceil(total * share);
    const tally = await runCases(stage, { count, seed });
    const unplanned = tally.reasons['it has no plan'] ?? 0;
    const planned = count - unplanned;
    compared += planned;
    // What is refused proves nothing.
    if (plain) expect(unplanned / count).toBeLessThan(0.05);
    expect(tally).toMatchObject({ operations: count, cases: 3 * planned });
    // Subgraphs that never fail would prove less.
    expect(tally.withErrors).toBeGreaterThan(tally.cases / 5);
    // Nor would an executor that leaves the work to @apollo/gateway.
    expect(tally.compiled / tally.operations).toBeGreaterThan(plain ? 0.9 : 0.4);
    expect(tally.unusual / tally.cases).toBeLessThan(0.4);
    if (process.env.DIFFERENTIAL_COUNT) console.info(stage.name, tally);
  });
});

it('as many as were promised are compared', () => {
  expect(compared).toBeGreaterThanOrEqual(Math.min(2_000, 0.9 * total));
});

describe('the operations of this repository', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await createStage(await readProject());
  });
  afterAll(() => stage.stop());

  it('are answered as @apollo/gateway answers them', async () => {
    const operations = readOwnOperations(stage.schema).filter(
      // @apollo/gateway refuses what it can't plan: `isOneOf`, which we answer.
      ({ kind, document, operationName }) => kind !== 'subscription' && stage.isPlanned(document, operationName),
    );
    expect(operations.length).toBeGreaterThan(60);
    for (const [at, operation] of operations.entries()) {
      for (const run of casesOf(operation, at * 10)) {
        const { differences } = await checkCase(stage, stage.candidate, run);
        if (differences.length > 0)
          throw new Error(`${operation.file}\n${await describeMismatch(stage, stage.candidate, run)}`);
      }
    }
  });
});
