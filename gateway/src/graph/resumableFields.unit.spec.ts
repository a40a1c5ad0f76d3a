import { composeServices } from '@apollo/composition';
import { Supergraph } from '@apollo/federation-internals';
import { expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { resumableFields } from './resumableFields.ts';

const RESUMABLE = 'https://taskgraph.example/specs/resumable';

/** The fields of a supergraph whose one subgraph imports the directive like this, and uses it under this name. */
function fieldsOf(url: string, imported: string, name: string) {
  const { supergraphSdl, errors } = composeServices([
    {
      name: 'feed',
      url: 'http://feed.invalid',
      typeDefs: parse(`
        extend schema
          @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective"])
          @link(url: "${url}", import: [${imported}])
          @composeDirective(name: "@${name}")
        directive @${name}(argument: String!, cursor: String!) on FIELD_DEFINITION
        type Query { a: Int }
        type Subscription {
          entries(since: ID): Entry! @${name}(argument: "since", cursor: "at")
          other: Entry!
        }
        type Entry { at: ID! }
      `),
    },
  ]);
  if (!supergraphSdl) throw new Error(String(errors));
  return Object.fromEntries(resumableFields(Supergraph.build(supergraphSdl)));
}

it.each([
  ['by its name', `${RESUMABLE}/v1.0`, '"@resumable"', 'resumable'],
  ['by another name', `${RESUMABLE}/v1.3`, '{ name: "@resumable", as: "@goesOn" }', 'goesOn'],
])('finds what can be resumed: imported %s', (_case, url, imported, name) => {
  expect(fieldsOf(url, imported, name)).toEqual({ entries: { argument: 'since', argumentType: 'ID', cursor: 'at' } });
});

it.each([
  ['of somebody else', 'https://elsewhere.example/resumable/v1.0'],
  ['of a version that is not known here', `${RESUMABLE}/v2.0`],
])('takes a directive %s for none of ours', (_case, url) => {
  expect(fieldsOf(url, '"@resumable"', 'resumable')).toEqual({});
});
