import { z } from 'zod';
import { UserChanged } from '#events/users.ts';
import { refuse } from '#platform/errors.ts';
import { requireViewer } from '#platform/identity/viewer.ts';
import { parseInput } from '#platform/input.ts';
import { lineSchema } from '#platform/text.ts';
import type { Context } from '../context.ts';
import { localeSchema, timeZoneSchema, type User } from '../domain/user.ts';
import type { UpdateProfileInput } from '../generated/resolvers.ts';
import { lockUser, updateUser } from '../store/accounts.ts';

const avatarSchema = z
  .url({ protocol: /^https$/, error: 'Must be an https URL' })
  .max(2048, 'Must have at most 2,048 characters');
const inputSchema = z.strictObject({
  name: lineSchema(80).optional(),
  locale: localeSchema.nullish(),
  timeZone: timeZoneSchema.nullish(),
  avatarUrl: avatarSchema.nullish(),
});

/** Changes what the viewer says of themselves; what is left out stays. Refusals: BAD_USER_INPUT. */
export async function updateProfile({ deps, viewer }: Context, rawInput: UpdateProfileInput): Promise<User> {
  const { userId } = requireViewer(viewer);
  const input = parseInput(inputSchema, rawInput);
  return deps.outbox.commit(async (tx, record) => {
    const before = (await lockUser(tx, userId)) ?? refuse('UNAUTHENTICATED', 'This account is gone');
    const fields = ['name', 'locale', 'timeZone', 'avatarUrl'] as const;
    const changed = fields.filter((field) => input[field] !== undefined && input[field] !== before[field]);
    if (changed.length === 0) return before;
    const user = await updateUser(tx, userId, Object.fromEntries(changed.map((field) => [field, input[field]])));
    const { id, name, email, avatarUrl, version } = user;
    const changes = Object.fromEntries(changed.map((field) => [field, { from: before[field], to: user[field] }]));
    const data = { user: { id, name, email, avatarUrl } };
    record(UserChanged, { aggregateId: id, version, actorId: userId, data, changes });
    return user;
  });
}
