import { type DocumentNode, GraphQLError, Kind, type OperationDefinitionNode, type SelectionSetNode } from 'graphql';

/**
 * Refuses an operation that selects more than `limit` fields and fragments: planning costs at least as much as there is to select,
 * and fragments that spread fragments make an operation that doubles with each line. 0: no limit.
 * @throws GraphQLError OPERATION_TOO_LARGE
 */
export function refuseLarge(document: DocumentNode, operation: OperationDefinitionNode, limit: number): void {
  if (limit === 0 || countSelections(document, operation) <= limit) return;
  throw new GraphQLError(
    `The operation selects more than ${limit} fields and fragments, where each fragment counts wherever it is spread.`,
    { extensions: { code: 'OPERATION_TOO_LARGE', http: { status: 400 } } },
  );
}

/** What a definition selects itself, inline fragments included, and the fragments that it spreads. */
type Counted = { name: string; selections: number; spreads: string[] };

/**
 * How many selections an operation has with its fragments expanded, Infinity where that is no number any more. Each fragment is
 * counted once, and nothing recurses: it takes as long as the document is, not as what it expands to, and no stack. The document
 * has been validated: its fragments are known, and there are no circles.
 */
export function countSelections(document: DocumentNode, operation: OperationDefinitionNode): number {
  const fragments = new Map<string, Counted>();
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
    const name = definition.name.value;
    fragments.set(name, countOwn(name, definition.selectionSet));
  }
  const totals = new Map<string, number>();
  const root = countOwn('', operation.selectionSet);
  const waiting = [root];
  for (let one = waiting.at(-1); one; one = waiting.at(-1)) {
    const unknown = totals.has(one.name) ? [] : one.spreads.filter((name) => !totals.has(name));
    if (unknown.length > 0) {
      for (const name of unknown) waiting.push(fragments.get(name) ?? { name, selections: 0, spreads: [] });
      continue;
    }
    waiting.pop();
    if (totals.has(one.name)) continue;
    let total = one.selections;
    for (const name of one.spreads) total += totals.get(name) ?? 0;
    totals.set(one.name, total);
  }
  return totals.get(root.name) ?? 0;
}

function countOwn(name: string, selectionSet: SelectionSetNode): Counted {
  const counted: Counted = { name, selections: 0, spreads: [] };
  const sets = [selectionSet];
  // It grows while it is gone through.
  for (const { selections } of sets) {
    counted.selections += selections.length;
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) counted.spreads.push(selection.name.value);
      else if (selection.selectionSet) sets.push(selection.selectionSet);
    }
  }
  return counted;
}
