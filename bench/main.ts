import { parseArgs } from 'node:util';

/** A bench: prints its figures for people, and returns them for the last line. */
export type Bench = (options: {
  size: Size;
  /** Only this part of the bench, where it has parts. */
  part?: string | undefined;
  print: (text: string) => void;
}) => Promise<object>;

/** `full` is what the README quotes; `short` takes about a minute; `smoke` is for the test of the bench itself. */
export type Size = 'full' | 'short' | 'smoke';

/** Loaded when they are run: one doesn't need what another does. */
const benches: Record<string, () => Promise<Bench>> = {
  events: async () => (await import('./events/benchEvents.ts')).benchEvents,
  gateway: async () => (await import('./gateway/benchGateway.ts')).benchGateway,
  identity: async () => (await import('./identity/benchIdentity.ts')).benchIdentity,
  start: async () => (await import('./start/benchStart.ts')).benchStart,
};

/** `npm run bench -- <name> [--short] [part]`. The last line is the result as one JSON object. */
async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { short: { type: 'boolean' }, smoke: { type: 'boolean' } },
  });
  const [name = '', part] = positionals;
  const bench = Object.hasOwn(benches, name) ? await benches[name]?.() : undefined;
  if (!bench || positionals.length > 2 || (part && name === 'start')) {
    console.error(
      `Usage: npm run bench -- <${Object.keys(benches).join('|')}> [--short] [part of events, gateway or identity]`,
    );
    return 2;
  }
  const size = values.smoke ? 'smoke' : values.short ? 'short' : 'full';
  const figures = await bench({ size, part, print: console.log });
  console.log(JSON.stringify({ bench: name, size, ...figures }));
  return 0;
}

process.exit(await main());
