import { join, relative } from 'node:path';
import { readEnv } from '#platform/env.ts';
import { renderBox } from './box.ts';
import { demoPassword, people } from './demo/content.ts';
import { fillExamples } from './demo/fillExamples.ts';
import { writeDemo } from './demo/writeDemo.ts';
import { devEnvSchema, toDevEnv } from './env.ts';
import { claimFolder } from './lock.ts';
import { createProgress } from './progress.ts';
import { createLineRenderer } from './renderLine.ts';
import { describeExit } from './serviceProcess.ts';
import { serviceNames } from './services.ts';
import { stepTitles } from './steps.ts';
import { type System, type SystemOptions, startSystem } from './system.ts';

/** Every end comes sooner than this, whatever hangs. */
const stopLimitMs = 9500;

/** A Ctrl-C can arrive twice: from the terminal, and passed on by npm. Only a later one is a second one. */
const sameSignalMs = 700;

const terminal = process.stdout.isTTY === true;
const colour = terminal && !process.env.NO_COLOR;

const titles = (): string[] => {
  const { service, demo, ...before } = stepTitles;
  return [...Object.values(before), ...serviceNames.map(service), demo];
};

/** Follows changes of the sources. Told to stop, it restarts nothing any more. */
export type Watch = (system: System, print: (text: string) => void) => { stop(): void };

/**
 * What `npm start` and `npm run dev` do: bring the system up with a progress list, print the box, then the services' log,
 * until Ctrl-C. With `watch`, a service that ends doesn't end the rest: the next change starts it again.
 */
export async function run({ watch }: { watch?: Watch } = {}): Promise<void> {
  const { ports, given, dataDir } = toDevEnv(readEnv(devEnvSchema));
  const giveUp = new AbortController();
  let system: System | undefined;
  let watching: ReturnType<Watch> | undefined;
  let release = () => {};
  let firstSignal = 0;

  const end = async (code: number): Promise<never> => {
    const limit = setTimeout(() => {
      void system?.kill();
      release();
      process.exit(code || 1);
    }, stopLimitMs);
    giveUp.abort();
    watching?.stop();
    await starting?.catch(() => {});
    await system?.stop();
    clearTimeout(limit);
    release();
    process.exit(code);
  };
  const onSignal = () => {
    if (!firstSignal) {
      firstSignal = Date.now();
      print('Stopping …');
      void end(0);
    } else if (Date.now() - firstSignal > sameSignalMs) {
      print('Killing …');
      // What is left is killed by the watchdog as soon as this process is gone.
      void (system?.kill() ?? Promise.resolve()).finally(() => process.exit(130));
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  stopWithParent(onSignal);

  // Lines that come while the progress list is drawn would tear it up. Of the services' only those are kept that tell of
  // trouble: the box should be what one sees. All of them are in the log files.
  let held: string[] | undefined = [];
  const render = createLineRenderer(serviceNames, colour);
  const print = (text: string) => {
    if (held) held.push(text);
    else console.log(text);
  };
  const log = (service: string, line: string) => {
    if (!held || !/"level":"(trace|debug|info)"/.test(line)) print(render(service, line));
  };
  const showHeld = () => {
    for (const text of held ?? []) console.log(text);
    held = undefined;
  };

  const examples = { demo: join(dataDir, 'demo.json'), to: join(dataDir, 'examples.graphql') };
  const progress = createProgress(titles(), terminal, giveUp.signal);
  const start = performance.now();
  const options: SystemOptions = {
    ports,
    given,
    dataDir,
    env: { gateway: { EXPLORER_EXAMPLES: examples.to } },
    step: progress.step,
    signal: giveUp.signal,
    log,
    onExit(name, exit) {
      if (firstSignal || giveUp.signal.aborted) return;
      print(
        `${name} ended unexpectedly (${describeExit(exit)}). Its log: ${shown(join(dataDir, 'logs', `${name}.log`))}`,
      );
      if (watching && isService(name)) print('Waiting for a change of the sources to start it again.');
      else if (system) void end(1);
    },
  };
  const begin = async (): Promise<System> => {
    release = claimFolder(dataDir);
    fillExamples(examples);
    const started = await startSystem(options);
    system = started;
    await progress.step(stepTitles.demo, async (say) =>
      say(await writeDemo({ url: started.urls.graphql, file: examples.demo })),
    );
    fillExamples(examples);
    return started;
  };
  const starting: Promise<System> | undefined = begin();
  try {
    await starting;
  } catch (error) {
    await progress.end();
    showHeld();
    if (giveUp.signal.aborted) return;
    console.error(`\n${(error as Error).message}`);
    if (process.env.DEBUG) console.error(error);
    await end(1);
  }
  await progress.end();
  if (!system || giveUp.signal.aborted) return showHeld();
  const rows: [string, string][] = [
    ['GraphQL', system.urls.graphql],
    ['Subscriptions', system.urls.subscriptions],
    ['Explorer', system.urls.explorer],
    [
      'Demo logins',
      Object.values(people)
        .map(({ email }) => email)
        .join(', '),
    ],
    ['Password', demoPassword],
    ['', ''],
    ['', `Ctrl-C stops everything; data and logs are in ${shown(dataDir)}.`],
  ];
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  showHeld();
  console.log(`\n${renderBox(`Taskgraph is ready (${seconds} s)`, rows, colour)}\n`);
  watching = watch?.(system, print);
}

const isService = (name: string): boolean => (serviceNames as readonly string[]).includes(name);

/** A path as one would type it here. */
function shown(path: string): string {
  const near = relative('', path);
  return near.startsWith('..') ? path : near;
}

/** npm may end without passing a signal on (killed, say): then this process gets another parent, and stops as well. */
function stopWithParent(stop: () => void): void {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    stop();
  }, 500);
  timer.unref();
}
