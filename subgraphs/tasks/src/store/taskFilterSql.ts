import { Prisma } from '#prisma/tasks/client/client.ts';
import { type Condition, type FilterField, type FilterKind, filterFields } from '../domain/taskFilter.ts';
import type { TaskList } from '../domain/taskList.ts';

const columns: Record<FilterField, Prisma.Sql> = {
  id: Prisma.sql`id`,
  projectId: Prisma.sql`project_id`,
  number: Prisma.sql`number`,
  title: Prisma.sql`title`,
  description: Prisma.sql`description`,
  status: Prisma.sql`status`,
  priority: Prisma.sql`priority`,
  creatorId: Prisma.sql`creator_id`,
  assigneeId: Prisma.sql`assignee_id`,
  start: Prisma.sql`start_on`,
  due: Prisma.sql`due_on`,
  estimate: Prisma.sql`estimate`,
  createdAt: Prisma.sql`created_at`,
  updatedAt: Prisma.sql`updated_at`,
};

const types: Record<FilterKind, Prisma.Sql> = {
  id: Prisma.sql`uuid`,
  user: Prisma.sql`uuid`,
  int: Prisma.sql`int`,
  text: Prisma.sql`text`,
  status: Prisma.sql`task_status`,
  priority: Prisma.sql`task_priority`,
  day: Prisma.sql`date`,
  instant: Prisma.sql`timestamptz`,
};

const operators = {
  eq: Prisma.sql`=`,
  neq: Prisma.sql`is distinct from`,
  lt: Prisma.sql`<`,
  lte: Prisma.sql`<=`,
  gt: Prisma.sql`>`,
  gte: Prisma.sql`>=`,
};

/** The one place where a filter becomes SQL. Every value is a parameter. Of null the result may be null, which is not true. */
export function filterSql(condition: Condition, clock: TaskList['clock']): Prisma.Sql {
  switch (condition.is) {
    case 'all':
    case 'any': {
      const parts = condition.of.map((part) => filterSql(part, clock));
      if (parts.length === 0) return condition.is === 'all' ? Prisma.sql`true` : Prisma.sql`false`;
      return Prisma.sql`(${Prisma.join(parts, condition.is === 'all' ? ' and ' : ' or ')})`;
    }
    case 'not':
      return Prisma.sql`(${filterSql(condition.of, clock)} is not true)`;
    case 'overdue':
      return Prisma.sql`(status not in ('DONE', 'CANCELED') and due_on <= ${clock.today}::date + 2
        and case when due_at is null then due_on < ${clock.today}::date else due_at < ${clock.now} end)`;
    case 'compare':
      return compareSql(condition, clock);
  }
}

function compareSql(condition: Condition & { is: 'compare' }, { today }: TaskList['clock']): Prisma.Sql {
  const column = columns[condition.field];
  const type = types[filterFields[condition.field]];
  switch (condition.operator) {
    case 'isNull':
      return condition.value ? Prisma.sql`${column} is null` : Prisma.sql`${column} is not null`;
    case 'in':
      return Prisma.sql`${column} = any(${condition.value}::${type}[])`;
    case 'notIn':
      return Prisma.sql`(${column} = any(${condition.value}::${type}[]) is not true)`;
    case 'contains':
      return Prisma.sql`strpos(lower(${column}), lower(${condition.value})) > 0`;
    case 'within':
      return Prisma.sql`${column} between ${today}::date and (${today}::date + ${condition.value}::text::interval)::date`;
    default:
      return Prisma.sql`${column} ${operators[condition.operator]} ${condition.value}::${type}`;
  }
}
