import { prettyFormatQueryPlan } from '@apollo/query-planner';
import { print } from 'graphql';
import { shrinkCase } from './shrink/shrinkCase.ts';
import { compareAnswers } from './stage/compareAnswers.ts';
import type { Case, Outcome, Run, Stage } from './stage/createStage.ts';

/** Both outcomes of a case, and what differs between them. */
export type Verdict = { differences: string[]; expected: Outcome; actual: Outcome };

/** Runs a case both ways. Mutations have to reach their subgraphs alike: each of them once, in the same order. */
export async function checkCase(
  stage: Pick<Stage, 'reference' | 'schema'>,
  candidate: Run,
  run: Case,
): Promise<Verdict> {
  const expected = await stage.reference(run);
  const actual = await candidate(run);
  const differences = compareAnswers(expected.text, actual.text);
  if (new Set(actual.mutations).size !== actual.mutations.length) differences.push('a mutation was sent twice');
  if (JSON.stringify(actual.mutations) !== JSON.stringify(expected.mutations)) {
    differences.push('the subgraphs were sent other mutations');
  }
  return { differences, expected, actual };
}

/** Shrinks a case that differs, and tells all that is needed to understand it. */
export async function describeMismatch(stage: Stage, candidate: Run, run: Case): Promise<string> {
  const smallest = await shrinkCase(stage.schema, run, async (smaller) => {
    const { differences, expected } = await checkCase(stage, candidate, smaller);
    return { differs: differences.length > 0, faults: expected.faults };
  });
  const { differences, expected, actual } = await checkCase(stage, candidate, smallest);
  return [
    `${stage.name}: ${differences.join('; ')}`,
    `seed ${run.seed}${smallest.masked ? ', errors masked' : ''}`,
    print(smallest.document),
    `variables ${JSON.stringify(smallest.variables)}`,
    `faults ${expected.faults.length > 0 ? expected.faults.join(', ') : 'none'}`,
    `@apollo/gateway answers ${expected.text}`,
    `we answer ${actual.text}`,
    ...(JSON.stringify(expected.mutations) !== JSON.stringify(actual.mutations)
      ? [`@apollo/gateway sends ${expected.mutations.join(' ')}`, `we send ${actual.mutations.join(' ')}`]
      : []),
    planOf(stage, smallest),
  ].join('\n');
}

function planOf({ prepare }: Stage, { document, operationName }: Case): string {
  try {
    return prettyFormatQueryPlan(prepare(document, operationName).plan);
  } catch (error) {
    return `no plan: ${(error as Error).message}`;
  }
}
