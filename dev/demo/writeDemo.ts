import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { newId } from '#platform/ids.ts';
import { demoPassword, type Person, people, projects, workspaceName } from './content.ts';
import { callGraphQL, GraphQLFailure } from './graphqlClient.ts';

/** What was decided before the first write: with the same ids everything can be sent again after a crash. */
type Plan = { done: boolean; ids: Record<string, string> };

type Session = { token: string };
type Link = { createInvitationLink: { invitation: { token: string } } };

const login = 'mutation ($input: LoginInput!) { session: login(input: $input) { accessToken } }';
const register = 'mutation ($input: RegisterInput!) { session: register(input: $input) { accessToken } }';
const createWorkspace =
  'mutation ($input: CreateWorkspaceInput!) { createWorkspace(input: $input) { workspace { id } } }';
const createLink =
  'mutation ($input: CreateInvitationLinkInput!) { createInvitationLink(input: $input) { invitation { token } } }';
const accept = 'mutation ($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { member { role } } }';
const createProject = 'mutation ($input: CreateProjectInput!) { createProject(input: $input) { project { id } } }';
const createTask = 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }';
const addComment = 'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }';

function save(file: string, plan: Plan): void {
  writeFileSync(`${file}.draft`, JSON.stringify(plan, null, 2));
  renameSync(`${file}.draft`, file);
}

function newPlan(): Plan {
  const ids: Record<string, string> = { workspace: newId() };
  for (const person of Object.keys(people)) ids[person] = newId();
  for (const { key, tasks } of projects) {
    ids[key] = newId();
    for (const [number, { comments = [] }] of tasks.entries()) {
      ids[`${key}-${number}`] = newId();
      for (const index of comments.keys()) ids[`${key}-${number}-${index}`] = newId();
    }
  }
  return { done: false, ids };
}

/**
 * Writes the demo workspace through the public API, once: `file` remembers the ids before anything is sent, and that it
 * is done. A crash in between costs nothing: the next start sends all of it again under the same ids.
 */
export async function writeDemo({ url, file }: { url: string; file: string }): Promise<'written' | 'there already'> {
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Plan) : undefined;
  if (known?.done) return 'there already';
  const plan = known ?? newPlan();
  const send = <D>(query: string, input: unknown, session?: Session) =>
    callGraphQL<D>(url, query, { input }, session?.token);

  const signIn = async (person: Person): Promise<Session & { isNew: boolean }> => {
    const { email, name } = people[person];
    const account = { email, password: demoPassword };
    try {
      const { session } = await send<{ session: { accessToken: string } }>(login, account);
      return { token: session.accessToken, isNew: false };
    } catch (error) {
      if (!(error instanceof GraphQLFailure && error.codes.includes('INVALID_CREDENTIALS'))) throw error;
    }
    if (!existsSync(file)) save(file, plan);
    const input = { ...account, id: plan.ids[person], name };
    const { session } = await send<{ session: { accessToken: string } }>(register, input);
    return { token: session.accessToken, isNew: true };
  };

  const ada = await signIn('ada');
  if (!known && !ada.isNew) {
    // A database from elsewhere (POSTGRES_URL) that has the demo, under ids that nobody knows here.
    save(file, { ids: {}, done: true });
    return 'there already';
  }
  const [grace, alan] = await Promise.all([signIn('grace'), signIn('alan')]);
  const sessions: Record<Person, Session> = { ada, grace, alan };
  const { ids } = plan;
  await send(createWorkspace, { id: ids.workspace, name: workspaceName }, ada);
  // By a link: nobody reads the e-mails by which they would verify their addresses.
  const link = await send<Link>(createLink, { workspaceId: ids.workspace, role: 'MEMBER', maxUses: 2 }, ada);
  const { token } = link.createInvitationLink.invitation;
  for (const session of [grace, alan]) await send(accept, { token }, session);
  await Promise.all(projects.map((project) => writeProject(project)));
  save(file, { ...plan, done: true });
  return 'written';

  // One task after the other, so that their numbers follow the list; a task's comments while the next ones are made.
  async function writeProject({ key, name, tasks }: (typeof projects)[number]): Promise<void> {
    await send(createProject, { id: ids[key], workspaceId: ids.workspace, key, name }, ada);
    const talks: Promise<void>[] = [];
    try {
      for (const [number, { title, status, creator, assignee, comments = [] }] of tasks.entries()) {
        const id = ids[`${key}-${number}`];
        const input = { id, projectId: ids[key], title, status, assigneeId: assignee && ids[assignee] };
        await send(createTask, input, sessions[creator]);
        talks.push(writeTalk(`${key}-${number}`, comments));
      }
    } finally {
      await Promise.all(talks);
    }
  }

  async function writeTalk(task: string, comments: readonly (readonly [Person, string])[]): Promise<void> {
    for (const [index, [author, body]] of comments.entries()) {
      await send(addComment, { id: ids[`${task}-${index}`], taskId: ids[task], body }, sessions[author]);
    }
  }
}
