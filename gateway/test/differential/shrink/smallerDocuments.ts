import {
  type ASTNode,
  type DefinitionNode,
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  validate,
  visit,
} from 'graphql';

/** One step towards a smaller document: what becomes of the node, null to remove it. */
type Edit = { node: ASTNode; by: ASTNode | readonly ASTNode[] | null };

/**
 * Every valid document that is one step smaller than this one, the largest steps first: without a selection, without a
 * fragment around its fields, without an alias, an argument, a condition, a default.
 */
export function* smallerDocuments(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
): Generator<DocumentNode> {
  const edits = editsOf(document, operationName).sort((a, b) => sizeOf(b.node) - sizeOf(a.node));
  const before = print(document);
  for (const edit of edits) {
    const smaller = tidy(apply(document, edit));
    const text = print(smaller);
    if (text === before || text === '') continue;
    const parsed = parseOrNothing(text);
    if (parsed && validate(schema, parsed).length === 0) yield parsed;
  }
}

function editsOf(document: DocumentNode, operationName: string | undefined): Edit[] {
  const edits: Edit[] = [];
  const bodies = new Map<string, SelectionSetNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) bodies.set(definition.name.value, definition.selectionSet);
  }
  const withoutDirectives = <T extends SelectionNode>(node: T): T => ({ ...node, directives: [] });
  visit(document, {
    enter(node) {
      if (node.kind === Kind.OPERATION_DEFINITION && node.name?.value !== operationName) edits.push({ node, by: null });
      if (node.kind === Kind.FIELD || node.kind === Kind.INLINE_FRAGMENT || node.kind === Kind.FRAGMENT_SPREAD) {
        edits.push({ node, by: null });
        if (node.directives?.length) edits.push({ node, by: withoutDirectives(node) });
      }
      if (node.kind === Kind.INLINE_FRAGMENT) edits.push({ node, by: node.selectionSet.selections });
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        const body = bodies.get(node.name.value);
        if (body) edits.push({ node, by: body.selections });
      }
      if (node.kind === Kind.FIELD && node.alias) edits.push({ node, by: { ...node, alias: undefined } });
      if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD || node.kind === Kind.DIRECTIVE) {
        edits.push({ node, by: null });
      }
      if (node.kind === Kind.VARIABLE_DEFINITION && node.defaultValue) {
        edits.push({ node, by: { ...node, defaultValue: undefined } });
      }
    },
  });
  return edits;
}

function apply(document: DocumentNode, { node, by }: Edit): DocumentNode {
  return visit(document, {
    enter(visited) {
      if (visited !== node) return undefined;
      return by;
    },
    leave(visited) {
      if (visited.kind !== Kind.SELECTION_SET) return undefined;
      // What stands in the place of a node may be several.
      return { ...visited, selections: visited.selections.flat() };
    },
  });
}

/** Without what nothing refers to any more, and without what has become empty. */
function tidy(document: DocumentNode): DocumentNode {
  let current = document;
  for (;;) {
    const text = safePrint(current);
    const next = withoutUnused(current);
    if (safePrint(next) === text) return next;
    current = next;
  }
}

function withoutUnused(document: DocumentNode): DocumentNode {
  const spread = new Set<string>();
  visit(document, {
    enter(node) {
      if (node.kind === Kind.FRAGMENT_SPREAD) spread.add(node.name.value);
    },
  });
  const defined = new Set<string>();
  const definitions = document.definitions.filter((definition): definition is DefinitionNode => {
    if (definition.kind !== Kind.FRAGMENT_DEFINITION) return true;
    const kept = spread.has(definition.name.value) && definition.selectionSet.selections.length > 0;
    if (kept) defined.add(definition.name.value);
    return kept;
  });
  const used = new Set<string>();
  for (const definition of definitions) {
    visit(definition, {
      enter(node) {
        if (node.kind === Kind.VARIABLE_DEFINITION) return false;
        if (node.kind === Kind.VARIABLE) used.add(node.name.value);
        return undefined;
      },
    });
  }
  return visit(
    { ...document, definitions },
    {
      leave(node) {
        if (node.kind === Kind.VARIABLE_DEFINITION) return used.has(node.variable.name.value) ? undefined : null;
        if (node.kind === Kind.FRAGMENT_SPREAD) return defined.has(node.name.value) ? undefined : null;
        if (node.kind !== Kind.INLINE_FRAGMENT && node.kind !== Kind.FIELD) return undefined;
        return node.selectionSet?.selections.length === 0 ? null : undefined;
      },
    },
  );
}

const sizeOf = (node: ASTNode): number => safePrint(node).length;

function safePrint(node: ASTNode): string {
  try {
    return print(node);
  } catch {
    return '';
  }
}

function parseOrNothing(text: string): DocumentNode | undefined {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
