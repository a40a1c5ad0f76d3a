import { type DocumentNode, type GraphQLSchema, parse, print, validate } from 'graphql';
import { createRandom, type Random } from '../random.ts';
import { createInputs } from './createInputs.ts';
import { createSelections } from './createSelections.ts';

/** An operation as a client sends it. */
export type Operation = {
  document: DocumentNode;
  operationName: string | undefined;
  variables: Record<string, unknown>;
};

export type Kind = 'query' | 'mutation' | 'subscription';

/**
 * A valid operation over this schema that follows from the seed: aliases, nested fragments with and without names, abstract
 * types, variables with defaults, omitted or null, conditions, introspection, several operations in a document.
 * @throws Error when the generator has written something that is not valid
 */
export function generateOperation(schema: GraphQLSchema, seed: string | number, kind?: Kind): Operation {
  const random = createRandom(seed);
  const chosen = kind ?? (schema.getMutationType() && random.chance(0.25) ? 'mutation' : 'query');
  const first = writeOperation(schema, random, chosen, 'A');
  const others =
    random.chance(0.1) && chosen !== 'subscription'
      ? [writeOperation(schema, random, 'query', 'B', random.chance(0.1))]
      : [];
  const named = others.length > 0 || random.chance(0.5);
  const text = [first.text(named), ...others.map((other) => other.text(true))].join('\n');
  const document = parse(text);
  const errors = validate(schema, document);
  if (errors.length > 0) throw new Error(`${errors.map(({ message }) => message).join('\n')}\n${text}`);
  // As it is printed, so that the places in errors' `locations` are the same for whoever gets the text.
  return { document: parse(print(document)), operationName: named ? 'A' : undefined, variables: first.variables };
}

function writeOperation(schema: GraphQLSchema, random: Random, kind: Kind, name: string, mayName = true) {
  const type = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  }[kind];
  if (!type) throw new Error(`the schema has no ${kind}`);
  const inputs = createInputs(random, `${name.toLowerCase()}v`);
  const selections = createSelections(schema, random, inputs, mayName ? `${name}F` : undefined);
  const depth = 2 + random.below(4);
  const body =
    kind === 'subscription' ? selections.ofOne(type, depth) : selections.of(type, { keys: [], parents: [] }, depth);
  const meta = kind === 'query' && random.chance(0.08) ? selections.introspection(type) : '';
  const text = [`${body.slice(0, -1)}${meta} }`, ...selections.fragments()].join('\n');
  return {
    variables: inputs.values(text),
    text: (named: boolean) => `${kind}${named ? ` ${name}` : ''}${inputs.definitions(text)} ${text}`,
  };
}
