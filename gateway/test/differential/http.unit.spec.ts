import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { testScope } from '#platform/testing/testScope.ts';
import { createApollo } from '../../src/server/createApollo.ts';
import { createErrorTraces } from '../../src/server/errorTraces.ts';
import { generateOperation } from './operations/generateOperation.ts';
import { casesOf } from './runCases.ts';
import { compareAnswers } from './stage/compareAnswers.ts';
import { type Case, createStage, type Outcome, type Run, type Stage } from './stage/createStage.ts';
import { masked, silent } from './stage/formats.ts';
import { catalog } from './supergraphs/catalog.ts';
import { odd } from './supergraphs/odd.ts';

const OPERATIONS = 20;
const seed = process.env.DIFFERENTIAL_SEED ?? 'taskgraph';

jest.setTimeout(240_000);

/** Where Apollo Server's pipeline is left, and how it is come back to: statuses, masks, what can't be planned. */
describe.each([catalog, odd])('operations over $name, over HTTP', (definition) => {
  const scope = testScope();
  let stage: Stage;
  let reference: Run;
  let candidate: Run;

  beforeAll(async () => {
    stage = await createStage(definition);
    reference = stage.http(stage.apollo);
    const { graph } = stage;
    const errors = { format: masked.executor, errorTraces: createErrorTraces() };
    const apollo = await createApollo({ graph, production: false, plugins: [], ...errors, log: silent, scope });
    candidate = stage.http(apollo);
  });
  afterAll(() => stage.stop());

  it('are answered as Apollo Server answers them over @apollo/gateway', async () => {
    const statuses = new Set<number>();
    for (let at = 0; at < OPERATIONS; at += 1) {
      const operation = generateOperation(stage.schema, `${seed} http ${at}`);
      const withoutVariables = casesOf({ ...operation, variables: {} }, at * 10);
      for (const run of [...casesOf(operation, at * 10), ...withoutVariables]) {
        const expected = partsOf(await reference(run));
        // What can't be planned is refused for that before its variables are looked at: 500 either way, but for these.
        if (expected.status === 400 && !isPlanned(stage, run)) continue;
        const actual = partsOf(await candidate(run));
        // Apollo Server takes every response without data for one whose variables don't fit, an accident, too.
        const isAccident = expected.response.includes('"incident"') && !expected.response.includes('"data"');
        expect(actual.status).toBe(isAccident ? 500 : expected.status);
        expect(compareAnswers(expected.response, actual.response)).toEqual([]);
        statuses.add(expected.status);
      }
    }
    expect(statuses).toEqual(new Set(definition.plain ? [200, 400] : [200, 400, 500]));
  });
});

function isPlanned({ prepare }: Stage, { document, operationName }: Case): boolean {
  try {
    return prepare(document, operationName) !== undefined;
  } catch {
    return false;
  }
}

/** The status, and the text of the response as it came. */
function partsOf({ text }: Outcome): { status: number; response: string } {
  const [, status, response = ''] = /^\{"status":(\d+),"response":(.*)\}$/s.exec(text) ?? [];
  return { status: Number(status), response };
}
