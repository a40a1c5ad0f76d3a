import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { generateOperation } from './operations/generateOperation.ts';
import { casesOf } from './runCases.ts';
import { compareAnswers } from './stage/compareAnswers.ts';
import { type Case, createStage, type Stage } from './stage/createStage.ts';
import { catalog } from './supergraphs/catalog.ts';
import { ledger } from './supergraphs/ledger.ts';

const OPERATIONS = 20;

jest.setTimeout(240_000);

/** Nothing of one request may be found in another: what is prepared of an operation is shared by all who run it. */
describe.each([catalog, ledger])('operations over $name that run at the same time', (definition) => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await createStage(definition);
  });
  afterAll(() => stage.stop());

  it('are answered as if each ran alone', async () => {
    let different = 0;
    for (let at = 0; at < OPERATIONS; at += 1) {
      const operation = generateOperation(stage.schema, `concurrent ${at}`);
      const cases = [...casesOf(operation, at * 100), ...casesOf(withFlippedBooleans(operation), at * 100 + 10)].map(
        (run) => ({ ...run, masked: false }),
      );
      const expected: string[] = [];
      for (const run of cases) expected.push((await stage.reference(run)).text);
      const actual = await Promise.all(cases.map((run) => stage.candidate(run)));
      for (const [number, { text }] of actual.entries()) {
        expect(compareAnswers(expected[number] ?? '', text)).toEqual([]);
      }
      different += new Set(expected).size;
    }
    // Had all of them the same answer, nobody could tell them apart.
    expect(different).toBeGreaterThan(OPERATIONS * 3);
  });
});

function withFlippedBooleans<T extends Pick<Case, 'variables'>>(operation: T): T {
  const variables = Object.entries(operation.variables).map(([name, value]) => [
    name,
    typeof value === 'boolean' ? !value : value,
  ]);
  return { ...operation, variables: Object.fromEntries(variables) };
}
