/** A supergraph of the suite, before it is composed. */
export type GraphDefinition = {
  name: string;
  /** Whether nothing in it is of the kind that the compiler leaves to @apollo/gateway. */
  plain: boolean;
  /** The SDL of each subgraph, by its name. */
  subgraphs: Record<string, string>;
};
