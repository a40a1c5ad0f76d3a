import { createHash } from 'node:crypto';
import { refuse } from '../errors.ts';
import type { SqlTransaction } from '../outbox/transaction.ts';

/** What a create mutation was asked for: the client's id, who asked, and the input as it was validated. */
export type ClientIdClaim = { id: string; kind: string; creatorId: string; input: unknown };

/**
 * Whether this very create was done before. Asked before anything is decided about the input: a retry gets the first result,
 * whatever has become of what the input names meanwhile. Throws ID_TAKEN when the id stands for something else.
 */
export async function isRepeat(db: Pick<SqlTransaction, '$queryRawUnsafe'>, claim: ClientIdClaim): Promise<boolean> {
  const [first] = await db.$queryRawUnsafe<{ kind: string; creator_id: string; input_hash: Uint8Array }[]>(
    'select kind, creator_id::text, input_hash from backbone.client_id where id = $1::uuid',
    claim.id,
  );
  if (!first) return false;
  const { kind, creator_id, input_hash } = first;
  const same =
    kind === claim.kind && creator_id === claim.creatorId && hashOf(claim.input).equals(Buffer.from(input_hash));
  return same || refuse('ID_TAKEN', 'This id is taken');
}

/**
 * Claims a client's own id inside the transaction that creates the thing, which makes a retry of the mutation safe.
 *
 * The id, its creator and a SHA-256 of the input are kept for good, also after the thing is deleted. The same three again
 * answer `same`: the caller then returns the first result, if its creator may still see it. Anything else is ID_TAKEN,
 * without data.
 * Two transactions that claim one id at once are put in order by the primary key: the second waits for the first.
 */
export async function claimClientId(tx: SqlTransaction, claim: ClientIdClaim): Promise<'new' | 'same'> {
  const claimed = await tx.$executeRawUnsafe(
    `insert into backbone.client_id (id, kind, creator_id, input_hash) values ($1::uuid, $2, $3::uuid, $4)
     on conflict (id) do nothing`,
    claim.id,
    claim.kind,
    claim.creatorId,
    hashOf(claim.input),
  );
  if (claimed === 1) return 'new';
  return (await isRepeat(tx, claim)) ? 'same' : refuse('ID_TAKEN', 'This id is taken');
}

function hashOf(input: unknown): Buffer {
  return createHash('sha256').update(canonicalJson(input)).digest();
}

/**
 * JSON with sorted keys and without nulls: the same input gives the same text, in whatever order a client wrote its fields, and
 * whether it left one out or wrote null, which to a create is the same.
 */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(
          Object.entries(inner)
            .filter(([, field]) => field !== null)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : inner,
  );
}
