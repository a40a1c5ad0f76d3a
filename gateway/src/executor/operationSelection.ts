import { directivesToDirectiveNodes, type Operation, type SelectionSet } from '@apollo/federation-internals';
import { Kind, type SelectionNode, type SelectionSetNode } from 'graphql';

/**
 * What an operation selects, as @apollo/gateway goes through it: what is selected twice in one place is merged there, which decides
 * the order of keys. Fragments with names are inline, and fields have no arguments but for introspection: nothing else needs them.
 */
export function operationSelection(operation: Operation): SelectionSetNode {
  const known = new Map<SelectionSet, SelectionSetNode>();

  function toNode(set: SelectionSet): SelectionSetNode {
    const node = known.get(set) ?? { kind: Kind.SELECTION_SET, selections: set.selections().map(toSelection) };
    known.set(set, node);
    return node;
  }

  function toSelection(selection: ReturnType<SelectionSet['selections']>[number]): SelectionNode {
    const directives = directivesToDirectiveNodes(selection.element.appliedDirectives) ?? [];
    if (selection.kind === 'FieldSelection') {
      const { name, alias, definition } = selection.element;
      if (definition.isSchemaIntrospectionField()) return selection.expandFragments().toSelectionNode();
      return {
        kind: Kind.FIELD,
        name: nameNode(name),
        directives,
        ...(alias && { alias: nameNode(alias) }),
        ...(selection.selectionSet && { selectionSet: toNode(selection.selectionSet) }),
      };
    }
    const condition = selection.element.typeCondition?.name;
    return {
      kind: Kind.INLINE_FRAGMENT,
      directives,
      ...(condition && { typeCondition: { kind: Kind.NAMED_TYPE, name: nameNode(condition) } }),
      selectionSet: toNode(selection.selectionSet),
    };
  }

  return toNode(operation.selectionSet);
}

const nameNode = (value: string) => ({ kind: Kind.NAME, value }) as const;
