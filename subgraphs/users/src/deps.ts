import type { Outbox } from '#platform/outbox/createOutbox.ts';
import type { Prisma, PrismaClient } from '#prisma/users/client/client.ts';
import type { Attempts } from './attempts/createAttempts.ts';
import type { Writings } from './download/createWritings.ts';
import type { Flows } from './flows.ts';
import type { Links } from './links.ts';
import type { Passwords } from './passwords.ts';
import type { Providers } from './providers/createProviders.ts';
import type { Tokens } from './tokens.ts';

/** What the code of this subgraph is given, built once at the start. */
export type Deps = {
  prisma: PrismaClient;
  /** Commits rows and their events in one transaction. */
  outbox: Outbox<Prisma.TransactionClient>;
  passwords: Passwords;
  /** How often a password may be tried. */
  logins: Attempts;
  /** How often an e-mail may be asked for. */
  mails: Attempts;
  tokens: Tokens;
  /** What links in e-mails carry. */
  links: Links;
  /** Whom people can sign in with. */
  providers: Providers;
  /** What a browser keeps of a login with one of them. */
  flows: Flows;
  /** What the other subgraphs have of a person. */
  writings: Writings;
  now: () => Date;
};
