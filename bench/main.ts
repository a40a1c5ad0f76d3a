import { parseArgs } from 'node:util';
import { benchEvents } from './events/benchEvents.ts';
import { benchGateway } from './gateway/benchGateway.ts';
import { benchStart } from './start/benchStart.ts';

/** A bench: prints its figures for people, and returns them for the last line. */
export type Bench = (options: {
  size: Size;
  /** Only this part of the bench, where it has parts. */
  part?: string | undefined;
  print: (text: string) => void;
}) => Promise<object>;

/** `full` is what the README quotes; `short` takes about a minute; `smoke` is for the test of the bench itself. */
export type Size = 'full' | 'short' | 'smoke';

const benches: Record<string, Bench> = { events: benchEvents, gateway: benchGateway, start: benchStart };

/** `npm run bench -- <name> [--short] [part]`. The last line is the result as one JSON object. */
async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { short: { type: 'boolean' }, smoke: { type: 'boolean' } },
  });
  const [name = '', part] = positionals;
  const bench = benches[name];
  if (!bench || positionals.length > 2 || (part && name !== 'gateway')) {
    console.error(`Usage: npm run bench -- <${Object.keys(benches).join('|')}> [--short] [part of gateway]`);
    return 2;
  }
  const size = values.smoke ? 'smoke' : values.short ? 'short' : 'full';
  const figures = await bench({ size, part, print: console.log });
  console.log(JSON.stringify({ bench: name, size, ...figures }));
  return 0;
}

process.exit(await main());
