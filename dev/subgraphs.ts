/** The subgraphs, by the one word that names each everywhere: schema/tasks.graphql, prisma/tasks, subgraphs/tasks, events/tasks.ts. */
export const subgraphs = ['users', 'tasks', 'comments', 'notifications'] as const;

/** The name of a subgraph. */
export type SubgraphName = (typeof subgraphs)[number];

/** The port that each subgraph listens on unless PORT says otherwise; the committed supergraph names them. */
export const subgraphPorts: Record<SubgraphName, number> = {
  users: 4001,
  tasks: 4002,
  comments: 4003,
  notifications: 4004,
};
