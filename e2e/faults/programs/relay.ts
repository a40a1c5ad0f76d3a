import { newId } from '#platform/ids.ts';
import { createOutbox } from '#platform/outbox/createOutbox.ts';
import type { Prisma } from '#prisma/tasks/client/client.ts';
import { type ProgramInput, readInput, startBackbone, thingChanged } from './startBackbone.ts';

/** What it commits; afterwards it stays and sweeps until it is ended. */
export type RelayInput = ProgramInput & {
  /** Things with these names, one event each. */
  names?: string[];
  /** Things that exist: each occurrence is an update. */
  updates?: string[];
  /** How many commits run at once. */
  clients?: number;
  /** Pause of each client between its commits, in milliseconds. */
  everyMs?: number;
};

const input = readInput<RelayInput>();
const backbone = startBackbone(input);
const { stream, names = [], updates = [], clients = 1, everyMs = 0 } = input;
const outbox = createOutbox<Prisma.TransactionClient>({ publisher: stream, ...backbone, sweep: true });
const contract = thingChanged(stream);

/** Something that came to be. */
const create = (name: string) =>
  outbox.commit(async (_tx, record) =>
    record(contract, { aggregateId: newId(), version: 1, actorId: null, data: { name } }),
  );

/** Something that changed: its row is locked until the commit, which puts its versions in order. */
const update = (id: string) =>
  outbox.commit(async (tx, record) => {
    const [row] = await tx.$queryRaw<{ version: number }[]>`
      update thing set version = version + 1 where id = ${id}::uuid returning version`;
    const version = row?.version ?? 1;
    record(contract, { aggregateId: id, version, actorId: null, data: { name: `version ${version}` } });
  });

const work = [...names.map((name) => () => create(name)), ...updates.map((id) => () => update(id))];
const client = async () => {
  for (let next = work.shift(); next; next = work.shift()) {
    await next();
    if (everyMs > 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
};
await Promise.all(Array.from({ length: clients }, client));
