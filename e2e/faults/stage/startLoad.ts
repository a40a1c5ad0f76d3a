import { newId } from '#platform/ids.ts';
import type { Person } from '../../person.ts';

/** createTask calls that are under way: each has an id of the client's and is repeated until it is acknowledged. */
export type Load = {
  /** The ids of the tasks, acknowledged or not. */
  ids: string[];
  acknowledged(): number;
  /** Calls that had to be repeated, by the reason. */
  retries: Map<string, number>;
  /** Calls that were acknowledged and then sent once more, as by a client that the answer did not reach. */
  sentAgain(): number;
  /** Refusals that no fault explains. */
  refusals: string[];
  /** Resolves when so many calls are acknowledged. */
  reached(count: number): Promise<void>;
  /** Resolves when all calls are acknowledged or refused. */
  done: Promise<void>;
};

/** What a client repeats: the system was away or busy, and what became of the call is unknown. */
const retriable = new Set(['SERVICE_UNAVAILABLE', 'TOO_BUSY']);
const pauseMs = 100;
/** One in so many calls is sent again after its answer. */
const againEvery = 20;
const mutation = 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }';

/** Starts the load. Rejects `done` (and `reached`) when a call is still not acknowledged after `patienceMs`. */
export function startLoad(options: {
  person: Person;
  projectId: string;
  assigneeId: string;
  count: number;
  clients?: number;
  patienceMs?: number;
  /** No further call while this is true: what comes after a call should not lag behind more and more on a busy machine. */
  isAhead?: () => boolean;
}): Load {
  const { person, projectId, assigneeId, count, clients = 8, patienceMs = 90_000, isAhead = () => false } = options;
  const ids = Array.from({ length: count }, () => newId());
  const retries = new Map<string, number>();
  const refusals: string[] = [];
  const waiting: { count: number; resolve: () => void }[] = [];
  let acknowledged = 0;
  let again = 0;
  let next = 0;

  const attempt = async (id: string, index: number): Promise<string | null> => {
    const input = { id, projectId, assigneeId, title: `Task ${index + 1} of ${count}` };
    try {
      const { data, errors } = await person.answer(mutation, { input });
      if (!errors) return data.createTask.task.id === id ? null : 'another id came back';
      return errors[0]?.extensions?.code ?? 'an error without a code';
    } catch (error) {
      const cause = (error as Error).cause as { code?: string } | undefined;
      return `network ${cause?.code ?? (error as Error).message}`;
    }
  };
  /** Repeats the call until it is acknowledged (true) or refused. */
  const insist = async (id: string, index: number): Promise<boolean> => {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const reason = await attempt(id, index);
      if (reason === null) return true;
      if (!retriable.has(reason) && !reason.startsWith('network')) {
        refusals.push(reason);
        return false;
      }
      retries.set(reason, (retries.get(reason) ?? 0) + 1);
      if (performance.now() > deadline) throw new Error(`createTask ${id} is still ${reason} after ${patienceMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  const create = async (id: string, index: number) => {
    if (!(await insist(id, index))) return;
    acknowledged++;
    for (const one of waiting) if (acknowledged >= one.count) one.resolve();
    if (index % againEvery === 0 && (await insist(id, index))) again++;
  };
  const client = async () => {
    while (next < count) {
      while (isAhead()) await new Promise((resolve) => setTimeout(resolve, 20));
      if (next >= count) return;
      const index = next++;
      await create(ids[index] as string, index);
    }
  };
  const done = Promise.all(Array.from({ length: clients }, client)).then(() => {});
  done.catch(() => {});
  return {
    ids,
    retries,
    refusals,
    acknowledged: () => acknowledged,
    sentAgain: () => again,
    // What is never reached (refusals) ends with the load.
    reached: (wanted) =>
      Promise.race([
        done,
        new Promise<void>((resolve) => {
          if (acknowledged >= wanted) resolve();
          else waiting.push({ count: wanted, resolve });
        }),
      ]),
    done,
  };
}

/** `12 SERVICE_UNAVAILABLE, 3 network ECONNRESET` */
export const describeRetries = (retries: Map<string, number>): string =>
  [...retries].map(([reason, count]) => `${count} ${reason}`).join(', ') || 'none';
