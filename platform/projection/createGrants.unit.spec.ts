import { describe, expect, it } from '@jest/globals';
import { createGrants } from './createGrants.ts';

type Key = { place: string; holder: string };
type Grant = Key & { role: string | null; version: number };

const keyOf = ({ place, holder }: Key) => `${place} ${holder}`;
const ada = (place: string, role: string | null = 'MEMBER', version = 1): Grant => ({
  place,
  holder: 'ada',
  role,
  version,
});

function setUp({ owned = [], kept = [] }: { owned?: Grant[]; kept?: Grant[] } = {}) {
  const rows = new Map(kept.map((grant) => [keyOf(grant), grant]));
  const state = { now: 1_000, down: false, downFor: '', fresh: true };
  const steps: string[] = [];
  const grants = createGrants<null, Key, Grant>({
    keyOf,
    holderOf: ({ holder }) => holder,
    holds: ({ role }) => role !== null,
    async find(_db, keys) {
      steps.push(`find ${keys.length}`);
      return keys.map((key) => rows.get(keyOf(key)) ?? null);
    },
    async ask(holder) {
      steps.push(`ask ${holder}`);
      if (state.down || state.downFor === holder) throw new Error('down');
      return owned.filter((grant) => grant.holder === holder);
    },
    async keep(_db, told) {
      steps.push(`keep ${told.length}`);
      for (const grant of told)
        if (grant.version > (rows.get(keyOf(grant))?.version ?? 0)) rows.set(keyOf(grant), grant);
    },
    fresh: () => state.fresh,
    now: () => state.now,
  });
  /** One request that looks for one thing: what it got, and the steps that it took. */
  const request = async (place: string, about?: string, options?: { misses: boolean }) => {
    steps.length = 0;
    const got = await grants
      .reader(null, options)
      .load({ place, holder: 'ada' }, about)
      .then((grant) => grant?.role ?? null)
      .catch((error: Error) => error.message);
    return { got, steps: [...steps] };
  };
  return { grants, owned, rows, state, steps, request };
}

describe('createGrants', () => {
  it('asks nobody for what a fresh projection grants', async () => {
    const { request } = setUp({ kept: [ada('home')] });
    expect(await request('home')).toEqual({ got: 'MEMBER', steps: ['find 1'] });
  });

  it('what cannot be asked of one holder is nothing to another one of the same request', async () => {
    const { grants, state } = setUp({ owned: [ada('home')] });
    state.downFor = 'bob';
    const reader = grants.reader(null);
    const loads = ['ada', 'bob'].map((holder) => reader.load({ place: 'home', holder }));
    const [asAda, asBob] = await Promise.allSettled(loads);
    expect(asAda).toMatchObject({ status: 'fulfilled', value: { role: 'MEMBER' } });
    expect(asBob).toMatchObject({ status: 'rejected', reason: { message: 'down' } });
  });

  it('asks the owner for what has not arrived, and keeps all of the answer', async () => {
    const { request } = setUp({ owned: [ada('home'), ada('work')] });
    expect(await request('home')).toEqual({ got: 'MEMBER', steps: ['find 1', 'ask ada', 'keep 2'] });
    expect(await request('work')).toEqual({ got: 'MEMBER', steps: ['find 1'] });
  });

  it.each<[string, Parameters<typeof setUp>[0] & {}, Partial<ReturnType<typeof setUp>['state']>]>([
    ['nothing', {}, {}],
    ['something else', { owned: [ada('home')], kept: [ada('home')] }, {}],
    ['a grant that has ended', { owned: [ada('foreign', null, 2)], kept: [ada('foreign', null, 2)] }, {}],
    ['something else, and the owner is away', { kept: [ada('home')] }, { down: true }],
    ['a grant that has ended, and the owner is away', { kept: [ada('foreign', null, 2)] }, { down: true }],
    [
      'something else, and the projection is not fresh',
      { owned: [ada('home')], kept: [ada('home')] },
      { fresh: false },
    ],
  ])(
    'takes the same way for what is not there as for what is not granted, to a holder of %s',
    async (_name, given, now) => {
      const { request, state } = setUp(given);
      Object.assign(state, now);
      // Two things in one place of others, and two that are nowhere; each is looked for three times.
      for (let time = 0; time < 3; time++) {
        const [foreign, unknown] = [await request('foreign', 'f1'), await request('u1', 'u1')];
        expect(foreign).toEqual(unknown);
        expect(foreign.got).toBe(state.down ? 'down' : null);
        state.now += 900;
      }
      expect(await request('foreign', 'f2')).toEqual(await request('u2', 'u2'));
    },
  );

  it('remembers a miss for two seconds by what was named, while the projection is fresh', async () => {
    const { request, state } = setUp();
    expect((await request('a')).steps).toContain('ask ada');
    state.now += 1_999;
    expect((await request('a')).steps).toEqual(['find 1']);
    expect((await request('b')).steps).toContain('ask ada');
    state.fresh = false;
    expect((await request('a')).steps).toContain('ask ada');
    state.fresh = true;
    state.now += 2_000;
    expect((await request('a')).steps).toContain('ask ada');
  });

  it('neither believes nor remembers a miss for whoever asks once', async () => {
    const { request, owned } = setUp();
    const once = { misses: false };
    expect((await request('a')).got).toBeNull();
    expect((await request('b', 'b', once)).got).toBeNull();
    owned.push(ada('a', 'MEMBER', 3), ada('b', 'MEMBER', 3));
    expect((await request('a')).got).toBeNull();
    expect((await request('a', 'a', once)).got).toBe('MEMBER');
  });

  it('leaves no miss behind when it was asked once', async () => {
    const { request } = setUp();
    await request('a', 'a', { misses: false });
    expect((await request('a')).steps).toContain('ask ada');
  });

  it('lets a grant that arrives win over a miss that is remembered', async () => {
    const { request, rows } = setUp();
    expect((await request('a')).got).toBeNull();
    rows.set('a ada', ada('a'));
    expect((await request('a')).got).toBe('MEMBER');
  });

  it('while the projection is not fresh, believes the owner: also that there is nothing', async () => {
    const { request, state } = setUp({ owned: [ada('home', 'GUEST', 2)], kept: [ada('home'), ada('gone')] });
    state.fresh = false;
    expect((await request('home')).got).toBe('GUEST');
    expect((await request('gone')).got).toBeNull();
  });

  it('does not go back to an answer that an event has overtaken', async () => {
    const { request } = setUp({ owned: [ada('home')], kept: [ada('home', null, 2)] });
    expect((await request('home')).got).toBeNull();
  });

  it('keeps no failure: the next request asks again', async () => {
    const { request, state } = setUp({ owned: [ada('home')] });
    state.down = true;
    expect((await request('home')).got).toBe('down');
    state.down = false;
    expect((await request('home')).got).toBe('MEMBER');
  });

  it('is one query and one question in a request, however many keys', async () => {
    const { grants, steps } = setUp({ kept: [ada('home')] });
    const reader = grants.reader(null);
    reader.expect({ place: 'later', holder: 'ada' });
    await Promise.all(['home', 'x', 'y'].map((place) => reader.load({ place, holder: 'ada' })));
    await reader.load({ place: 'later', holder: 'ada' });
    await reader.confirm({ place: 'z', holder: 'ada' });
    expect(steps).toEqual(['find 4', 'ask ada']);
  });
});
