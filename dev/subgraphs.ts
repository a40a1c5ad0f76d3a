/** The subgraphs, by the one word that names each everywhere: schema/tasks.graphql, prisma/tasks, subgraphs/tasks, events/tasks.ts. */
export const subgraphs = ['users', 'tasks', 'comments', 'notifications'] as const;

/** The name of a subgraph. */
export type SubgraphName = (typeof subgraphs)[number];

/** Whom a subgraph asks over internal routes: it gets their URLs, and the keys of these calls. */
export const asks: Record<SubgraphName, readonly SubgraphName[]> = {
  users: [],
  tasks: ['users'],
  comments: ['users', 'tasks'],
  notifications: ['users'],
};

/** Who calls whom, as `caller>callee`: the gateway each subgraph, and a subgraph those that it asks. */
export const callPairs: readonly string[] = [
  ...subgraphs.map((callee) => `gateway>${callee}`),
  ...subgraphs.flatMap((caller) => asks[caller].map((callee) => `${caller}>${callee}`)),
];

/** The port that each subgraph listens on unless PORT says otherwise; the committed supergraph names them. */
export const subgraphPorts: Record<SubgraphName, number> = {
  users: 4001,
  tasks: 4002,
  comments: 4003,
  notifications: 4004,
};
