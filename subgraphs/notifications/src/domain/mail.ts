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

/** An e-mail of another subgraph's, as that one writes it. `link.path` is relative to the application. */
export type Letter = {
  to: { name: string; address: string };
  subject: string;
  lines: string[];
  link: { label: string; path: string };
};

/** The e-mail of a letter; see notificationMail. */
export function letterMail(id: string, letter: Letter, { appUrl, domain }: { appUrl: string; domain: string }): Mail {
  const { to, subject, lines, link } = letter;
  const url = new URL(link.path, appUrl).href;
  return {
    messageId: `<${id}@${domain}>`,
    to,
    subject: subject.replace(/[\r\n]+/g, ' '),
    text: `${lines.join('\n\n')}\n\n${link.label}: ${url}\n`,
    html: [
      '<!doctype html>',
      `<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head><body>`,
      ...lines.map((line) => `<p>${escapeHtml(line)}</p>`),
      `<p><a href="${escapeHtml(url)}">${escapeHtml(link.label)}</a></p>`,
      '</body></html>',
    ].join('\n'),
  };
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
