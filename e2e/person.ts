import { type Client, createClient, type FormattedExecutionResult } from 'graphql-ws';
import { WebSocket } from 'ws';
import { newId } from '#platform/ids.ts';
import type { TestSystem } from './testSystem.ts';

/** An answer of the gateway over HTTP. */
export type Answer = {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a scenario reads what it asked for
  data: any;
  errors?: { message: string; path?: (string | number)[]; extensions: { code: string; [key: string]: unknown } }[];
};

/** Sends one operation to the gateway. */
export async function ask(
  system: TestSystem,
  query: string,
  variables: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await fetch(system.urls.graphql, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
  return { status: response.status, ...((await response.json()) as Omit<Answer, 'status'>) };
}

/** A live subscription: what has arrived so far, and the way to end it. */
export type Listening = {
  // biome-ignore lint/suspicious/noExplicitAny: a scenario reads what it asked for
  events: any[];
  errors: readonly { message: string; extensions?: Record<string, unknown> }[];
  done: boolean;
  stop(): Promise<void>;
};

/** Somebody with an account. */
export type Person = {
  id: string;
  email: string;
  token: string;
  // biome-ignore lint/suspicious/noExplicitAny: a scenario reads what it asked for
  ask(query: string, variables?: Record<string, unknown>, headers?: Record<string, string>): Promise<any>;
  answer(query: string, variables?: Record<string, unknown>): Promise<Answer>;
  listen(query: string, variables?: Record<string, unknown>): Listening;
};

export const password = 'correct horse battery';

/** Registers somebody whose address is verified. `ask` throws when the answer has errors; `answer` returns it as it is. */
export async function register(system: TestSystem, name: string): Promise<Person> {
  const email = `${name.toLowerCase()}-${newId()}@example.com`;
  const { data, errors } = await ask(
    system,
    'mutation ($input: RegisterInput!) { register(input: $input) { accessToken user { id } } }',
    { input: { email, name, password } },
  );
  if (errors) throw new Error(JSON.stringify(errors));
  await verifyAddress(system, email);
  const token: string = data.register.accessToken;
  const authorization = `Bearer ${token}`;
  const answer = (query: string, variables = {}, headers = {}) =>
    ask(system, query, variables, { authorization, ...headers });
  return {
    id: data.register.user.id,
    email,
    token,
    answer,
    async ask(query, variables, headers) {
      const result = await answer(query, variables, headers);
      if (result.errors) throw new Error(JSON.stringify(result.errors));
      return result.data;
    },
    listen: (query, variables) => listen(system, { authorization }, query, variables),
  };
}

/** Verifies somebody's address without the e-mail: who hasn't one can't be added to a workspace. */
export async function verifyAddress(system: TestSystem, email: string): Promise<void> {
  await system.sql('users', 'update "user" set email_verified_at = now() where email = $1', [email]);
}

/** Subscribes over graphql-ws. */
export function listen(
  system: TestSystem,
  connectionParams: Record<string, unknown>,
  query: string,
  variables: Record<string, unknown> = {},
): Listening {
  const client: Client = createClient({
    url: system.urls.subscriptions,
    webSocketImpl: WebSocket,
    connectionParams,
    retryAttempts: 0,
  });
  const listening: Listening = { events: [], errors: [], done: false, stop: async () => client.dispose() };
  client.subscribe<unknown>(
    { query, variables },
    {
      next: (result: FormattedExecutionResult<unknown, unknown>) => {
        if (result.errors) listening.errors = [...listening.errors, ...result.errors];
        if (result.data) listening.events.push(result.data);
      },
      error(problem) {
        listening.errors = Array.isArray(problem) ? problem : [{ message: wordsOf(problem) }];
        listening.done = true;
      },
      complete() {
        listening.done = true;
      },
    },
  );
  return listening;
}

/** What ended a subscription: the code and the reason of the socket's close, or an error's message. */
function wordsOf(problem: unknown): string {
  if (problem instanceof Error) return problem.message;
  const { code, reason } = problem as { code?: number; reason?: string };
  return code === undefined ? String(problem) : `${code} ${reason}`;
}

/** Ada owns a workspace with a project in it; Grace is a member; Mallory has an account and nothing to do with them. */
export async function startTeam(system: TestSystem) {
  const [ada, grace, mallory] = await Promise.all([
    register(system, 'Ada'),
    register(system, 'Grace'),
    register(system, 'Mallory'),
  ]);
  const { createWorkspace } = await ada.ask(
    'mutation { createWorkspace(input: { name: "Engines" }) { workspace { id } } }',
  );
  const workspaceId: string = createWorkspace.workspace.id;
  await ada.ask('mutation ($input: AddMemberInput!) { addMember(input: $input) { member { role } } }', {
    input: { workspaceId, email: grace.email },
  });
  const { createProject } = await ada.ask(
    'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id key } } }',
    { input: { workspaceId, key: 'WEB', name: 'Website' } },
  );
  return { ada, grace, mallory, workspaceId, projectId: createProject.project.id as string };
}

/** Creates a task and returns it. */
export async function createTask(person: Person, input: Record<string, unknown>): Promise<{ id: string; key: string }> {
  const { createTask } = await person.ask(
    'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id key title version } } }',
    { input },
  );
  return createTask.task;
}
