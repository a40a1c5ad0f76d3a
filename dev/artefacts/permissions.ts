import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from '#platform/root.ts';
import { subgraphs } from '../subgraphs.ts';

/** A role as the policies take it; null: signed in, and not a member. */
type Role = 'OWNER' | 'ADMIN' | 'MEMBER' | 'GUEST' | null;

const columns: readonly { role: Role; title: string }[] = [
  { role: 'OWNER', title: 'owner' },
  { role: 'ADMIN', title: 'admin' },
  { role: 'MEMBER', title: 'member' },
  { role: 'GUEST', title: 'guest' },
  { role: null, title: 'not a member' },
];

const fileOf = (name: string) => path.join(root, `subgraphs/${name}/src/domain/permissions.ts`);

/** The page of permissions: what each subgraph's policy functions answer for each role. */
export async function renderPermissions(): Promise<Map<string, string>> {
  const decided = subgraphs.filter((name) => existsSync(fileOf(name)));
  const sections = await Promise.all(decided.map(renderSubgraph));
  return new Map([['docs/permissions.md', `${[introduction, ...sections].join('\n\n')}\n`]]);
}

const introduction = `# Permissions

What a person may do in a workspace, by role. This page is written by \`npm run generate\`: each cell is what the policy function
of the subgraph answers (\`subgraphs/<name>/src/domain/policy.ts\`). Clients read the same from the \`viewerCan…\` fields.

What somebody may not see is \`NOT_FOUND\` to them; what they may see and not do is \`FORBIDDEN\`. In an archived workspace members
can only be removed, or leave, and its owners can restore it: anything else about the workspace, and about what is in it, is
\`WORKSPACE_ARCHIVED\`.`;

async function renderSubgraph(name: string): Promise<string> {
  const { permissions } = (await import(fileOf(name))) as { permissions: Record<string, (role: Role) => boolean> };
  const rows = Object.entries(permissions).map(
    ([what, may]) => `| ${[what, ...columns.map(({ role }) => (may(role) ? 'yes' : '–'))].join(' | ')} |`,
  );
  const heading = `| | ${columns.map(({ title }) => title).join(' | ')} |`;
  return [`## ${name}`, '', heading, `|---|${columns.map(() => ':-:|').join('')}`, ...rows].join('\n');
}
