/** The subgraphs, by the one word that names each everywhere: schema/tasks.graphql, prisma/tasks, subgraphs/tasks, events/tasks.ts. */
export const subgraphs = ['users', 'tasks', 'comments', 'notifications'] as const;

/** The name of a subgraph. */
export type SubgraphName = (typeof subgraphs)[number];
