import { Prisma } from '#prisma/tasks/client/client.ts';
import type { Task } from '../domain/task.ts';
import { keysOf, type TaskList } from '../domain/taskList.ts';
import { reversed } from '../domain/taskOrder.ts';
import type { Database } from './database.ts';
import { filterSql } from './taskFilterSql.ts';
import { orderSql, segmentsOf } from './taskOrderSql.ts';
import { type TaskRow, taskColumns, toTask } from './taskRow.ts';

const parentColumns = { project: Prisma.sql`project_id`, workspace: Prisma.sql`workspace_id` };

/** Keeps a statement from being prepared under a name: platform/database/prismaAdapter.ts. */
const marked = Prisma.sql`/* composed */`;

/** A page of the tasks of each parent, in the list's order: up to `limit + 1` each. One query for all of them. */
export async function listTasks(db: Database, parentIds: readonly string[], list: TaskList): Promise<Task[]> {
  const rows = await db.$queryRaw<(TaskRow & { segment: number; spot: bigint })[]>(listSql(parentIds, list));
  return rows.map(({ segment: _, spot: _spot, ...row }) => toTask(row));
}

/** The statement of {@link listTasks}. */
export function listSql(parentIds: readonly string[], list: TaskList): Prisma.Sql {
  const { limit, after, composed, backward, condition, clock } = list;
  const order = backward ? reversed(list.order) : list.order;
  const keys = after && keysOf(list.order, after);
  const most = Prisma.sql`limit ${limit + 1}`;
  const segments = segmentsOf(order, keys).map(
    (segment, index) => Prisma.sql`
      select ${taskColumns}, ${index}::int as segment, row_number() over (order by ${orderSql(segment.order)}) as spot
      from task
      where task.${parentColumns[list.parent]} = wanted.parent_id and ${segment.where}
        ${condition ? Prisma.sql`and ${filterSql(condition, clock)}` : Prisma.empty}
      order by ${orderSql(segment.order)} ${most}`,
  );
  const one = segments.length === 1;
  return Prisma.sql`${composed ? marked : Prisma.empty}
    select listed.* from unnest(${parentIds}::uuid[]) with ordinality as wanted (parent_id, place)
    cross join lateral (
      ${one ? Prisma.join(segments) : Prisma.sql`${Prisma.join(segments, ') union all (', '(', ')')} order by segment, spot ${most}`}
    ) as listed
    order by wanted.place, ${backward ? Prisma.sql`segment desc, spot desc` : Prisma.sql`segment, spot`}`;
}

/** How many tasks each parent has that meet the list's condition, in the order of the parents. One query. */
export async function countTasks(db: Database, parentIds: readonly string[], list: TaskList): Promise<number[]> {
  const parent = parentColumns[list.parent];
  const rows = await db.$queryRaw<{ parentId: string; count: number }[]>`${list.composed ? marked : Prisma.empty}
    select ${parent} as "parentId", count(*)::int as count from task
    where ${parent} = any(${parentIds}::uuid[])
      ${list.condition ? Prisma.sql`and ${filterSql(list.condition, list.clock)}` : Prisma.empty}
    group by ${parent}`;
  const counts = new Map(rows.map(({ parentId, count }) => [parentId, count]));
  return parentIds.map((id) => counts.get(id) ?? 0);
}
