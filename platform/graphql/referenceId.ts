import { idSchema } from '../ids.ts';

/**
 * The id that an entity reference carries, in canonical form; null when it is no id. The gateway passes on whatever a
 * client named, and an entity that can't be is null rather than an error for all the others in the batch.
 */
export function referenceId({ id }: { id: string }): string | null {
  return idSchema.safeParse(id).data ?? null;
}
