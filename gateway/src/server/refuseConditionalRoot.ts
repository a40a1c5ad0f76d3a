import {
  type DocumentNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';

/**
 * Refuses @skip and @include on the root field of a subscription, directly or by way of a fragment: it could be a
 * subscription of nothing. GraphQL forbids it since the edition of September 2025 (Single Root Field,
 * https://spec.graphql.org/September2025/#sec-Single-Root-Field). graphql-js 16 throws out of its validation at it, and
 * Apollo Server takes that for an accident, so this runs before its pipeline. It validates every operation of a document, whichever
 * is meant, so this looks at every subscription.
 *
 * @throws GraphQLError GRAPHQL_VALIDATION_FAILED
 */
export function refuseConditionalRoot(request: unknown): void {
  const { query } = (request ?? {}) as { query?: unknown };
  if (typeof query !== 'string' || !query.includes('subscription') || !query.includes('@')) return;
  let document: DocumentNode;
  try {
    document = parse(query, { noLocation: true });
  } catch {
    return;
  }
  if (!hasConditionalRoot(document)) return;
  throw new GraphQLError('The root field of a subscription cannot have @skip or @include.', {
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', http: { status: 400 } },
  });
}

function hasConditionalRoot(document: DocumentNode): boolean {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const isConditional = ({ selections }: SelectionSetNode): boolean =>
    selections.some((selection) => {
      if (selection.directives?.some(({ name }) => name.value === 'skip' || name.value === 'include')) return true;
      if (selection.kind === Kind.FIELD) return false;
      if (selection.kind === Kind.INLINE_FRAGMENT) return isConditional(selection.selectionSet);
      const fragment = fragments.get(selection.name.value);
      // Each is looked into once: nothing has refused circles yet.
      fragments.delete(selection.name.value);
      return fragment !== undefined && isConditional(fragment.selectionSet);
    });
  return document.definitions.some(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      definition.operation === 'subscription' &&
      isConditional(definition.selectionSet),
  );
}
