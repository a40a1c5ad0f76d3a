import { join } from 'node:path';
import type { Scope } from '#platform/service/scope.ts';
import { type Program, startProgramAt } from '../gateway/startProgram.ts';

/** Starts bench/identity/programs/<name>.ts and waits for its first word. It ends with the scope, or when this process does. */
export const startProgram = (name: string, scope: Scope): Promise<Program> =>
  startProgramAt(join(import.meta.dirname, 'programs', `${name}.ts`), scope);
