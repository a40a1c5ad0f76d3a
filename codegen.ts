import { readFileSync } from 'node:fs';
import { composeServices } from '@apollo/composition';
import type { CodegenConfig } from '@graphql-codegen/cli';
import { parse, printSchema } from 'graphql';
import { type SubgraphName, subgraphs } from './dev/subgraphs.ts';

/**
 * What resolvers of a subgraph hand to each other for a GraphQL type: the types of its own domain. A type that another
 * subgraph owns is a stub, just its key. A type that is not here is handed on as the schema has it.
 */
const mappers: Partial<Record<SubgraphName, Record<string, string>>> = {
  users: {
    User: '../domain/user.ts#User as UserModel',
    Workspace: '../domain/workspace.ts#Workspace as WorkspaceModel',
    Member: '../domain/membership.ts#Membership as MembershipModel',
  },
  tasks: {
    Project: '../domain/project.ts#Project as ProjectModel',
    Task: '../domain/task.ts#Task as TaskModel',
    User: '{ id: string }',
    Workspace: '{ id: string }',
  },
  comments: {
    Comment: '../domain/comment.ts#Comment as CommentModel',
    Task: '{ id: string }',
    User: '{ id: string }',
  },
  notifications: {
    Notification: '../domain/notification.ts#Notification as NotificationModel',
    Task: '{ id: string }',
    User: '{ id: string }',
  },
};

const sdl = (name: SubgraphName): string => readFileSync(new URL(`schema/${name}.graphql`, import.meta.url), 'utf8');

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
      mappers: mappers[name] ?? {},
      makeResolverTypeCallable: true,
      scalars: { ID: { input: 'string', output: 'string' }, DateTime: { input: 'Date', output: 'Date' } },
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
        scalars: { ID: 'string', DateTime: 'string' },
      },
    },
  },
};

export default config;
