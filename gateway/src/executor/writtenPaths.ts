import type { FetchNode, ResponsePath } from '@apollo/query-planner';
import {
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { namedComposite } from './selectFields.ts';

/** A fetch, and where in the response it stands. */
export type PlacedFetch = { node: FetchNode; path: ResponsePath };

/**
 * The fetches whose answers hold objects into which another fetch of the plan writes, too. Such an answer can't hang at several
 * places of the response at once: what is written at one would show at all.
 */
export function overwrittenFetches(schema: GraphQLSchema, fetches: readonly PlacedFetch[]): Set<FetchNode> {
  const written = fetches.map((fetch) => writtenPaths(schema, fetch));
  const overwritten = new Set<FetchNode>();
  for (const [at, { node }] of fetches.entries()) {
    const others = written.filter((_, other) => other !== at);
    if ([...(written[at] ?? [])].some((path) => others.some((other) => other.has(path)))) overwritten.add(node);
    // Whose representations are rewritten may get one answer for two different objects.
    else if (node.inputRewrites) overwritten.add(node);
  }
  return overwritten;
}

/** The paths of the values that can be objects (custom scalars are among them) in what a fetch answers. */
function writtenPaths(schema: GraphQLSchema, { node, path }: PlacedFetch): Set<string> {
  const paths = new Set<string>();

  function visit({ selections }: SelectionSetNode, type: string | undefined, parent: string): void {
    for (const selection of selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        visit(selection.selectionSet, selection.typeCondition?.name.value ?? type, parent);
      } else if (selection.kind === Kind.FIELD) {
        const field = `${parent}.${selection.alias?.value ?? selection.name.value}`;
        const known = fieldType(type, selection.name.value);
        if (selection.selectionSet) visit(selection.selectionSet, namedComposite(known)?.name, field);
        if (selection.selectionSet || !known || !isPlainScalar(known)) paths.add(field);
      }
    }
  }

  function fieldType(type: string | undefined, field: string) {
    const known = type === undefined ? undefined : schema.getType(type);
    return isObjectType(known) || isInterfaceType(known) ? known.getFields()[field]?.type : undefined;
  }

  const document = parse(node.operation, { noLocation: true });
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  );
  if (!operation) return paths;
  const parent = path.filter((step) => step !== '@').join('.');
  const [entities] = operation.selectionSet.selections;
  if (node.requires && entities?.kind === Kind.FIELD && entities.selectionSet) {
    visit(entities.selectionSet, undefined, parent);
  } else {
    visit(operation.selectionSet, schema.getRootType(operation.operation as never)?.name, parent);
  }
  for (const rewrite of node.outputRewrites ?? []) {
    if (rewrite.kind !== 'KeyRenamer') continue;
    const steps = rewrite.path.slice(0, -1).filter((step) => !step.startsWith('... on ') && step !== '_entities');
    paths.add([parent, ...steps, rewrite.renameKeyTo].join('.'));
  }
  return paths;
}

function isPlainScalar(type: Parameters<typeof namedComposite>[0]): boolean {
  let named = type;
  while (named && 'ofType' in named) named = named.ofType as typeof named;
  if (named && !isScalarType(named)) return true;
  return named !== undefined && isSpecifiedScalarType(named);
}
