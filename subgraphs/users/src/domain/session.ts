import { describeDevice } from './device.ts';

/** Why a session ended before its time. REUSED: a used refresh token turned up again. */
export type EndReason = 'LOGOUT' | 'REVOKED' | 'REUSED' | 'PASSWORD_CHANGED' | 'SUSPENDED' | 'ERASED';

/** Somebody signed in on one device. */
export type Session = {
  id: string;
  userId: string;
  device: string;
  ip: string | null;
  version: number;
  createdAt: Date;
  /** The login, or the last refresh. */
  lastSeenAt: Date;
  /** When it ends by itself. */
  expiresAt: Date;
  endedAt: Date | null;
  endReason: EndReason | null;
};

/** The program that a person uses, as far as it is known. */
export type Client = { address: string | null; userAgent: string | null };

const DAY_MS = 86_400_000;
/** A session that nobody refreshes ends after this long. */
const IDLE_MS = 30 * DAY_MS;
/** No session lasts longer, however often it is refreshed. */
const LONGEST_MS = 180 * DAY_MS;

/** A session that begins now. */
export function newSession(given: { id: string; userId: string; client: Client; now: Date }): Session {
  const { id, userId, client, now } = given;
  return {
    id,
    userId,
    device: describeDevice(client.userAgent),
    ip: client.address,
    version: 1,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: new Date(now.getTime() + IDLE_MS),
    endedAt: null,
    endReason: null,
  };
}

/** The session after a refresh: seen now, from there, and good for longer. The device stays what it was at the login. */
export function refreshed(session: Session, client: Client, now: Date): Session {
  const expiresAt = new Date(Math.min(now.getTime() + IDLE_MS, session.createdAt.getTime() + LONGEST_MS));
  return { ...session, ip: client.address, lastSeenAt: now, expiresAt };
}

/** Whether the session goes on: neither ended nor expired. */
export function isLive({ endedAt, expiresAt }: Pick<Session, 'endedAt' | 'expiresAt'>, now: Date): boolean {
  return endedAt === null && expiresAt > now;
}
