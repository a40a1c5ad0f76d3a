import { useSyncExternalStore } from 'react';
import { describeToken, type Session } from './session.ts';

/** Says what operations are sent with, and lets go of it. */
export function SessionBar({ session, tokenField }: { session: Session; tokenField: string }) {
  const token = useSyncExternalStore(session.subscribe, session.token);
  if (!token) {
    return (
      <div className="session" role="status">
        <span className="session-dot" />
        <span>
          Not signed in. Run an operation that returns <code>{tokenField}</code>, and it is sent from then on.
        </span>
      </div>
    );
  }
  const { subject, expiresAt } = describeToken(token);
  return (
    <div className="session session-on" role="status">
      <span className="session-dot" />
      <span title={subject ? `for ${subject}` : undefined}>
        Signed in: <code>Authorization</code> is sent with every operation of this browser tab
        {expiresAt && <> until {expiresAt.toLocaleTimeString([], { timeStyle: 'short' })}</>}.
      </span>
      <button type="button" onClick={() => session.set(null)}>
        Sign out
      </button>
    </div>
  );
}
