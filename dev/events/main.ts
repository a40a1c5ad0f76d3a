import { createScope } from '#platform/service/scope.ts';
import { standardOutput } from './print.ts';
import { runCommand } from './runCommand.ts';
import { findTargets } from './targets.ts';

/** `npm run events -- …`; in the image `node dist/events/main.js …`. */
const scope = createScope();
const stopping = new AbortController();
// Ctrl-C ends `tail` in good order. What was asked for (a replay, a rebuild) goes on without this process.
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    stopping.abort();
    setTimeout(() => process.exit(130), 2_000).unref();
  });
}
// The reader of a pipe may go first: `… tail | head`.
process.stdout.on('error', () => process.exit(0));
process.exitCode = await runCommand(process.argv.slice(2), {
  targets: () => findTargets(process.env),
  scope,
  output: standardOutput,
  signal: stopping.signal,
});
await scope.close();
