/** How often an e-mail is tried. With the pauses below that is a little more than two hours. */
export const MOST_ATTEMPTS = 13;

/** The pause after the first failure, in milliseconds; each further one is twice as long. */
export const FIRST_PAUSE_MS = 2_000;

/** What becomes of a delivery after an attempt. */
export type Outcome =
  | { state: 'SENT' }
  | { state: 'SKIPPED'; reason: string }
  | { state: 'FAILED'; reason: string }
  | { state: 'DUE'; reason: string; pauseMs: number };

/** Why an e-mail isn't wanted any more, or null. */
export function whyNotToSend(now: { readAt: Date | null; isMember: boolean; address: string | null }): string | null {
  if (now.readAt) return 'Read meanwhile.';
  if (!now.isMember) return 'The recipient is no longer a member of the workspace.';
  if (!now.address) return 'The recipient has no address any more.';
  return null;
}

/**
 * After a failed attempt: again later, or given up when the receiving server has refused this very message for good
 * (an SMTP reply 5xx to the envelope or the message, RFC 5321, 4.2.1) or the attempts are used up.
 */
export function afterFailure(error: unknown, attempts: number): Outcome {
  const reason = reasonOf(error);
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  const refused = (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode !== undefined && responseCode >= 500;
  if (refused || attempts >= MOST_ATTEMPTS) return { state: 'FAILED', reason };
  return { state: 'DUE', reason, pauseMs: FIRST_PAUSE_MS * 2 ** (attempts - 1) };
}

/**
 * What the log may have of a failed attempt. An error of the mail server itself is reduced to its codes, since its text quotes
 * the recipient's address; an error without a code is a fault of ours.
 */
export function loggable(error: unknown): unknown {
  const { code, responseCode } = error as { code?: string; responseCode?: number };
  if (code === undefined) return error;
  const told = [code, responseCode].filter((one) => one !== undefined).join(' ');
  return Object.assign(new Error(`The e-mail was not taken: ${told}`), { code, responseCode });
}

/** Without the addresses that a mail server quotes: a letter's row does not know whose it is, so nobody could erase it there. */
function reasonOf(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  const told = reason.replaceAll('\0', '').replaceAll(/[^\s<>"'(),:;]+@[^\s<>"'(),:;]+/g, '…');
  return [...told].slice(0, 500).join('');
}
