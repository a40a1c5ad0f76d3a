import { UserRegistered } from '#events/users.ts';
import { isUniqueViolation } from '#platform/database/errors.ts';
import { refuse } from '#platform/errors.ts';
import { newId } from '#platform/ids.ts';
import type { RecordEvent } from '#platform/outbox/createOutbox.ts';
import type { Context } from '../context.ts';
import { decideFirstLogin, type Identity, type ProvedPerson, profileOf, verifiedEmail } from '../domain/identity.ts';
import type { User } from '../domain/user.ts';
import { lockUser } from '../store/accounts.ts';
import type { Database } from '../store/database.ts';
import { findIdentityOf, insertIdentity, touchIdentity } from '../store/identities.ts';
import { findUserByEmail, insertUser } from '../store/users.ts';
import { sendLetter } from './accountLinks.ts';
import { beginSession, type SignedIn } from './beginSession.ts';

/** Somebody whom a provider has just proved, and the provider's name. */
export type Proved = { provider: string; person: ProvedPerson };

/**
 * Begins a session of whoever has this identity. Nobody has it yet: it makes an account, or is linked to the one with its
 * address; see decideFirstLogin.
 * Refusals: EMAIL_UNVERIFIED, EMAIL_TAKEN, SUSPENDED.
 */
export function enterByIdentity(context: Context, proved: Proved): Promise<SignedIn> {
  const { deps } = context;
  const enter = () => deps.outbox.commit((tx, record) => enterIn(context, tx, record, proved));
  return enter().catch((error: unknown) => {
    // Somebody has just registered with this address or by this identity: decide again, on what is there now.
    if (isUniqueViolation(error)) return enter();
    throw error;
  });
}

async function enterIn(context: Context, tx: Database, record: RecordEvent, proved: Proved): Promise<SignedIn> {
  const now = context.deps.now();
  const { issuer, subject } = proved.person;
  const email = verifiedEmail(proved.person);
  const known = await findIdentityOf(tx, { issuer, subject });
  const owner = known && (await lockUser(tx, known.userId));
  // Under the account's lock, as it is unlinked: this may have waited for just that.
  const identity = owner && (await findIdentityOf(tx, { issuer, subject }));
  if (owner && identity?.userId === owner.id) {
    const signedIn = await beginSession(context, tx, owner);
    await touchIdentity(tx, identity.id, email, now);
    return signedIn;
  }
  const found = email === null ? null : await findUserByEmail(tx, email);
  // Locked: whether its address is verified must not change meanwhile.
  const account = found && (await lockUser(tx, found.id));
  const decision = decideFirstLogin(email, account);
  switch (decision) {
    case 'EMAIL_UNVERIFIED':
      return refuse(decision, 'The provider knows no address of this person that it has verified');
    case 'EMAIL_TAKEN':
      return refuse(decision, 'An account with this e-mail address exists already, and nobody has verified that');
    case 'link': {
      const user = account as User;
      const signedIn = await beginSession(context, tx, user);
      await link(tx, record, { ...proved, userId: user.id, now });
      return signedIn;
    }
    case 'create': {
      const user = newUser(proved.person, email as string, now);
      await insertUser(tx, { user, passwordHash: null });
      await insertIdentity(tx, newIdentity({ ...proved, userId: user.id, now }));
      const { id, name, avatarUrl, version } = user;
      const data = { user: { id, name, email: user.email, avatarUrl } };
      record(UserRegistered, { aggregateId: id, version, actorId: id, data });
      return beginSession(context, tx, user);
    }
  }
}

/** Links an identity, and has its person told. Fails on the unique index when somebody has it. */
export async function link(
  tx: Database,
  record: RecordEvent,
  linking: Proved & { userId: string; now: Date },
): Promise<void> {
  const identity = newIdentity(linking);
  await insertIdentity(tx, identity);
  sendLetter(record, { kind: 'IDENTITY_LINKED', subjectId: identity.id, actorId: linking.userId });
}

function newIdentity({ provider, person, userId, now }: Proved & { userId: string; now: Date }): Identity {
  const { issuer, subject } = person;
  const email = verifiedEmail(person);
  return { id: newId(), userId, provider, issuer, subject, email, createdAt: now, lastUsedAt: now };
}

function newUser(person: ProvedPerson, email: string, now: Date): User {
  const unset = { locale: null, timeZone: null, suspendedAt: null };
  return {
    id: newId(),
    email,
    ...profileOf(person, email),
    emailVerifiedAt: now,
    ...unset,
    role: 'USER',
    version: 1,
    createdAt: now,
  };
}
