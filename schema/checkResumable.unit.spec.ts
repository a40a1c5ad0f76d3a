import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import { type Schema, Supergraph } from '@apollo/federation-internals';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { checkResumable, resumableSpec } from './checkResumable.ts';
import { supergraphFile } from './compose.ts';

/** Composes a subscription field with the directive, under the name that its subgraph has given it. */
function compose(field: string, { name = 'resumable', more = '' } = {}): { sdl: string; schema: Schema } {
  const imported = name === 'resumable' ? '"@resumable"' : `{ name: "@resumable", as: "@${name}" }`;
  const typeDefs = parse(`
    extend schema
      @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@composeDirective"])
      @link(url: "${resumableSpec}/v1.0", import: [${imported}])
      @composeDirective(name: "@${name}")
    directive @${name}(argument: String!, cursor: String!) on FIELD_DEFINITION
    type Query { any: Int }
    type Subscription { ${field} }
    type Event { cursor: String! maybe: String number: Int! }
    ${more}`);
  const { supergraphSdl, schema, errors } = composeServices([{ name: 'one', typeDefs, url: '' }]);
  if (errors || !schema) throw new Error(errors?.join('\n'));
  return { sdl: supergraphSdl, schema };
}

/** What a gateway reads from a supergraph: the argument and the cursor of each resumable subscription. */
function readResumable(sdl: string): Record<string, unknown> {
  const { schema } = Supergraph.build(sdl);
  const name = schema.coreFeatures?.getByIdentity(resumableSpec)?.directiveNameInSchema('resumable');
  const fields = schema.schemaDefinition.rootType('subscription')?.fields() ?? [];
  return Object.fromEntries(
    fields.map((field) => [field.name, name ? { ...field.appliedDirectivesOf(name)[0]?.arguments() } : {}]),
  );
}

const fields = { argument: 'after', cursor: 'cursor' };

describe('@resumable in the supergraph', () => {
  it('is read from the committed one, where each subscription that has a cursor has it', () => {
    expect(readResumable(readFileSync(supergraphFile, 'utf8'))).toEqual({
      notificationReceived: fields,
      taskChanged: fields,
      commentAdded: fields,
    });
  });

  it('is found by its spec, whatever a subgraph calls it', () => {
    const { sdl } = compose('event(after: String): Event @goesOn(argument: "after", cursor: "cursor")', {
      name: 'goesOn',
    });
    expect(sdl).toContain('@goesOn(argument: "after", cursor: "cursor")');
    expect(readResumable(sdl)).toEqual({ event: fields });
  });

  it('is not what clients see', () => {
    const { schema } = compose('event(after: String): Event @resumable(argument: "after", cursor: "cursor")');
    expect(schema.toAPISchema().directive('resumable')).toBeUndefined();
  });
});

describe('checkResumable', () => {
  it.each([
    ['nullable', 'event(after: String): Event'],
    ['non-null', 'event(after: String): Event!'],
  ])('has nothing against a %s event', (_name, field) => {
    expect(checkResumable(compose(`${field} @resumable(argument: "after", cursor: "cursor")`).schema)).toEqual([]);
  });

  it.each([
    [
      'no such argument',
      'e(after: String): Event! @resumable(argument: "since", cursor: "cursor")',
      'no argument "since"',
    ],
    ['no such cursor', 'e(after: String): Event! @resumable(argument: "after", cursor: "place")', 'no field "place"'],
    ['an event that is a scalar', 'e(after: String): Int @resumable(argument: "after", cursor: "x")', 'no field "x"'],
    [
      'a required argument',
      'e(after: String!): Event! @resumable(argument: "after", cursor: "cursor")',
      "can't be left out",
    ],
    [
      'a cursor that may be null',
      'e(after: String): Event! @resumable(argument: "after", cursor: "maybe")',
      'is String,',
    ],
    [
      'a cursor of another type',
      'e(after: String): Event! @resumable(argument: "after", cursor: "number")',
      'is Int!,',
    ],
  ])('finds %s', (_name, field, problem) => {
    expect(checkResumable(compose(field).schema)).toEqual([
      expect.stringMatching(new RegExp(`^@resumable on Subscription\\.e: .*${problem}`)),
    ]);
  });

  it('finds a field that is no subscription', () => {
    const more = 'extend type Event { e(after: String): Event! @resumable(argument: "after", cursor: "cursor") }';
    expect(checkResumable(compose('event: Event', { more }).schema)).toEqual([
      '@resumable on Event.e: it is no subscription',
    ]);
  });
});
