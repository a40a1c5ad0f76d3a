/** Reports a piece of work: its line appears when it begins, its time when it ends; `say` adds a detail to the line. */
export type Step = <T>(title: string, work: (say: (detail: string) => void) => Promise<T>) => Promise<T>;

/** For starts that nobody watches. */
export const silently: Step = (_title, work) => work(() => {});

/** The lines of the progress list, in their order. */
export const stepTitles = {
  ports: 'Ports are free',
  prisma: 'Prisma clients',
  schema: 'Supergraph composed',
  build: 'Services built',
  explorer: 'Explorer built',
  postgres: 'Postgres',
  redis: 'Redis',
  nats: 'NATS JetStream',
  databases: 'Databases migrated',
  service: (name: string) => `Service ${name}`,
  demo: 'Demo data',
};
