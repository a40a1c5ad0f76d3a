import { describe, expect, it } from '@jest/globals';
import { type Context, createContextKey, ROOT_CONTEXT } from '@opentelemetry/api';
import { createCallContexts } from './createCallContexts.ts';

const key = createContextKey('name');
const named = (name: string): Context => ROOT_CONTEXT.setValue(key, name);

describe('contexts that hold as long as a call', () => {
  it('are there inside, nested ones too, and gone after it, thrown or not', () => {
    const contexts = createCallContexts();
    const name = () => contexts.active().getValue(key);
    const seen = contexts.with(named('outer'), () => [name(), contexts.with(named('inner'), name), name()]);
    expect(seen).toEqual(['outer', 'inner', 'outer']);
    const failing = () =>
      contexts.with(named('failing'), () => {
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    expect(contexts.active()).toBe(ROOT_CONTEXT);
  });

  it('are not there after a wait, least of all in somebody else’s', async () => {
    const contexts = createCallContexts();
    const name = () => contexts.active().getValue(key);
    const after = ['a', 'b'].map((each) =>
      contexts.with(named(each), async () => {
        await Promise.resolve();
        return name();
      }),
    );
    expect(await Promise.all(after)).toEqual([undefined, undefined]);
  });

  it('can be bound to a function', () => {
    const contexts = createCallContexts();
    const add = (one: number, other: number) => [contexts.active().getValue(key), one + other];
    expect(contexts.bind(named('bound'), add)(1, 2)).toEqual(['bound', 3]);
  });
});
