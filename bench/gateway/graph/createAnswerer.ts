import { buildSubgraphSchema } from '@apollo/subgraph';
import { createSourceEventStream, execute, graphql, parse } from 'graphql';
import { type GraphName, sdlOf } from './supergraph.ts';

/** Stands in an event for the cursor that each has of its own. */
export const CURSOR = '<cursor>';

const people = ['Ada', 'Grace', 'Edsger', 'Barbara', 'Donald', 'Frances', 'Alan', 'Radia', 'Ken', 'Margaret'];
const statuses = ['TODO', 'IN_PROGRESS', 'DONE'];
const at = (minutes: number) => new Date(Date.UTC(2026, 10, 20, 9, minutes)).toISOString();

/** `task-p0017-4`: what belongs to project p0017 is called after it, so that no two projects have an entity in common. */
const idOf = (type: string, project: string, number: number | string) => `${type}-${project}-${number}`;
const partsOf = ({ id }: Reference) => {
  const [, project = '', number = ''] = id.split('-');
  return { project, number: Number(number) };
};

const user = (project: string, number: number) => ({
  __typename: 'User',
  id: idOf('user', project, number % people.length),
});

const taskOf = (project: string, number: number) => ({
  __typename: 'Task',
  id: idOf('task', project, number),
  key: `WEB-${number}`,
  title: `What somebody has to do, ${number}`,
  status: statuses[number % statuses.length],
  assignee: user(project, number),
  updatedAt: at(number),
});

const commentsOf = ({ project, number }: { project: string; number: number }, first: number) => ({
  nodes: Array.from({ length: first }, (_, index) => ({
    id: idOf('comment', project, `${number}-${index}`),
    body: `Comment ${index} on ${number}`,
    createdAt: at(number + index),
    author: user(project, number * 3 + index),
  })),
});

const person = ({ project, number }: { project: string; number: number }) => ({
  __typename: 'User',
  id: idOf('user', project, number),
  name: people[number],
  email: `${people[number]?.toLowerCase()}@example.com`,
  avatarUrl: ({ seed = 'none' }: { seed?: string }) =>
    number % 3 === 0 ? `https://example.com/${seed}/${number}.png` : null,
});

type Reference = { id: string };
type First = { first?: number };

const resolvers = {
  users: {
    Query: { me: () => person({ project: 'me', number: 0 }) },
    User: { __resolveReference: (reference: Reference) => person(partsOf(reference)) },
  },
  tasks: {
    Query: { project: (_: unknown, { id }: Reference) => ({ id, key: 'WEB', name: 'The new site' }) },
    Subscription: {
      taskChanged: {
        subscribe: async function* (_: unknown, { projectId }: { projectId: string }) {
          yield { cursor: CURSOR, task: taskOf(projectId, 3) };
        },
        resolve: (event: unknown) => event,
      },
    },
    Project: {
      tasks: ({ id }: Reference, { first = 20 }: First) => ({
        nodes: Array.from({ length: first }, (_, number) => taskOf(id, number)),
      }),
    },
    Task: {
      __resolveReference: (reference: Reference) => taskOf(partsOf(reference).project, partsOf(reference).number),
    },
  },
  comments: {
    Task: {
      __resolveReference: (reference: Reference) => reference,
      comments: (reference: Reference, { first = 3 }: First) => commentsOf(partsOf(reference), first),
    },
  },
};

const schemaOf = (name: GraphName) =>
  buildSubgraphSchema([{ typeDefs: parse(sdlOf(name)), resolvers: resolvers[name] }] as never);

/** What a subgraph of the bench answers to a body, worked out by graphql-js: the bytes that are replayed from then on. */
export function createAnswerer(name: GraphName): (body: string) => Promise<string> {
  const schema = schemaOf(name);
  return async (body) => {
    const { query, variables, operationName } = JSON.parse(body);
    return JSON.stringify(
      await graphql({ schema, source: query, variableValues: variables, operationName: operationName ?? undefined }),
    );
  };
}

/** The first event of a subscription of tasks, as JSON; its cursor is CURSOR. */
export async function eventOf(query: string, variableValues: Record<string, unknown>): Promise<string> {
  const [schema, document] = [schemaOf('tasks'), parse(query)];
  const events = await createSourceEventStream({ schema, document, variableValues });
  if (!(Symbol.asyncIterator in events)) throw new Error(JSON.stringify(events));
  const { value } = await events[Symbol.asyncIterator]().next();
  return JSON.stringify(await execute({ schema, document, rootValue: value, variableValues }));
}
