import type { Database } from './connect.ts';
import { isUuid } from './isUuid.ts';
import { type Output, oneLine, table } from './print.ts';
import { CommandError } from './targets.ts';

/** Which dead letters a command is about. */
export type Choice = { eventId?: string; consumer?: string; all?: boolean };

type Letter = {
  consumer: string;
  eventId: string;
  event: Record<string, unknown>;
  reason: string;
  attempts: number;
  firstAt: Date;
  lastAt: Date;
  replayAt: Date | null;
};
type Found = { database: Database; letter: Letter };

const columns = `consumer, event_id as "eventId", event, reason, attempts, first_at as "firstAt", last_at as "lastAt",
  replay_at as "replayAt"`;

/** The dead letters of the choice, the oldest first. */
async function find(databases: Database[], { eventId, consumer }: Choice): Promise<Found[]> {
  if (eventId !== undefined && !isUuid(eventId)) {
    throw new CommandError(`${eventId} is no event id (a UUID); \`dead list\` shows them`, { usage: true });
  }
  const found = await Promise.all(
    databases.map(async (database) => {
      const { rows } = await database.query<Letter>(
        `select ${columns} from backbone.dead_letter
         where ($1::uuid is null or event_id = $1) and ($2::text is null or consumer = $2) order by first_at`,
        [eventId ?? null, consumer ?? null],
      );
      return rows.map((letter) => ({ database, letter }));
    }),
  );
  return found.flat().sort((a, b) => a.letter.firstAt.getTime() - b.letter.firstAt.getTime());
}

/** Those of the choice; throws when it names nothing, or when there are none. */
async function findChosen(databases: Database[], choice: Choice): Promise<Found[]> {
  if (choice.eventId === undefined && choice.consumer === undefined && !choice.all) {
    throw new CommandError('Name an event id, --consumer <name> or --all', { usage: true });
  }
  const found = await find(databases, choice);
  if (found.length > 0 || choice.all) return found;
  const what = choice.eventId ? `of the event ${choice.eventId}` : `of ${choice.consumer}`;
  const where = databases.map(({ name }) => name).join(', ');
  throw new CommandError(`There is no dead letter ${what} in ${where}`, { usage: true });
}

const typeOf = ({ event }: Letter) => String(event.type ?? '(no event)');

/** `dead list`: one line each. */
export async function listDead(databases: Database[], choice: Choice, output: Output): Promise<void> {
  const found = await find(databases, choice);
  if (found.length === 0) return output.line('No dead letters.');
  const rows = found.map(({ database, letter }) => [
    letter.eventId,
    database.name,
    letter.consumer,
    typeOf(letter),
    letter.attempts,
    letter.lastAt.toISOString(),
    `${letter.replayAt ? '(being replayed) ' : ''}${oneLine(letter.reason)}`,
  ]);
  const titles = ['event', 'subgraph', 'consumer', 'type', 'attempts', 'last', 'reason'];
  for (const line of table(titles, rows, output.width)) output.line(line);
}

/** `dead show`: all of it, with the whole event. */
export async function showDead(databases: Database[], choice: Choice, output: Output): Promise<void> {
  for (const { database, letter } of await findChosen(databases, choice)) {
    output.line(`event     ${letter.eventId}`);
    output.line(`consumer  ${letter.consumer} (${database.name})`);
    output.line(`attempts  ${letter.attempts}, from ${letter.firstAt.toISOString()} to ${letter.lastAt.toISOString()}`);
    if (letter.replayAt) output.line(`replay    asked for at ${letter.replayAt.toISOString()}`);
    output.line(`reason    ${letter.reason.split('\n').join('\n          ')}`);
    output.line(JSON.stringify(letter.event, null, 2));
    output.line();
  }
}

/** `dead discard`: takes them away for good, and prints what they were. One that is being replayed is left. */
export async function discardDead(databases: Database[], choice: Choice, output: Output): Promise<boolean> {
  let complete = true;
  for (const { database, letter } of await findChosen(databases, choice)) {
    const { rowCount } = await database.query(
      'delete from backbone.dead_letter where consumer = $1 and event_id = $2 and replay_at is null',
      [letter.consumer, letter.eventId],
    );
    if (rowCount === 1) output.line(`discarded  ${letter.consumer}  ${JSON.stringify(letter.event)}`);
    else {
      complete = false;
      output.line(`left       ${letter.consumer}  ${letter.eventId}: it is being replayed, or was`);
    }
  }
  return complete;
}

/**
 * `dead replay`: marks them, and waits until the workers have handled them. False when one failed again, or when it was not
 * handled in time: then it stays marked, and a worker will have it.
 */
export async function replayDead(
  databases: Database[],
  choice: Choice & { timeoutMs: number; signal: AbortSignal },
  output: Output,
): Promise<boolean> {
  const found = await findChosen(databases, choice);
  if (found.length === 0) output.line('No dead letters.');
  const waiting = new Map(found.map((one) => [`${one.letter.consumer} ${one.letter.eventId}`, one]));
  for (const { database, letter } of found) {
    await database.query(
      `update backbone.dead_letter set replay_at = coalesce(replay_at, clock_timestamp())
       where consumer = $1 and event_id = $2`,
      [letter.consumer, letter.eventId],
    );
  }
  const deadline = performance.now() + choice.timeoutMs;
  let handled = true;
  while (waiting.size > 0 && performance.now() < deadline && !choice.signal.aborted) {
    for (const [key, { database, letter }] of waiting) {
      const now = (await find([database], letter))[0]?.letter;
      if (now?.replayAt) continue;
      waiting.delete(key);
      if (now) handled = false;
      const outcome = now ? `failed again: ${oneLine(now.reason)}` : 'handled';
      output.line(`${letter.eventId}  ${letter.consumer}  ${outcome}`);
    }
    if (waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, 200));
  }
  for (const { database, letter } of waiting.values()) {
    output.line(
      `${letter.eventId}  ${letter.consumer}  not handled yet: it stays marked, and a worker of ${database.name} will have it`,
    );
  }
  return handled && waiting.size === 0;
}
