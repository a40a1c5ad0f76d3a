import type { Notification } from './notification.ts';
import type { Person } from './person.ts';

/** An e-mail, ready to be handed to the provider. */
export type Mail = {
  /** The same at each attempt, so that a provider or a reader can drop a repeat (RFC 5322, 3.6.4). */
  messageId: string;
  to: { name: string; address: string };
  subject: string;
  text: string;
  html: string;
};

/**
 * The e-mail of a notification.
 *
 * @param appUrl where the link leads
 * @param domain the right-hand side of the Message-ID: the sender's domain
 */
export function notificationMail(
  notification: Pick<Notification, 'id' | 'title'>,
  recipient: Pick<Person, 'name' | 'email'>,
  { appUrl, domain }: { appUrl: string; domain: string },
): Mail {
  const { id, title } = notification;
  const reason = 'You get this e-mail because this concerns you in Taskgraph.';
  return {
    messageId: `<${id}@${domain}>`,
    to: { name: recipient.name, address: recipient.email },
    subject: title,
    text: `Hello ${recipient.name},\n\n${title}\n\n${appUrl}\n\n--\n${reason}\n`,
    html: [
      '<!doctype html>',
      `<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head><body>`,
      `<p>Hello ${escapeHtml(recipient.name)},</p>`,
      `<p>${escapeHtml(title)}</p>`,
      `<p><a href="${escapeHtml(appUrl)}">Open Taskgraph</a></p>`,
      `<p><small>${reason}</small></p>`,
      '</body></html>',
    ].join('\n'),
  };
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
