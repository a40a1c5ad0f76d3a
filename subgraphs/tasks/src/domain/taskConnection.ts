import { type Connection, writeCursor } from '#platform/pages.ts';
import type { Task } from './task.ts';
import type { TaskList } from './taskList.ts';
import { orderColumns } from './taskOrder.ts';

/** A page of tasks, and the list that it is of, should somebody want to know how long that is. */
export type TaskConnection = Connection<Task> & { parentId: string; list: TaskList };

/** The connection of a page out of its rows: up to `limit + 1`, the surplus one, at the far end, says that there are more. */
export function toTaskConnection(parentId: string, rows: readonly Task[], list: TaskList): TaskConnection {
  const { limit, after, backward, identity, order } = list;
  const more = rows.length > limit;
  const nodes = more ? (backward ? rows.slice(1) : rows.slice(0, limit)) : [...rows];
  const cursorOf = (task: Task) =>
    writeCursor(
      identity,
      order.map(({ column }) => JSON.stringify(orderColumns[column].of(task))),
    );
  const edges = nodes.map((node) => ({ cursor: cursorOf(node), node }));
  return {
    parentId,
    list,
    edges,
    nodes,
    pageInfo: {
      hasNextPage: backward ? after !== null : more,
      hasPreviousPage: backward ? more : after !== null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
