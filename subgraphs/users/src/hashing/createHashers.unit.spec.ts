import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { createScope } from '#platform/service/scope.ts';
import { testScope } from '#platform/testing/testScope.ts';
import { createHashers } from './createHashers.ts';
import { hasherCode } from './hasherCode.ts';
import { startHasher } from './startHasher.ts';

const parameters = { algorithm: 2, memoryCost: 1024, timeCost: 1, parallelism: 1 } as const;
const password = 'correct horse battery';
const scope = testScope();

/** The nice value of each thread of this process, by its id. */
function priorities(): Map<string, number> {
  return new Map(
    readdirSync('/proc/self/task').map((id) => {
      const stat = readFileSync(`/proc/self/task/${id}/stat`, 'utf8');
      // The name, in brackets, may have anything in it. After it: state is field 3, nice is field 19.
      return [id, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])];
    }),
  );
}

/** Threads that die over a password "die", as often as told; how many were started. */
function mortal(deaths: number) {
  const counted = { started: 0 };
  const start: typeof startHasher = (onEnd) => {
    counted.started += 1;
    const dying = `require('node:worker_threads').parentPort.on('message', ({ password }) => {
      if (password === 'die') process.exit(7);
    });`;
    return startHasher(onEnd, counted.started <= deaths ? dying + hasherCode : hasherCode);
  };
  return { counted, start };
}

describe('hashers', () => {
  it('hash, verify, and say what is wrong with a hash', async () => {
    const { hash, verify } = createHashers(scope);
    const made = await hash(password, parameters);
    expect(made).toMatch(/^\$argon2id\$v=19\$m=1024,t=1,p=1\$/);
    expect([await verify(made, password), await verify(made, 'another')]).toEqual([true, false]);
    await expect(verify('nonsense', password)).rejects.toThrow();
    // The thread has survived it.
    expect(await verify(made, password)).toBe(true);
  });

  it('are threads of the lowest priority, and leave that of all others alone', async () => {
    if (process.platform !== 'linux') return;
    const before = priorities();
    const own = createScope();
    scope.defer('own', own.close);
    const { hash } = createHashers(own);
    await Promise.all([hash(password, parameters), hash(password, parameters)]);
    const after = priorities();
    const changed = [...after].filter(
      ([id, priority]) => priority !== (before.get(id) ?? before.get(`${process.pid}`)),
    );
    expect(changed.map(([, priority]) => priority)).toEqual([19, 19]);
    expect(changed.some(([id]) => before.has(id))).toBe(false);
    await own.close();
    expect([...priorities()].filter(([id]) => changed.some(([other]) => other === id))).toEqual([]);
  });

  it('are as many as there are tasks at once, and used again', async () => {
    const { counted, start } = mortal(0);
    const { hash } = createHashers(scope, start);
    for (let turn = 0; turn < 3; turn += 1) {
      await Promise.all([hash(password, parameters), hash(password, parameters)]);
    }
    expect(counted.started).toBe(2);
  });

  it('are replaced when they die, and another one does the task', async () => {
    const { counted, start } = mortal(1);
    const { hash, verify } = createHashers(scope, start);
    const made = await hash('die', parameters);
    expect(await verify(made, 'die')).toBe(true);
    expect(counted.started).toBe(2);
  });

  it('give a task up that two of them died over, and do the next one', async () => {
    const { counted, start } = mortal(2);
    const { hash } = createHashers(scope, start);
    await expect(hash('die', parameters)).rejects.toThrow('A thread that hashes passwords ended (7)');
    expect(await hash(password, parameters)).toMatch(/^\$argon2id/);
    expect(counted.started).toBe(3);
  });

  it('end with the scope: what they were at fails, and nothing is begun any more', async () => {
    const { counted, start } = mortal(0);
    const own = createScope();
    scope.defer('own', own.close);
    const { hash } = createHashers(own, start);
    const cut = hash(password, parameters);
    const [outcome] = await Promise.all([cut.catch((error: Error) => error.message), own.close()]);
    expect(outcome).toMatch(/ended/);
    await expect(hash(password, parameters)).rejects.toThrow('the service stops');
    expect(counted.started).toBe(1);
  });

  it('keep no process alive', async () => {
    const code = `
      import { createHashers } from '${import.meta.dirname}/createHashers.ts';
      const scope = { defer() {}, signal: new AbortController().signal };
      const timer = setTimeout(() => {}, 10_000);
      console.log(await createHashers(scope).hash('${password}', ${JSON.stringify(parameters)}));
      clearTimeout(timer);`;
    const args = ['--import', 'tsx', '--input-type=module', '-e', code];
    const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 9_000 });
    expect(stdout).toMatch(/^\$argon2id/);
  }, 15_000);
});
