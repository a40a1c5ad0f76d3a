import { composeSupergraph } from '#schema/compose.ts';

/** The composed supergraph. */
export async function renderSupergraph(): Promise<Map<string, string>> {
  return new Map([['schema/supergraph.graphql', await composeSupergraph()]]);
}
