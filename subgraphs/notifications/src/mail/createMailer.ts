import { createTransport } from 'nodemailer';
import type { Logger } from '#platform/logger.ts';
import type { Scope } from '#platform/service/scope.ts';
import { type Letter, letterMail, type Mail, notificationMail } from '../domain/mail.ts';
import type { Notification } from '../domain/notification.ts';
import type { Person } from '../domain/person.ts';

/** Sends e-mails. */
export type Mailer = {
  /** False where there is no server that they could be sent by: then sending does nothing. */
  sends: boolean;
  /** Resolves once the provider has accepted the e-mail. Throws nodemailer's error (`code`, `responseCode`) when it hasn't. */
  send(notification: Notification, recipient: Person): Promise<void>;
  /** The same for a letter; `id` is the delivery's, and the same at each attempt. */
  sendLetter(id: string, letter: Letter): Promise<void>;
};

/** How long each step of a conversation with the server may take. */
const PATIENCE_MS = 10_000;
/** How long an attempt may take in all: it ends before its claim can be taken over (a minute, store/emails.ts). */
const ATTEMPT_MS = 45_000;
/** As many as jobs run at once: an attempt should not spend its time waiting for a connection. */
const CONNECTIONS = 8;

/** A mailer for the SMTP server at `smtpUrl`; without one, e-mails go nowhere. */
export function createMailer(options: {
  smtpUrl: string | undefined;
  /** `Taskgraph <notifications@example.com>` */
  from: string;
  appUrl: string;
  log: Logger;
  scope: Scope;
}): Mailer {
  const { smtpUrl, from, appUrl, log, scope } = options;
  if (!smtpUrl) {
    log.info('No SMTP_URL: e-mails go nowhere');
    return { sends: false, send: async () => {}, sendLetter: async () => {} };
  }
  const transport = createTransport({
    url: smtpUrl,
    pool: true,
    maxConnections: CONNECTIONS,
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    dnsTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  scope.defer('mailer', () => transport.close());
  const form = { appUrl, domain: domainOf(from) };
  // RFC 3834: keeps out-of-office replies from answering.
  const post = (mail: Mail) =>
    inTime(transport.sendMail({ ...mail, from, headers: { 'Auto-Submitted': 'auto-generated' } }));
  return {
    sends: true,
    send: (notification, recipient) => post(notificationMail(notification, recipient, form)),
    sendLetter: (id, letter) => post(letterMail(id, letter, form)),
  };
}

async function inTime(sending: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = Object.assign(new Error('The SMTP server takes too long'), { code: 'ETIMEDOUT' });
    timer = setTimeout(() => reject(error), ATTEMPT_MS);
  });
  await Promise.race([sending, late]).finally(() => clearTimeout(timer));
}

function domainOf(from: string): string {
  return /@([^\s>]+)/.exec(from)?.[1] ?? 'localhost';
}
