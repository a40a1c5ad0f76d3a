import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import type { Scope } from '#platform/service/scope.ts';

/** A real SMTP server in this process that keeps what it accepts. */
export type TestSmtp = {
  url: string;
  mails: ParsedMail[];
  /** Refuses these recipients with a reply: 550 is for good, 450 for now. */
  refused: Map<string, number>;
  stop(): Promise<void>;
  /** Listens again, on the same port. */
  start(): Promise<void>;
};

/** Starts it. */
export async function startSmtp(scope: Scope): Promise<TestSmtp> {
  const mails: ParsedMail[] = [];
  const refused = new Map<string, number>();
  let server: SMTPServer;
  let port = 0;
  const start = async () => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      closeTimeout: 100,
      onRcptTo({ address }, _session, done) {
        const responseCode = refused.get(address);
        done(responseCode ? Object.assign(new Error(`<${address}>: No such mailbox`), { responseCode }) : null);
      },
      onData: (stream, _session, done) => {
        simpleParser(stream).then((mail) => {
          mails.push(mail);
          done();
        }, done);
      },
    });
    server.on('error', () => {});
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    port = (server.server.address() as AddressInfo).port;
  };
  const stop = () => new Promise<void>((resolve) => server.close(resolve));
  await start();
  scope.defer('smtp', stop);
  return { url: `smtp://127.0.0.1:${port}`, mails, refused, start, stop };
}
