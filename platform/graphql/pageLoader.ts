import DataLoader from 'dataloader';
import type { Page } from '../pages.ts';

/** One page of what belongs to a parent. */
export type PageOf<P extends Page = Page> = { parentId: string; page: P };

/** Loads pages of many parents. */
export type PageLoader<Row, P extends Page = Page> = DataLoader<PageOf<P>, Row[], string>;

/**
 * A loader for a connection field: the parents of one level of a selection ask for the same page, and share one query.
 * Aliases with other arguments have a query each.
 *
 * @param list up to `limit + 1` rows for each of the parents, in one query; those of one parent in the page's order
 * @param parentOf the id of the parent that a row belongs to
 */
export function pageLoader<Row, P extends Page = Page>(
  list: (parentIds: string[], page: P) => Promise<Row[]>,
  parentOf: (row: Row) => string,
): PageLoader<Row, P> {
  return new DataLoader(
    async (wanted: readonly PageOf<P>[]) => {
      const groups = new Map<string, { page: P; rows: Map<string, Row[]> }>();
      for (const { parentId, page } of wanted) {
        const group = groups.get(pageKey(page)) ?? { page, rows: new Map() };
        group.rows.set(parentId, []);
        groups.set(pageKey(page), group);
      }
      await Promise.all(
        [...groups.values()].map(async ({ page, rows }) => {
          for (const row of await list([...rows.keys()], page)) rows.get(parentOf(row))?.push(row);
        }),
      );
      return wanted.map(({ parentId, page }) => groups.get(pageKey(page))?.rows.get(parentId) ?? []);
    },
    { cacheKeyFn: ({ parentId, page }: PageOf<P>) => `${parentId} ${pageKey(page)}` },
  );
}

const pageKey = ({ ordering, limit, after }: Page): string => JSON.stringify([ordering, limit, after]);
