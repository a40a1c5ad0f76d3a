import { createScope, type Scope } from '#platform/service/scope.ts';
import { type Program, startProgram } from './startProgram.ts';

/** Runs a part of the bench with replays of its own; what it starts ends with it. */
export async function withReplay<T>(outer: Scope, work: (replay: Program, scope: Scope) => Promise<T>): Promise<T> {
  const scope = createScope({ seconds: 20 });
  outer.defer('part', () => scope.close());
  try {
    return await work(await startProgram('replay', scope), scope);
  } finally {
    await scope.close();
  }
}
