import type { Database } from './connect.ts';
import type { Output } from './print.ts';
import { CommandError } from './targets.ts';

type Consumer = { name: string; kind: 'fact' | 'state'; stream: string; projection: string | null };
type Row = { phase: string; events: number; waits_for: string | null; driven: boolean };

/** Where the consumer runs. Throws when there is none of that name, when it is a fact consumer, or when it can't be cleared. */
async function findStateConsumer(databases: Database[], name: string) {
  const all = await Promise.all(
    databases.map(async (database) => {
      const { rows } = await database.query<Consumer>('select name, kind, stream, projection from backbone.consumer');
      return rows.map((consumer) => ({ database, consumer }));
    }),
  );
  const found = all.flat().find(({ consumer }) => consumer.name === name);
  if (!found) {
    const known = all.flat().flatMap(({ consumer }) => (consumer.kind === 'state' ? [consumer.name] : []));
    throw new CommandError(`There is no consumer ${name}. State consumers: ${known.sort().join(', ') || 'none'}`, {
      usage: true,
    });
  }
  if (found.consumer.kind !== 'state') {
    throw new CommandError(`${name} is a fact consumer: it is never rebuilt, its dead letters are replayed`, {
      usage: true,
    });
  }
  const { rows } = await found.database.query(
    `select conrelid::regclass::text as "from" from pg_constraint
     where contype = 'f' and confrelid = to_regclass(quote_ident($1))`,
    [found.consumer.projection],
  );
  if (rows[0]) throw new CommandError(`${rows[0].from} refers to ${found.consumer.projection}: it can't be cleared`);
  return found;
}

/**
 * `rebuild`: asks for it, and tells how far it is until it is done. It outlives this command; `wait: false` only asks. The
 * projection is fenced until then: reads ask the owner.
 */
export async function rebuildConsumer(
  databases: Database[],
  { name, wait, signal }: { name: string; wait: boolean; signal: AbortSignal },
  output: Output,
): Promise<void> {
  const { database, consumer } = await findStateConsumer(databases, name);
  const asked = await database.query(
    'insert into backbone.rebuild (consumer) values ($1) on conflict do nothing returning consumer',
    [name],
  );
  output.line(
    asked.rowCount === 1
      ? `${name}: ${consumer.projection} is fenced and will be made anew from ${consumer.stream}'s history`
      : `${name}: a rebuild is under way already`,
  );
  let told = '';
  while (wait && !signal.aborted) {
    const { rows } = await database.query<Row>(
      `select phase, events, waits_for, coalesce(driven_at, requested_at) > clock_timestamp() - interval '3 s' as driven
       from backbone.rebuild where consumer = $1`,
      [name],
    );
    const [row] = rows;
    if (!row) return output.line(`${name}: rebuilt`);
    const waits = row.driven ? row.waits_for : `a worker of ${database.name}`;
    const line = `${row.phase}, ${row.events} events republished${waits ? `; waits for ${waits}` : ''}`;
    if (line !== told) output.line(`${name}: ${line}`);
    told = line;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  output.line(`${name}: it goes on without this command`);
}
