import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import { type GraphQLSchema, getNamedType, isInterfaceType, isObjectType, parse } from 'graphql';
import { createKeys, type Keys } from '../subgraphs/createKeys.ts';
import type { GraphDefinition } from '../supergraphs/definition.ts';

export type ComposedGraph = {
  sdl: string;
  /** What clients see. */
  schema: GraphQLSchema;
  /** What only the gateway sees. */
  supergraphs: { supergraph: Supergraph; supergraphSchema: GraphQLSchema };
  keys: Keys;
};

/** @throws Error when the subgraphs don't fit together */
export function composeGraph({ name, subgraphs }: GraphDefinition): ComposedGraph {
  const documents = Object.entries(subgraphs).map(([name, sdl]) => ({
    name,
    typeDefs: parse(sdl),
    url: `http://${name}.invalid/graphql`,
  }));
  const { supergraphSdl, errors } = composeServices(documents);
  if (!supergraphSdl) throw new Error(`${name}: ${errors?.join('\n')}`);
  const supergraph = Supergraph.build(supergraphSdl);
  const full = supergraph.schema.toGraphQLJSSchema();
  const keys = createKeys(
    documents.map(({ typeDefs }) => typeDefs),
    (type, field) => {
      const parent = full.getType(type);
      if (!isObjectType(parent) && !isInterfaceType(parent)) return undefined;
      const found = parent.getFields()[field];
      return found && getNamedType(found.type).name;
    },
  );
  const schema = supergraph.apiSchema().toGraphQLJSSchema();
  return { sdl: supergraphSdl, schema, supergraphs: { supergraph, supergraphSchema: full }, keys };
}
