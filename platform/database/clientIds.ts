import { createHash } from 'node:crypto';
import { refuse } from '../errors.ts';
import type { SqlTransaction } from '../outbox/transaction.ts';

/** What a create mutation was asked for: the client's id, who asked, and the input as it was validated. */
export type ClientIdClaim = { id: string; kind: string; creatorId: string; input: unknown };

/**
 * Claims a client's own id inside the transaction that creates the thing, which makes a retry of the mutation safe.
 *
 * The id, its creator and a SHA-256 of the input are kept for good, also after the thing is deleted. The same three again
 * answer `same`: the caller then returns the first result. Anything else is ID_TAKEN, without data.
 * Two transactions that claim one id at once are put in order by the primary key: the second waits for the first.
 */
export async function claimClientId(tx: SqlTransaction, claim: ClientIdClaim): Promise<'new' | 'same'> {
  const hash = createHash('sha256').update(canonicalJson(claim.input)).digest();
  const claimed = await tx.$executeRawUnsafe(
    `insert into backbone.client_id (id, kind, creator_id, input_hash) values ($1::uuid, $2, $3::uuid, $4)
     on conflict (id) do nothing`,
    claim.id,
    claim.kind,
    claim.creatorId,
    hash,
  );
  if (claimed === 1) return 'new';
  const [first] = await tx.$queryRawUnsafe<{ kind: string; creator_id: string; input_hash: Uint8Array }[]>(
    'select kind, creator_id::text, input_hash from backbone.client_id where id = $1::uuid',
    claim.id,
  );
  const same =
    first?.kind === claim.kind && first.creator_id === claim.creatorId && hash.equals(Buffer.from(first.input_hash));
  return same ? 'same' : refuse('ID_TAKEN', 'This id is taken.');
}

/** JSON with sorted keys: the same input gives the same text, in whatever order a client wrote its fields. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
