import { parseArgs } from 'node:util';
import { benchEvents } from './events/benchEvents.ts';
import { benchStart } from './start/benchStart.ts';

/** A bench: prints its figures for people, and returns them for the last line. */
export type Bench = (options: { size: Size; print: (text: string) => void }) => Promise<object>;

/** `full` is what the README quotes; `short` takes about a minute; `smoke` is for the test of the bench itself. */
export type Size = 'full' | 'short' | 'smoke';

const benches: Record<string, Bench> = { events: benchEvents, start: benchStart };

/** `npm run bench -- <name> [--short]`. The last line is the result as one JSON object. */
async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { short: { type: 'boolean' }, smoke: { type: 'boolean' } },
  });
  const [name = ''] = positionals;
  const bench = benches[name];
  if (!bench || positionals.length > 1) {
    console.error(`Usage: npm run bench -- <${Object.keys(benches).join('|')}> [--short]`);
    return 2;
  }
  const size = values.smoke ? 'smoke' : values.short ? 'short' : 'full';
  const figures = await bench({ size, print: console.log });
  console.log(JSON.stringify({ bench: name, size, ...figures }));
  return 0;
}

process.exit(await main());
