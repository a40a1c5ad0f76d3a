import { type GraphQLSchema, Kind } from 'graphql';
import type { Case } from '../stage/createStage.ts';
import { smallerDocuments } from './smallerDocuments.ts';

/** Whether a case still shows the mismatch, and the faults that happened while it was looked for. */
export type Probe = (run: Case) => Promise<{ differs: boolean; faults: string[] }>;

/** How many cases are tried until the smallest so far is good enough. */
const TRIES = 600;

/**
 * The smallest case that still differs: operation, variables and faults. Each step is taken as soon as it still differs, and
 * the search begins anew from there.
 */
export async function shrinkCase(schema: GraphQLSchema, start: Case, probe: Probe): Promise<Case> {
  let tries = 0;
  let best = start;
  const take = async (smaller: Case): Promise<boolean> => {
    tries += 1;
    const { differs } = await probe(smaller);
    if (differs) best = smaller;
    return differs;
  };

  for (let changed = true; changed && tries < TRIES; ) {
    changed = false;
    for (const candidate of candidatesOf(schema, best, (await probe(best)).faults)) {
      if (tries >= TRIES) break;
      if (await take(candidate)) {
        changed = true;
        break;
      }
    }
  }
  return best;
}

function* candidatesOf(schema: GraphQLSchema, run: Case, faults: string[]): Generator<Case> {
  if (run.faults.rate > 0) yield { ...run, faults: { ...run.faults, rate: 0 } };
  for (const document of smallerDocuments(schema, run.document, run.operationName)) {
    const names = namesOf(document);
    const variables = Object.fromEntries(Object.entries(run.variables).filter(([name]) => names.has(name)));
    yield { ...run, document, variables };
  }
  for (const fault of faults) {
    yield { ...run, faults: { ...run.faults, without: new Set([...run.faults.without, fault]) } };
  }
  for (const name of Object.keys(run.variables)) {
    const { [name]: _, ...variables } = run.variables;
    yield { ...run, variables };
  }
}

function namesOf(document: Case['document']): Set<string> {
  return new Set(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.OPERATION_DEFINITION
        ? (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value)
        : [],
    ),
  );
}
