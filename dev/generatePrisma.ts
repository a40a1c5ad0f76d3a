import { spawn } from 'node:child_process';
import { subgraphs } from './subgraphs.ts';

/**
 * Generates the Prisma client of every subgraph into prisma/<name>/client.
 * Generating needs no schema engine, but Prisma's CLI looks for one and would download it: naming an existing file
 * keeps it from trying, so this also works on a closed network.
 */
export async function generatePrisma(): Promise<void> {
  await Promise.all(
    subgraphs.map(
      (name) =>
        new Promise<void>((resolve, reject) => {
          const child = spawn(
            process.execPath,
            ['node_modules/prisma/build/index.js', 'generate', '--schema', `prisma/${name}/schema.prisma`],
            {
              stdio: ['ignore', 'pipe', 'pipe'],
              env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: '1' },
            },
          );
          let output = '';
          child.stdout.on('data', (chunk) => {
            output += chunk;
          });
          child.stderr.on('data', (chunk) => {
            output += chunk;
          });
          child.on('error', reject);
          child.on('exit', (code) =>
            code === 0 ? resolve() : reject(new Error(`prisma generate failed for ${name}:\n${output}`)),
          );
        }),
    ),
  );
}

if (process.argv[1] === import.meta.filename) await generatePrisma();
