import { useSyncExternalStore } from 'react';
import { describeToken, type Session } from './session.ts';

/** Says what operations are sent with, and lets go of it. */
export function SessionBar({ session, tokenField }: { session: Session; tokenField: string }) {
  const token = useSyncExternalStore(session.subscribe, session.token);
  if (!token) {
    return (
      <div className="session" role="status">
        <span className="session-dot" />
        Not signed in. Run an operation that returns <code>{tokenField}</code>, and it is used from then on.
      </div>
    );
  }
  const { subject, expiresAt } = describeToken(token);
  return (
    <div className="session session-on" role="status">
      <span className="session-dot" />
      <span>
        Sending <code>Authorization: Bearer {token.slice(0, 8)}…</code>
        {subject && <> for {subject}</>}
        {expiresAt && <>, until {expiresAt.toLocaleTimeString()}</>}
      </span>
      <button type="button" onClick={() => session.set(null)}>
        Sign out
      </button>
    </div>
  );
}
