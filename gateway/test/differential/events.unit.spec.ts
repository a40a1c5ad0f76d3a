import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { runCases } from './runCases.ts';
import { asQuery } from './stage/asQuery.ts';
import { createStage, NoEvent, type Run, type Stage } from './stage/createStage.ts';
import { ledger } from './supergraphs/ledger.ts';

const OPERATIONS = 100;
const seed = process.env.DIFFERENTIAL_SEED ?? 'taskgraph';

jest.setTimeout(240_000);

let stage: Stage;

beforeAll(async () => {
  stage = await createStage(ledger);
});
afterAll(() => stage.stop());

it('an event is answered as @apollo/gateway answers a query of the same fields', async () => {
  let events = 0;
  let further = 0;
  const reference: Run = (run) => stage.reference({ ...run, document: asQuery(run.document) });
  const candidate: Run = async (run) => {
    const { primary } = stage.prepare(run.document, run.operationName);
    // Where a client's alias is the name of a key, the planner makes another plan of the subscription than of the query: neither
    // is right.
    if (primary?.operation.includes('__alias_')) return reference(run);
    try {
      const outcome = await stage.event(run);
      events += 1;
      further += Number(outcome.fetches > 1);
      // What is told of a field names its type, which is the one thing that a query can't have in common.
      return { ...outcome, text: outcome.text.replaceAll(' Subscription.', ' Query.') };
    } catch (error) {
      if (error instanceof NoEvent) return reference(run);
      throw error;
    }
  };
  const tally = await runCases({ ...stage, reference, candidate }, { count: OPERATIONS, seed, kind: 'subscription' });
  expect(tally.operations).toBe(OPERATIONS);
  expect(events).toBeGreaterThan(OPERATIONS);
  // The event is only the root: what it is worth shows in what is fetched from the other subgraphs.
  expect(further).toBeGreaterThan(OPERATIONS / 4);
});
