import { defineConfig } from 'prisma/config';

/**
 * For Prisma's own CLI, where its schema engine can be had (it is downloaded on first use):
 * SUBGRAPH=tasks MIGRATION_DATABASE_URL=postgresql://… npx prisma migrate deploy --config prisma/prisma.config.ts
 */
const { SUBGRAPH: subgraph, MIGRATION_DATABASE_URL: url } = process.env;
if (!subgraph || !url) throw new Error('Set SUBGRAPH (users, tasks …) and MIGRATION_DATABASE_URL');

export default defineConfig({
  schema: `${subgraph}/schema.prisma`,
  migrations: { path: `${subgraph}/migrations` },
  datasource: { url },
});
