import { waitFor } from '#platform/testing/waitFor.ts';
import { defineScenario } from './stage/defineScenario.ts';
import { openWorkshop } from './stage/programs.ts';
import { readStream } from './stage/streamTools.ts';

const mostMs = 2_000;

/**
 * Makes the commit of an event that is named so wait until an event with a later id has taken effect, and then take its time: its
 * place in the table is taken, nobody sees it, and whoever followed the order has gone past it meanwhile.
 */
const slowCommits = (ms: number) => `
  create function late() returns trigger language plpgsql as $$
  begin
    if exists (select from backbone.event where id = new.event_id and data ->> 'name' = 'late') then
      while not exists (select from effect where event_id > new.event_id) loop
        perform pg_sleep(0.02);
      end loop;
      perform pg_sleep(${ms / 1000});
    end if;
    return null;
  end $$;
  create constraint trigger late after insert on backbone.outbox deferrable initially deferred
    for each row execute function late();`;

/** Rows leave the outbox by being there, never by a cursor over an order: what commits late is not skipped. */
export const lateCommit = defineScenario({
  name: 'late-commit',
  title:
    'transaction A takes its place in the event table and sleeps while B commits; every other time its process is killed',
  needs: 'servers',
  full: { rounds: 6, sleepMs: 5_000 },
  short: { rounds: 2, sleepMs: 1_500 },
  async run(stage, { rounds, sleepMs }) {
    const { nats } = stage;
    const { stream, sql, count, affected, outcome, startRelay, startConsumer } = await openWorkshop(
      stage,
      'late-commit',
    );
    await sql(slowCommits(sleepMs));
    await startConsumer();
    await startRelay();
    const sleeping = "pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
    const late = "backbone.event where data ->> 'name' = 'late'";
    const delays: number[] = [];
    let overtaken = 0;
    for (let round = 1; round <= rounds; round++) {
      const a = await startRelay({ names: ['late'] });
      await waitFor(async () => (await count(sleeping)) === 1, { timeoutMs: 30_000, everyMs: 5 });
      // Postgres ends the commit without the process; only a sweeper can publish the event then.
      if (round % 2 === 0) await a.kill();
      const b = await startRelay({ names: [`quick ${round}`] });
      const seen = await waitFor(
        async () => {
          const [row] = await sql<{ n: number; at: Date }>(
            `select count(*)::int as n, clock_timestamp() as at from ${late}`,
          );
          return row?.n === round && row;
        },
        { timeoutMs: 60_000, everyMs: 5 },
      );
      await waitFor(async () => (await affected("name = 'late'")) === round, { timeoutMs: 30_000 });
      const [quick] = await sql<{ at: Date }>('select at from effect where name = $1', [`quick ${round}`]);
      if (quick && quick.at < seen.at) overtaken++;
      const [effect] = await sql<{ at: Date }>(
        `select greatest((select max(at) from effect where name = 'late'), (select max(at) from stated where name = 'late')) as at`,
      );
      // Below 0: it came faster than we look.
      delays.push(effect ? Math.max(0, effect.at.getTime() - seen.at.getTime()) : Number.POSITIVE_INFINITY);
      await Promise.all([a.kill(), b.kill()]);
    }
    stage.did(`A's delivery after its commit, in ms: ${delays.join(', ')}; in every second round by a sweeper`);
    const places = await sql<{ name: string }>("select data ->> 'name' as name from backbone.event order by id");
    const earlier = places.filter(({ name }, index) => name === 'late' && places[index + 1]?.name.startsWith('quick'));
    await waitFor(async () => (await count('backbone.outbox')) === 0, { timeoutMs: 30_000 });
    const events = await count('backbone.event');
    const inStream = new Set((await readStream(nats, stream)).map(({ id }) => id)).size;
    const { handled, stated, both, twice } = await outcome();
    stage.counted({ 'A before B in the table': earlier.length, 'B delivered before A was committed': overtaken });
    stage.counted({
      events,
      'in the stream': inStream,
      'effects of code': handled,
      'of a statement': stated,
      'longest delay': `${Math.max(...delays)} ms`,
    });
    stage.check(
      'A had the earlier place each time, and B was delivered first',
      earlier.length === rounds && overtaken === rounds,
    );
    stage.check('both are delivered, once', events === rounds * 2 && inStream === events && both === events);
    stage.check('0 twice', twice === 0);
    stage.check('A within 2 s of its commit', Math.max(...delays) < mostMs);
  },
});
