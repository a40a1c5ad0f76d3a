import { type DocumentNode, Kind, OperationTypeNode, parse, print } from 'graphql';

/** The document with its operations as queries: Subscription and Query of the schema have to have the same fields. */
export function asQuery(document: DocumentNode): DocumentNode {
  const definitions = document.definitions.map((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION ? { ...definition, operation: OperationTypeNode.QUERY } : definition,
  );
  return parse(print({ ...document, definitions }));
}
