import { readFileSync } from 'node:fs';
import { type FragmentDefinitionNode, Kind, type OperationDefinitionNode, parse, visit } from 'graphql';

/**
 * The operations of a .graphql file, one text each, with the comments above them and the fragments that they use.
 * Without a file there are none.
 *
 * @throws GraphQLError when the file isn't GraphQL
 */
export function readExamples(path: string | undefined): string[] {
  if (!path) return [];
  const text = readFileSync(path, 'utf8');
  const { definitions } = parse(text);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const sourceOf = (node: OperationDefinitionNode | FragmentDefinitionNode): string => {
    const { start = 0, end = 0, startToken } = node.loc ?? {};
    let first = startToken;
    while (first?.prev?.kind === 'Comment') first = first.prev;
    return text.slice(first?.start ?? start, end);
  };
  return definitions
    .filter((definition) => definition.kind === Kind.OPERATION_DEFINITION)
    .map((operation) => [operation, ...used(operation, fragments)].map(sourceOf).join('\n\n'));
}

function used(
  node: OperationDefinitionNode | FragmentDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  found = new Set<FragmentDefinitionNode>(),
): Set<FragmentDefinitionNode> {
  visit(node, {
    FragmentSpread({ name }) {
      const fragment = fragments.get(name.value);
      if (!fragment || found.has(fragment)) return;
      found.add(fragment);
      used(fragment, fragments, found);
    },
  });
  return found;
}
