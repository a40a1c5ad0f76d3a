import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readOwnOperations } from './operations/readOwnOperations.ts';
import { casesOf, runCases } from './runCases.ts';
import { NoEvent } from './stage/answerEvent.ts';
import { asQuery } from './stage/asQuery.ts';
import { compareAnswers } from './stage/compareAnswers.ts';
import { createStage, type Run, type Stage } from './stage/createStage.ts';
import { ledger } from './supergraphs/ledger.ts';
import { readProject } from './supergraphs/readProject.ts';

const OPERATIONS = 60;
const seed = process.env.DIFFERENTIAL_SEED ?? 'taskgraph';

jest.setTimeout(240_000);

/** Against a query of the same fields, which is the whole of @apollo/gateway: it has no subscriptions of its own. */
describe('events over ledger, whose subscriptions are its queries', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await createStage(ledger);
  });
  afterAll(() => stage.stop());

  it('are answered as @apollo/gateway answers a query', async () => {
    const reference: Run = (run) => stage.reference({ ...run, document: asQuery(run.document) });
    const tally = newTally();
    const completed = orElse(counted(stage.event, tally), reference);
    const candidate: Run = async (run) => {
      const { primary } = stage.prepare(run.document, run.operationName);
      // Where a client's alias is the name of a key, the planner makes another plan of the subscription than of the query:
      // neither is right.
      if (primary?.operation.includes('__alias_')) return reference(run);
      const outcome = await completed(run);
      // What is told of a field names its type, which is the one thing that a query can't have in common.
      return { ...outcome, text: outcome.text.replaceAll(' Subscription.', ' Query.') };
    };
    await runCases({ ...stage, reference, candidate }, { count: OPERATIONS, seed, kind: 'subscription' });
    expect(tally.events).toBeGreaterThan(OPERATIONS);
    // The event is only the root: what it is worth shows in what is fetched from the other subgraphs.
    expect(tally.further).toBeGreaterThan(OPERATIONS / 4);
  });
});

/** Against the plan on @apollo/gateway's executor, with the event in the place of the first answer. */
describe('events over the supergraph of this repository', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await createStage(await readProject());
  });
  afterAll(() => stage.stop());

  it('of generated subscriptions are answered as its plan is by @apollo/gateway', async () => {
    const tally = newTally();
    const reference = orElse(stage.apolloEvent, nothing);
    const completed = orElse(counted(stage.event, tally), nothing);
    // As above: a plan with these is wrong, and what becomes of it is nobody's business.
    const candidate: Run = (run) =>
      stage.prepare(run.document, run.operationName).primary?.operation.includes('__alias_')
        ? reference(run)
        : completed(run);
    await runCases({ ...stage, reference, candidate }, { count: OPERATIONS, seed, kind: 'subscription' });
    expect(tally.events).toBeGreaterThan(OPERATIONS);
    expect(tally.further).toBeGreaterThan(OPERATIONS / 4);
  });

  it('of its own subscriptions are answered as its plan is by @apollo/gateway', async () => {
    const own = readOwnOperations(stage.schema).filter(({ kind }) => kind === 'subscription');
    expect(own.length).toBeGreaterThan(3);
    for (const [at, operation] of own.entries()) {
      for (const run of casesOf(operation, at * 10)) {
        const expected = await orElse(stage.apolloEvent, nothing)(run);
        const actual = await orElse(stage.event, nothing)(run);
        expect({ file: operation.file, differences: compareAnswers(expected.text, actual.text) }).toEqual({
          file: operation.file,
          differences: [],
        });
      }
    }
  });
});

const newTally = () => ({ events: 0, further: 0 });

function counted(run: Run, tally: ReturnType<typeof newTally>): Run {
  return async (one) => {
    const outcome = await run(one);
    tally.events += 1;
    tally.further += Number(outcome.fetches > 1);
    return outcome;
  };
}

/** What is answered where there is no event. */
function orElse(run: Run, instead: Run): Run {
  return (one) =>
    run(one).catch((error: unknown) => {
      if (error instanceof NoEvent) return instead(one);
      throw error;
    });
}

const nothing: Run = async () => ({ text: '{}', mutations: [], fetches: 0, faults: [] });
