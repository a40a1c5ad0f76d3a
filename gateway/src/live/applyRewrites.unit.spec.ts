import { expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { applyRewrites } from './applyRewrites.ts';

const schema = buildSchema(`
  type Query { all: [Medium] }
  interface Medium { title: String }
  type Book implements Medium { title: String length: Int }
  type Film implements Medium { title: String length: String }
`);

it('renames keys where the type fits, in lists too, and keeps false and 0', () => {
  const data = {
    all: [{ __typename: 'Film', length__alias_0: 0 }, { __typename: 'Book', length: 3 }, null],
    one: { __typename: 'Film', length__alias_0: false },
  };
  applyRewrites(
    schema,
    [
      { kind: 'KeyRenamer', path: ['all', '... on Film', 'length__alias_0'], renameKeyTo: 'length' },
      { kind: 'KeyRenamer', path: ['one', '... on Medium', 'length__alias_0'], renameKeyTo: 'length' },
    ],
    data,
  );
  expect(data).toEqual({
    all: [{ __typename: 'Film', length: 0 }, { __typename: 'Book', length: 3 }, null],
    one: { __typename: 'Film', length: false },
  });
});

it('sets values, and leaves alone what is not there', () => {
  const data = { one: { __typename: 'Book' } };
  applyRewrites(
    schema,
    [
      { kind: 'ValueSetter', path: ['one', '... on Book', '__typename'], setValueTo: 'Medium' },
      { kind: 'KeyRenamer', path: ['one', '... on Film', 'length'], renameKeyTo: 'x' },
      { kind: 'KeyRenamer', path: ['two', 'length'], renameKeyTo: 'x' },
    ],
    data,
  );
  expect(data).toEqual({ one: { __typename: 'Medium' } });
});
