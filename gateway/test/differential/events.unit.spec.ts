import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { print } from 'graphql';
import { generateOperation } from './operations/generateOperation.ts';
import { casesOf } from './runCases.ts';
import { asQuery } from './stage/asQuery.ts';
import { compareAnswers } from './stage/compareAnswers.ts';
import { createStage, NoEvent, type Stage } from './stage/createStage.ts';
import { ledger } from './supergraphs/ledger.ts';

const OPERATIONS = 150;

jest.setTimeout(60_000);

let stage: Stage;

beforeAll(async () => {
  stage = await createStage(ledger);
});
afterAll(() => stage.stop());

it('an event is answered as @apollo/gateway answers a query of the same fields', async () => {
  let compared = 0;
  let further = 0;
  for (let at = 0; at < OPERATIONS; at += 1) {
    const operation = generateOperation(stage.schema, `event ${at}`, 'subscription');
    for (const run of casesOf(operation, at * 10)) {
      const expected = await stage.reference({ ...run, document: asQuery(run.document) });
      let actual: Awaited<ReturnType<Stage['event']>>;
      try {
        actual = await stage.event(run);
      } catch (error) {
        if (error instanceof NoEvent) continue;
        throw error;
      }
      compared += 1;
      further += Number(actual.fetches > 1);
      const differences = compareAnswers(expected.text, actual.text);
      if (differences.length === 0) continue;
      throw new Error(
        [differences.join('; '), print(run.document), JSON.stringify(run.variables), actual.faults.join(', ')]
          .concat(`a query is answered ${expected.text}`, `the event is answered ${actual.text}`)
          .join('\n'),
      );
    }
  }
  expect(compared).toBeGreaterThan(OPERATIONS);
  // The event is only the root: what it is worth shows in what is fetched from the other subgraphs.
  expect(further).toBeGreaterThan(OPERATIONS / 4);
});
