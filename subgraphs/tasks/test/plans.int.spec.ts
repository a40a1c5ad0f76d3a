import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Pool } from 'pg';
import { newId } from '#platform/ids.ts';
import { testDatabase, testScope } from '#platform/testing/index.ts';
import { toTaskConnection } from '../src/domain/taskConnection.ts';
import { parseTaskList, type TaskListArguments } from '../src/domain/taskList.ts';
import type { TaskParent } from '../src/domain/taskOrder.ts';
import { listSql } from '../src/store/taskLists.ts';
import { toTask } from '../src/store/taskRow.ts';

// The machine may be busy.
jest.setTimeout(60_000);

const scope = testScope();
const [workspaceId, projectId, userId] = [newId(), newId(), newId()];
let pool: Pool;

/** 40,000 tasks: of 20 workspaces, each with one project. Every two-hundredth is ours to do. */
beforeAll(async () => {
  const database = await testDatabase('tasks');
  scope.defer('database', () => database.drop());
  pool = database.pool;
  await pool.query(
    `insert into project (id, workspace_id, key, name, creator_id, created_at)
     select case n when 0 then $1::uuid else gen_random_uuid() end, case n when 0 then $2::uuid else gen_random_uuid() end,
       'WEB', 'Web', $3, now()
     from generate_series(0, 19) as n`,
    [projectId, workspaceId, userId],
  );
  await pool.query(
    `insert into task (id, workspace_id, project_id, number, title, status, priority, creator_id, assignee_id, due_on,
       estimate, created_at, updated_at)
     select gen_random_uuid(), project.workspace_id, project.id, n, 'Task ' || n,
       (array['BACKLOG', 'TODO', 'IN_PROGRESS', 'DONE', 'DONE', 'CANCELED']::task_status[])[n % 6 + 1],
       (array['NONE', 'LOW', 'MEDIUM', 'HIGH', 'URGENT']::task_priority[])[n % 5 + 1], $1::uuid,
       case n % 200 when 0 then $1::uuid else gen_random_uuid() end,
       case n % 3 when 0 then current_date + n % 400 - 300 end, n % 13,
       now() - n * interval '1 hour', now() - (n * 7919 % 2000) * interval '1 hour'
     from project cross join generate_series(1, 2000) as n`,
    [userId],
  );
  await pool.query('analyze task');
});

type Plan = {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  Plans?: Plan[];
};

async function scansOf(parent: TaskParent, args: TaskListArguments): Promise<Plan[]> {
  const parentId = parent === 'project' ? projectId : workspaceId;
  const list = parseTaskList(args, { parent, parentId, userId, now: new Date() });
  const { text, values } = listSql([parentId], list);
  const { rows } = await pool.query(`explain (analyze, format json) ${text}`, values as unknown[]);
  const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];
  return nodes(rows[0]['QUERY PLAN'][0].Plan).filter((node) => node['Node Type'].includes('Scan'));
}

/** The cursor of the task at this place of the list. */
async function cursorAt(parent: TaskParent, args: TaskListArguments, place: number): Promise<string | null> {
  const parentId = parent === 'project' ? projectId : workspaceId;
  const list = { ...parseTaskList(args, { parent, parentId, userId, now: new Date() }), limit: place };
  const { text, values } = listSql([parentId], list);
  const { rows } = await pool.query(text, values as unknown[]);
  const tasks = rows.map((row) => toTask(row));
  expect(tasks.length).toBeGreaterThan(place);
  return toTaskConnection(parentId, tasks, list).pageInfo.endCursor;
}

const open = { status: { notIn: ['DONE' as const, 'CANCELED' as const] } };
const likely: [string, TaskParent, TaskListArguments][] = [
  ['the newest', 'workspace', {}],
  ['the newest of a project', 'project', {}],
  ['mine', 'workspace', { filter: { assigneeId: { eq: 'me' }, ...open } }],
  [
    'mine, by the due date',
    'workspace',
    { filter: { assigneeId: { eq: 'me' } }, orderBy: [{ field: 'DUE', direction: 'ASC' }] },
  ],
  ['what changed last', 'workspace', { orderBy: [{ field: 'UPDATED_AT', direction: 'DESC' }] }],
  ['what is overdue', 'workspace', { filter: { overdue: true } }],
  ['what is due this week', 'workspace', { filter: { due: { within: 'P7D' }, ...open } }],
  ['what is due first', 'workspace', { orderBy: [{ field: 'DUE', direction: 'ASC' }] }],
  ['a column of a board', 'project', { filter: { status: { eq: 'IN_PROGRESS' } } }],
  [
    'what is due in a project',
    'project',
    { filter: { due: { isNull: false } }, orderBy: [{ field: 'DUE', direction: 'ASC' }] },
  ],
  ['what is urgent in a project', 'project', { filter: { priority: { eq: 'URGENT' } } }],
];

describe('the plan of a list', () => {
  it.each(likely)('of %s uses an index', async (_name, parent, args) => {
    const scans = (await scansOf(parent, args)).filter((scan) => scan['Relation Name'] !== undefined);
    expect(scans.length).toBeGreaterThan(0);
    expect(scans.map((scan) => scan['Node Type']).filter((type) => type === 'Seq Scan')).toEqual([]);
  });

  it.each<[string, TaskParent, TaskListArguments]>([
    ['the newest', 'workspace', {}],
    ['the newest of a project', 'project', {}],
    ['what changed last', 'workspace', { orderBy: [{ field: 'UPDATED_AT', direction: 'DESC' }] }],
    ['what is due first', 'workspace', { orderBy: [{ field: 'DUE', direction: 'ASC' }] }],
  ])('of %s reads little more than the page, however deep', async (_name, parent, args) => {
    for (const place of [0, 1500]) {
      const after = place === 0 ? null : await cursorAt(parent, args, place);
      const scans = await scansOf(parent, { ...args, after });
      // Of 2,000, 667 of them due some day. What is due on the day of the cursor is looked at again.
      expect(
        Math.max(...scans.map((scan) => scan['Actual Rows'] + (scan['Rows Removed by Filter'] ?? 0))),
      ).toBeLessThan(100);
    }
  });

  it('reads no more than the page where an index has the order', async () => {
    for (const args of [likely[0], likely[1], likely[4], likely[7]]) {
      const [, parent, given] = args as (typeof likely)[number];
      const scans = await scansOf(parent, given);
      expect(Math.max(...scans.map((scan) => scan['Actual Rows']))).toBeLessThanOrEqual(21);
    }
  });
});
