import { print } from 'graphql';
import { checkCase, describeMismatch } from './checkCase.ts';
import { generateOperation, type Kind } from './operations/generateOperation.ts';
import { hashOf } from './random.ts';
import type { Case, Run, Stage } from './stage/createStage.ts';

/** What was run. */
export type Tally = {
  operations: number;
  cases: number;
  /** Cases whose answer has errors. */
  withErrors: number;
  mutations: number;
  compiled: number;
  /** Cases whose data @apollo/gateway shaped after all, since a subgraph answered something that the schema doesn't say. */
  unusual: number;
  /** Operations that don't run compiled, by the reason; those without a plan are not run at all. */
  reasons: Record<string, number>;
};

export type RunOptions = {
  /** How many operations. */
  count: number;
  /** What everything follows from. */
  seed: number | string;
  kind?: Kind;
  /** What is held against @apollo/gateway; the executor unless given. */
  candidate?: Run;
};

/**
 * Generates operations and runs each with sound subgraphs, and twice with other data and subgraphs that fail.
 * @throws Error with the smallest case that shows it, at the first mismatch
 */
export async function runCases(
  stage: Stage,
  { count, seed, kind, candidate = stage.candidate }: RunOptions,
): Promise<Tally> {
  const tally: Tally = { operations: 0, cases: 0, withErrors: 0, mutations: 0, compiled: 0, unusual: 0, reasons: {} };
  const before = await stage.unusual();
  for (let at = 0; at < count; at += 1) {
    const operation = generateOperation(stage.schema, `${seed} ${stage.name} ${at}`, kind);
    tally.operations += 1;
    // What @apollo/gateway can't plan is refused by both, and shows nothing else.
    if (!classify(tally, stage, operation)) continue;
    for (const run of casesOf(operation, hashOf(seed, stage.name, at))) {
      const { differences, expected } = await checkCase(stage, candidate, run);
      tally.cases += 1;
      tally.mutations += expected.mutations.length;
      if (/"errors":|"valueCompletion":/.test(expected.text)) tally.withErrors += 1;
      if (differences.length === 0) continue;
      const mismatch = await describeMismatch(stage, candidate, run);
      throw new Error(`DIFFERENTIAL_SEED=${seed}, operation ${at} of ${stage.name}\n${mismatch}`);
    }
  }
  tally.unusual = (await stage.unusual()) - before;
  return tally;
}

/** An operation with data and faults: first none. */
export function casesOf(operation: Omit<Case, 'seed' | 'faults' | 'masked'>, seed: number): Case[] {
  return [0, 0.25, 0.6].map((rate, at) => ({
    ...operation,
    seed: seed + at,
    masked: (seed + at) % 4 === 3,
    faults: { seed: seed + at, rate, without: new Set() },
  }));
}

/** Takes note of how an operation runs; false when it doesn't. */
function classify(
  tally: Tally,
  { prepare, isPlanned }: Stage,
  { document, operationName }: Omit<Case, 'seed' | 'faults' | 'masked'>,
): boolean {
  let reason: string | undefined;
  try {
    const prepared = prepare(document, operationName);
    reason = prepared.compiled ? undefined : (prepared.reason ?? 'for no reason');
  } catch (error) {
    // @apollo/gateway can't plan everything that is valid. Whatever else we can't prepare is a mismatch.
    if (isPlanned(document, operationName)) throw new Error(`not prepared: ${print(document)}`, { cause: error });
    reason = UNPLANNED;
  }
  if (reason === undefined) tally.compiled += 1;
  else tally.reasons[reason] = (tally.reasons[reason] ?? 0) + 1;
  return reason !== UNPLANNED;
}

const UNPLANNED = 'it has no plan';
