import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import type { Scope } from '#platform/service/scope.ts';

/** An SMTP server that notes what it has accepted. */
export type MailServer = {
  url: string;
  /** The Message-ID of each e-mail that was accepted, in order. */
  accepted: string[];
  /** How many e-mails were refused. */
  refused(): number;
  /** Refuses for now (451), or accepts. */
  refuse(refuses: boolean): void;
};

/** Starts the server on a free port. */
export async function startMailServer(scope: Scope): Promise<MailServer> {
  const accepted: string[] = [];
  let refuses = false;
  let refused = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, _session, callback) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (refuses) {
          refused++;
          return callback(Object.assign(new Error('Not now'), { responseCode: 451 }));
        }
        accepted.push(/^message-id:\s*(\S+)/im.exec(Buffer.concat(chunks).toString('utf8'))?.[1] ?? '');
        callback();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scope.defer('mail server', () => new Promise<void>((resolve) => server.close(() => resolve())));
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    accepted,
    refused: () => refused,
    refuse(value) {
      refuses = value;
    },
  };
}
