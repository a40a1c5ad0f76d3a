import { z } from 'zod';
import { defineEvent } from './defineEvent.ts';

/** What other subgraphs may know of a person: where mail goes, and the name that it speaks of. */
export const PersonState = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  avatarUrl: z.string().nullable(),
});

/** An account was created. The aggregate is the user. */
export const UserRegistered = defineEvent({
  publisher: 'users',
  aggregate: 'user',
  name: 'registered',
  version: 1,
  data: z.object({ user: PersonState }),
});

/** Somebody has another name or picture. The aggregate is the user. */
export const UserChanged = defineEvent({
  publisher: 'users',
  aggregate: 'user',
  name: 'changed',
  version: 1,
  data: z.object({ user: PersonState }),
});

/** An account was suspended, or restored; its sessions end with events of their own. The aggregate is the user. */
export const UserSuspensionChanged = defineEvent({
  publisher: 'users',
  aggregate: 'user',
  name: 'suspension-changed',
  version: 1,
  data: z.object({ user: z.object({ id: z.uuid() }), suspended: z.boolean() }),
});

/**
 * Somebody's session was ended before its time: its access tokens are refused from now on, wherever they are shown. The
 * aggregate is the session; the gateway looks at nothing but its id.
 */
export const SessionRevoked = defineEvent({
  publisher: 'users',
  aggregate: 'session',
  name: 'revoked',
  version: 1,
  data: z.object({
    session: z.object({ id: z.uuid(), userId: z.uuid(), device: z.string() }),
    /** REUSED: a refresh token turned up that had been used before, so one of two has stolen it. */
    reason: z.enum(['LOGOUT', 'REVOKED', 'REUSED', 'PASSWORD_CHANGED', 'SUSPENDED', 'ERASED']),
  }),
});

/** A workspace was created. The aggregate is the workspace. */
export const WorkspaceCreated = defineEvent({
  publisher: 'users',
  aggregate: 'workspace',
  name: 'created',
  version: 1,
  data: z.object({ workspace: z.object({ id: z.uuid(), name: z.string() }) }),
});

/** A workspace got another name, was archived, or is in use again. The aggregate is the workspace. */
export const WorkspaceChanged = defineEvent({
  publisher: 'users',
  aggregate: 'workspace',
  name: 'changed',
  version: 1,
  data: z.object({ workspace: z.object({ id: z.uuid(), name: z.string(), archived: z.boolean() }) }),
});

/** The role that a person has in a workspace; null once the person is no longer a member. */
export const MembershipState = z.object({
  workspaceId: z.uuid(),
  userId: z.uuid(),
  role: z.enum(['OWNER', 'ADMIN', 'MEMBER', 'GUEST']).nullable(),
});

/** Somebody became a member, got another role, or is no longer a member. The aggregate is the membership. */
export const MembershipChanged = defineEvent({
  publisher: 'users',
  aggregate: 'membership',
  name: 'changed',
  version: 1,
  data: z.object({ membership: MembershipState }),
});

/**
 * An e-mail of users is due, one about an account or to somebody who has none. What it says, and to whom, is asked of users when it
 * is about to leave (POST /internal/letter): it is checked then whether it is still wanted, and neither an address nor a link
 * that opens something lies in a stream. The aggregate is the letter.
 */
export const LetterDue = defineEvent({
  publisher: 'users',
  aggregate: 'letter',
  name: 'due',
  version: 1,
  data: z.object({
    letter: z.object({
      /** What users knows it by, such as INVITATION. */
      kind: z.string(),
      /** What it is about. */
      subjectId: z.uuid(),
      /** Of several about the same, only the latest is sent. */
      issue: z.int().positive(),
    }),
  }),
});

/**
 * Somebody has deleted their account: whoever keeps anything of them but the id erases it. What they wrote stays, as a deleted
 * user's. It is the last event of the user; what came before it has nothing of them any more.
 */
export const PersonErased = defineEvent({
  publisher: 'users',
  aggregate: 'user',
  name: 'erased',
  version: 1,
  data: z.object({ user: z.object({ id: z.uuid() }) }),
});
