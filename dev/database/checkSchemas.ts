import { z } from 'zod';
import { readEnv } from '#platform/env.ts';
import { allowedDifferences } from '#prisma/allowedDifferences.ts';
import { subgraphs } from '../subgraphs.ts';
import { checkSchema } from './checkSchema.ts';
import { withTemporaryPostgres } from './temporaryPostgres.ts';

const env = readEnv(
  z.object({
    POSTGRES_URL: z
      .url({ protocol: /^postgres(ql)?$/ })
      .optional()
      .describe('A Postgres where databases may be made; unset: one is started for the check'),
  }),
);

/** npm run db:check: whether every subgraph's migrations build what its schema.prisma says. */
async function checkSchemas(adminUrl: string): Promise<void> {
  for (const subgraph of subgraphs) {
    const problems = await checkSchema({ adminUrl, subgraph, allowed: allowedDifferences[subgraph] ?? [] });
    console.log(`${problems.length === 0 ? 'agree' : 'DIFFER'}: prisma/${subgraph}/migrations and schema.prisma`);
    for (const problem of problems) console.log(`  ${problem}`);
    if (problems.length > 0) process.exitCode = 1;
  }
}

await (env.POSTGRES_URL ? checkSchemas(env.POSTGRES_URL) : withTemporaryPostgres(checkSchemas));
