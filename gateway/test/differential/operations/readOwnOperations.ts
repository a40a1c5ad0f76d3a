import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  isInputType,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  typeFromAST,
  validate,
  visit,
} from 'graphql';
import { root } from '#platform/root.ts';
import { createRandom } from '../random.ts';
import type { Operation } from './generateOperation.ts';
import { inputValue } from './inputValue.ts';

/** An operation that stands in the repository, with variables that are made up. */
export type OwnOperation = Operation & { kind: string; file: string };

/** Folders that have operations over the project's own supergraph. */
const FOLDERS = ['dev', 'sdk/src', 'sdk/test', 'e2e', 'bench', 'gateway/test', 'subgraphs'];

/** Every operation of the repository that is valid over this schema: of .graphql files, and of text in TypeScript. */
export function readOwnOperations(schema: GraphQLSchema): OwnOperation[] {
  const documents = FOLDERS.flatMap((folder) => filesIn(join(root, folder))).flatMap((file) =>
    textsOf(file).flatMap((text) => {
      const document = parsed(text);
      return document ? [{ file: relative(root, file), document }] : [];
    }),
  );
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of documents.flatMap(({ document }) => document.definitions)) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const seen = new Set<string>();
  return documents.flatMap(({ file, document }) =>
    document.definitions.flatMap((definition) => {
      if (definition.kind !== Kind.OPERATION_DEFINITION) return [];
      const own = complete(definition, new Map([...fragments, ...fragmentsOf(document)]));
      if (!own || !isValid(schema, own) || seen.has(print(own))) return [];
      seen.add(print(own));
      return [
        {
          file,
          kind: definition.operation,
          document: parse(print(own)),
          operationName: definition.name?.value,
          variables: variablesOf(schema, definition, file),
        },
      ];
    }),
  );
}

/** graphql-js throws at a subscription whose root field has a condition. */
function isValid(schema: GraphQLSchema, document: DocumentNode): boolean {
  try {
    return validate(schema, document).length === 0;
  } catch {
    return false;
  }
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(graphql|ts)$/.test(name) && !name.includes('node_modules') && !name.includes('generated'))
    .map((name) => join(folder, name));
}

/** What may be GraphQL: a .graphql file as a whole, or each string of a program. */
function textsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8');
  if (file.endsWith('.graphql')) return [text];
  return [...text.matchAll(/`([^`]*)`|'([^'\n]*)'/g)]
    .map(([, template, plain]) => template ?? plain ?? '')
    .filter((string) => /^\s*(#graphql)?\s*(query|mutation|subscription|fragment|\{)/.test(string));
}

function parsed(text: string): DocumentNode | undefined {
  try {
    // Where a program puts a fragment in; its definition is looked up by its name.
    return parse(text.replace(/\$\{[^}]*\}/g, ' '), { noLocation: true });
  } catch {
    return undefined;
  }
}

function fragmentsOf({ definitions }: DocumentNode): [string, FragmentDefinitionNode][] {
  return definitions.flatMap((definition) =>
    definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
  );
}

/** The operation with the fragments that it needs; undefined when one can't be found. */
function complete(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): DocumentNode | undefined {
  const needed = new Map<string, FragmentDefinitionNode | undefined>();
  const collect = (node: OperationDefinitionNode | FragmentDefinitionNode) => {
    visit(node, {
      FragmentSpread({ name: { value } }) {
        if (needed.has(value)) return;
        const fragment = fragments.get(value);
        needed.set(value, fragment);
        if (fragment) collect(fragment);
      },
    });
  };
  collect(operation);
  const found = [...needed.values()].filter((fragment) => fragment !== undefined);
  return found.length === needed.size ? { kind: Kind.DOCUMENT, definitions: [operation, ...found] } : undefined;
}

function variablesOf(schema: GraphQLSchema, operation: OperationDefinitionNode, seed: string): Record<string, unknown> {
  const random = createRandom(`${seed} ${print(operation)}`);
  return Object.fromEntries(
    (operation.variableDefinitions ?? []).flatMap(({ variable, type }) => {
      const inputType = typeFromAST(schema, type as never);
      return isInputType(inputType) ? [[variable.name.value, inputValue(random, inputType, 3)]] : [];
    }),
  );
}
