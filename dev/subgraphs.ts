/** What the system is told of a subgraph. */
type Subgraph<Name extends string> = {
  /** Where it listens unless PORT says otherwise; the committed supergraph names it. */
  port: number;
  /** Whom it asks over internal routes: it gets their URLs, and the keys of these calls. */
  asks: readonly Name[];
};

/** The subgraphs, by the one word that names each everywhere: schema/tasks.graphql, prisma/tasks, subgraphs/tasks, events/tasks.ts. */
const declared = defineSubgraphs({
  // For its members' own data, when they download it.
  users: { port: 4001, asks: ['tasks', 'comments', 'notifications'] },
  tasks: { port: 4002, asks: ['users'] },
  comments: { port: 4003, asks: ['users', 'tasks'] },
  notifications: { port: 4004, asks: ['users', 'tasks'] },
});

/** The name of a subgraph. */
export type SubgraphName = keyof typeof declared;

/** The names of the subgraphs, in the order of the list. */
export const subgraphs = Object.keys(declared) as readonly SubgraphName[];

/** Whom a subgraph asks over internal routes. */
export const asks = Object.fromEntries(subgraphs.map((name) => [name, declared[name].asks])) as Record<
  SubgraphName,
  readonly SubgraphName[]
>;

/** The port that each subgraph listens on unless PORT says otherwise. */
export const subgraphPorts = Object.fromEntries(subgraphs.map((name) => [name, declared[name].port])) as Record<
  SubgraphName,
  number
>;

/** Who calls whom, as `caller>callee`: the gateway each subgraph, and a subgraph those that it asks. */
export const callPairs: readonly string[] = [
  ...subgraphs.map((callee) => `gateway>${callee}`),
  ...subgraphs.flatMap((caller) => asks[caller].map((callee) => `${caller}>${callee}`)),
];

/**
 * The list as it is given. Its types hold it right for whoever checks them; the commands run without, so what they would
 * trip over is said here.
 */
export function defineSubgraphs<Name extends string>(
  list: Record<Name, Subgraph<NoInfer<Name>>>,
): Record<Name, Subgraph<Name>> {
  const problems: string[] = [];
  const ports = new Map<number, string>([[4000, 'gateway']]);
  for (const [name, entry] of Object.entries<Partial<Subgraph<string>> | undefined>(list)) {
    if (!/^[a-z]+$/.test(name)) problems.push(`${name}: a name is one word of lower-case letters`);
    const { port, asks: asked } = entry ?? {};
    if (!Number.isInteger(port)) problems.push(`${name} needs a port, as in { port: 4005, asks: ['users'] }`);
    else if (ports.has(port as number))
      problems.push(`${name} has port ${port}, which is that of ${ports.get(port as number)}`);
    else ports.set(port as number, name);
    if (!Array.isArray(asked)) problems.push(`${name} needs asks: whom it asks over internal routes, [] for nobody`);
    for (const other of asked ?? []) {
      if (!Object.hasOwn(list, other)) problems.push(`${name} asks ${other}, which is no subgraph`);
      if (other === name) problems.push(`${name} asks itself`);
    }
  }
  if (problems.length > 0) throw new Error(`dev/subgraphs.ts: ${problems.join('; ')}`);
  return list;
}
