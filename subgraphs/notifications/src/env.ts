import { z } from 'zod';
import { databaseEnv, jobsEnv, natsEnv, neededInProduction, redisEnv, secret, serviceEnv } from '#platform/env.ts';

const httpUrl = z.url({ protocol: /^https?$/, error: 'Must be a URL' });

/** Everything that this subgraph can be told. */
export const notificationsEnvSchema = z.object({
  ...serviceEnv(4004),
  ...databaseEnv,
  ...natsEnv,
  ...redisEnv,
  ...jobsEnv,
  USERS_URL: neededInProduction(
    httpUrl
      .default('http://127.0.0.1:4001')
      .describe('The users subgraph, which is asked for what has not arrived yet as an event'),
  ),
  TASKS_URL: neededInProduction(
    httpUrl
      .default('http://127.0.0.1:4002')
      .describe('The tasks subgraph, which is asked for what has not arrived yet as an event'),
  ),
  SMTP_URL: secret(
    z
      .url({ protocol: /^smtps?$/, error: 'Must be a URL, such as smtp://login:password@mail.example.com:587' })
      .optional()
      .describe('The SMTP server that e-mails go to; unset: a line in the log stands for each'),
  ),
  MAIL_FROM: neededInProduction(
    z
      .string()
      .regex(/^[^\r\n]*[^\s@<]+@[^\s@>]+>?$/, 'Must be an address, such as Taskgraph <notifications@example.com>')
      .default('Taskgraph <notifications@taskgraph.example>')
      .describe('The sender of e-mails'),
  ),
  APP_URL: neededInProduction(
    httpUrl
      .default('http://localhost:4000/')
      .describe('The application: where links in e-mails lead, and whoever has signed in with a provider'),
  ),
  EMAIL_SWEEP_SECONDS: z.coerce
    .number()
    .min(1)
    .max(3600)
    .default(60)
    .describe('How often due e-mails are looked for whose job Redis has lost'),
  ACTIVITY_RETENTION_DAYS: z.coerce
    .number()
    .positive()
    .max(365)
    .default(7)
    .describe('For how long a stream of taskChanged or commentAdded can be resumed; after that CURSOR_EXPIRED'),
});

/** What readEnv returns for this subgraph. */
export type NotificationsEnv = z.output<typeof notificationsEnvSchema>;
