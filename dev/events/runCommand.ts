import { parseArgs } from 'node:util';
import type { Scope } from '#platform/service/scope.ts';
import { messageOf, openDatabases, openNats } from './connect.ts';
import { discardDead, listDead, replayDead, showDead } from './dead.ts';
import { findStrangers, printLag, readLag } from './lag.ts';
import type { Output } from './print.ts';
import { rebuildConsumer } from './rebuild.ts';
import { parseSince, tailEvents } from './tail.ts';
import { CommandError, type Targets } from './targets.ts';

/** What `npm run events` can do. */
export const usage = `Usage: npm run events -- <command>

  dead list                       what consumers have put aside      [--consumer <name>]
  dead show <event id>            one of them, whole                 [--consumer <name>]
  dead replay <event id>          handles it again, and waits        [--consumer <name>] [--all] [--timeout <seconds>]
  dead discard <event id>         takes it away for good             [--consumer <name>] [--all]
  rebuild <state consumer>        makes its projection anew          [--no-wait]
  tail                            follows the streams                [--subject <subject>] [--since 10m] [--count <n>] [--json]
  lag                             consumers, dead letters, outboxes  [--json]

dead, rebuild and lag take --subgraph <name>, too. Where the databases and NATS are: docs/operating-events.md`;

const options = {
  subgraph: { type: 'string' },
  consumer: { type: 'string' },
  all: { type: 'boolean', default: false },
  timeout: { type: 'string', default: '30' },
  'no-wait': { type: 'boolean', default: false },
  subject: { type: 'string' },
  since: { type: 'string' },
  count: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** What a command needs. `targets` is asked for only when the command line is in order. */
export type CommandContext = { targets: () => Targets; scope: Scope; output: Output; signal: AbortSignal };

/**
 * Runs one command. Resolves with the exit code: 0 done, 1 it failed (a replay failed again, a server is away), 2 it was asked
 * for something that isn't there.
 */
export async function runCommand(args: string[], context: CommandContext): Promise<number> {
  const { output } = context;
  try {
    const { positionals, values } = parse(args);
    if (values.help) {
      output.line(usage);
      return 0;
    }
    return (await run(positionals, values, context)) ? 0 : 1;
  } catch (error) {
    const asked = error instanceof CommandError && error.usage;
    output.line(error instanceof CommandError ? error.message : `It failed: ${messageOf(error)}`);
    return asked ? 2 : 1;
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    throw new CommandError(`${messageOf(error)}\n\n${usage}`, { usage: true });
  }
}

type Values = ReturnType<typeof parse>['values'];

async function run(words: string[], values: Values, context: CommandContext): Promise<boolean> {
  const { targets, scope, output, signal } = context;
  const databases = () => openDatabases(targets(), values.subgraph, scope);
  const [command, ...rest] = words;
  switch (command) {
    case 'dead':
      return runDead(rest, values, context);
    case 'rebuild': {
      const name = only(rest, 'the state consumer');
      await rebuildConsumer(await databases(), { name, wait: !values['no-wait'], signal }, output);
      return true;
    }
    case 'tail': {
      only([...rest, 'tail']);
      const since = values.since === undefined ? undefined : new Date(Date.now() - parseSince(values.since));
      const count = values.count === undefined ? undefined : positive(values.count, '--count');
      const { subject, json } = values;
      await tailEvents(await openNats(targets(), scope), { subject, since, count, json, signal }, output);
      return true;
    }
    case 'lag': {
      only([...rest, 'lag']);
      return runLag(values, context);
    }
    default:
      throw new CommandError(command ? `There is no command ${command}\n\n${usage}` : usage, { usage: true });
  }
}

async function runDead(words: string[], values: Values, context: CommandContext): Promise<boolean> {
  const { targets, scope, output, signal } = context;
  const [verb, ...rest] = words;
  if (rest.length > 1) throw new CommandError(`One event id at a time\n\n${usage}`, { usage: true });
  const choice = { eventId: rest[0], consumer: values.consumer, all: values.all };
  const timeoutMs = positive(values.timeout, '--timeout') * 1_000;
  const databases = () => openDatabases(targets(), values.subgraph, scope);
  switch (verb) {
    case 'list':
      await listDead(await databases(), choice, output);
      return true;
    case 'show':
      await showDead(await databases(), choice, output);
      return true;
    case 'discard':
      return discardDead(await databases(), choice, output);
    case 'replay':
      return replayDead(await databases(), { ...choice, timeoutMs, signal }, output);
    default:
      throw new CommandError(`dead list, show, replay or discard\n\n${usage}`, { usage: true });
  }
}

async function runLag(values: Values, { targets, scope, output }: CommandContext): Promise<boolean> {
  const found = targets();
  const [databases, nats] = await Promise.all([
    openDatabases(found, values.subgraph, scope),
    openNats(found, scope).catch((error: CommandError) => error),
  ]);
  const manager = nats instanceof Error ? null : nats.manager;
  const lag = await readLag(databases, manager);
  if (values.json) output.line(JSON.stringify(lag));
  else printLag(lag, output);
  if (nats instanceof Error) {
    output.line(values.json ? JSON.stringify({ error: nats.message }) : `\n${nats.message}`);
    return false;
  }
  // Who sees only some of the databases can't tell whose a consumer is.
  if (values.json || values.subgraph || databases.length < found.databases.size) return true;
  for (const name of await findStrangers(nats.manager, lag)) output.line(`\nNo subgraph here runs ${name}`);
  return true;
}

/** The one word that a command takes. */
function only(words: string[], what = 'nothing more'): string {
  const [word, ...more] = words;
  if (word === undefined || more.length > 0) throw new CommandError(`Name ${what}\n\n${usage}`, { usage: true });
  return word;
}

function positive(text: string, option: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new CommandError(`${option} takes a number above 0, not ${text}`, { usage: true });
  return number;
}
