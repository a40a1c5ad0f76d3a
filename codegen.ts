import { existsSync, readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import type { CodegenConfig } from '@graphql-codegen/cli';
import { Kind, parse, print, printSchema } from 'graphql';
import { requireParts } from './dev/subgraphParts.ts';
import { type SubgraphName, subgraphs } from './dev/subgraphs.ts';

// Before an ENOENT says less.
requireParts((path) => path.startsWith('schema/'));

/**
 * What resolvers of a subgraph hand to each other for a GraphQL type, where it is not what `mappersOf` finds: a type of the
 * domain by another name, and types of other subgraphs that this one adds fields to.
 */
const exceptions: Partial<Record<SubgraphName, Record<string, string>>> = {
  users: {
    Member: '../domain/membership.ts#Membership as MembershipModel',
    Account: '../domain/user.ts#User as UserModel',
    InvitationPreview: '../domain/invitation.ts#Invited as InvitedModel',
  },
  tasks: { Workspace: '{ id: string }' },
  comments: { Task: '{ id: string }' },
};

const sdl = (name: SubgraphName): string => readFileSync(new URL(`schema/${name}.graphql`, import.meta.url), 'utf8');

/**
 * The types of a subgraph's own domain (Task: src/domain/task.ts), and for those that another one owns and that are only
 * referred to (`resolvable: false`) their key.
 */
function mappersOf(name: SubgraphName): Record<string, string> {
  const mappers: Record<string, string> = {};
  for (const type of parse(sdl(name)).definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    const typeName = type.name.value;
    const file = `domain/${typeName.charAt(0).toLowerCase()}${typeName.slice(1)}.ts`;
    const source = new URL(`subgraphs/${name}/src/${file}`, import.meta.url);
    if (type.directives?.some((directive) => print(directive).includes('resolvable: false'))) {
      mappers[typeName] = '{ id: string }';
    } else if (existsSync(source) && readFileSync(source, 'utf8').includes(`export type ${typeName} =`)) {
      mappers[typeName] = `../${file}#${typeName} as ${typeName}Model`;
    }
  }
  return { ...mappers, ...exceptions[name] };
}

/** The schema as clients see it: composed, without what only subgraphs and the gateway need. */
function apiSchema(): string {
  const result = composeServices(subgraphs.map((name) => ({ name, typeDefs: parse(sdl(name)), url: '' })));
  if (result.errors) throw new Error(result.errors.map((error) => error.message).join('\n'));
  return printSchema(result.schema.toAPISchema().toGraphQLJSSchema());
}

const resolverTypes = (name: SubgraphName): CodegenConfig['generates'] => ({
  [`subgraphs/${name}/src/generated/resolvers.ts`]: {
    schema: `schema/${name}.graphql`,
    plugins: ['typescript', 'typescript-resolvers'],
    config: {
      federation: true,
      enumsAsTypes: true,
      useTypeImports: true,
      importExtension: '.ts',
      contextType: '../context.ts#Context',
      mappers: mappersOf(name),
      makeResolverTypeCallable: true,
      scalars: {
        ID: { input: 'string', output: 'string' },
        Date: { input: 'string', output: 'string' },
        DateTime: { input: 'Date', output: 'Date' },
      },
    },
  },
});

const config: CodegenConfig = {
  silent: true,
  generates: {
    ...Object.assign({}, ...subgraphs.map(resolverTypes)),
    'sdk/src/generated/documents.ts': {
      schema: apiSchema(),
      documents: 'sdk/src/operations/*.graphql',
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        enumType: 'string-literal',
        useTypeImports: true,
        importExtension: '.ts',
        scalars: { ID: 'string', Date: 'string', DateTime: 'string' },
      },
    },
  },
};

export default config;
