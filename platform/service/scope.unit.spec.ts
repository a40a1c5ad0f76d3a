import { describe, expect, it } from '@jest/globals';
import { createScope } from './scope.ts';

const pause = () => new Promise((resolve) => setImmediate(resolve));

function recording(seconds?: number) {
  const events: string[] = [];
  const log = { error: (fields: unknown) => void events.push(`logged ${(fields as { disposer: string }).disposer}`) };
  return { events, scope: createScope({ log, ...(seconds === undefined ? {} : { seconds }) }) };
}

describe('createScope', () => {
  it('releases in reverse order, each after the other has finished', async () => {
    const { events, scope } = recording();
    for (const name of ['postgres', 'consumers', 'http']) {
      scope.defer(name, async () => {
        events.push(`${name} stops`);
        await pause();
        events.push(`${name} stopped`);
      });
    }
    await scope.close();
    expect(events).toEqual([
      'http stops',
      'http stopped',
      'consumers stops',
      'consumers stopped',
      'postgres stops',
      'postgres stopped',
    ]);
  });

  it('announces the close before it releases anything', async () => {
    const { events, scope } = recording();
    scope.signal.addEventListener('abort', () => void events.push('draining'));
    scope.defer('http', () => void events.push('http'));
    await scope.close();
    expect(events).toEqual(['draining', 'http']);
  });

  it('goes on after a disposer that fails, and logs it', async () => {
    const { events, scope } = recording();
    scope.defer('first', () => void events.push('first'));
    scope.defer('rejects', () => Promise.reject(new Error('no')));
    scope.defer('throws', () => {
      throw new Error('no');
    });
    await scope.close();
    expect(events).toEqual(['logged throws', 'logged rejects', 'first']);
  });

  it('waits for nothing any more when the time is over, but still asks everything to stop', async () => {
    const { events, scope } = recording(0.02);
    scope.defer('first', () => void events.push('first'));
    scope.defer('hangs', () => new Promise(() => {}));
    await scope.close();
    expect(events).toEqual(['logged hangs', 'first']);
  });

  it('closes once', async () => {
    const { events, scope } = recording();
    scope.defer('http', () => void events.push('http'));
    await Promise.all([scope.close(), scope.close()]);
    await scope.close();
    expect(events).toEqual(['http']);
  });

  it('releases at once what is acquired after the close', async () => {
    const { events, scope } = recording();
    await scope.close();
    scope.defer('late', () => void events.push('late'));
    await scope.close();
    expect(events).toEqual(['late']);
  });

  it('releases what is acquired during the close', async () => {
    const { events, scope } = recording();
    scope.defer('http', () => {
      scope.defer('late', () => void events.push('late'));
    });
    await scope.close();
    await scope.close();
    expect(events).toEqual(['late']);
  });
});
