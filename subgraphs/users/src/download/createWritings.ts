import { z } from 'zod';
import type { GuardedClient } from '#platform/identity/guardedCall.ts';

const answerSchema = z.object({
  lists: z.record(z.string(), z.array(z.unknown())),
  after: z.string().nullable(),
});

/** What the other subgraphs have of a person: tasks, comments, notifications. */
export type Writings = {
  /**
   * Everything, list by list; of what others write in workspaces that the person is not in only that it is there. Throws
   * SERVICE_UNAVAILABLE when one of them can't be asked: half of it would pass for all.
   *
   * @param workspaceIds those that the person is in
   */
  read(userId: string, workspaceIds: readonly string[]): Promise<Record<string, unknown[]>>;
};

/** Asks the other subgraphs for what they have of a person, page by page. */
export function createWritings(others: readonly GuardedClient[]): Writings {
  return {
    async read(userId, workspaceIds) {
      const lists: Record<string, unknown[]> = {};
      for (const other of others) {
        let after: string | null = null;
        do {
          const page: z.output<typeof answerSchema> = await other.call(
            '/internal/written',
            { userId, workspaceIds, after },
            answerSchema,
          );
          for (const [name, items] of Object.entries(page.lists)) lists[name] = [...(lists[name] ?? []), ...items];
          after = page.after;
        } while (after !== null);
      }
      return lists;
    },
  };
}
