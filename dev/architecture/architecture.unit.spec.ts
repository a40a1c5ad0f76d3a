import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '#platform/root.ts';
import { partsOf } from '../subgraphParts.ts';
import { subgraphs } from '../subgraphs.ts';
import { checkFolders, checkNames, checkWalls } from './checkWalls.ts';
import { listFiles } from './listFiles.ts';

const files = listFiles(root);
const sources = files.filter((path) => /\.(ts|tsx|js|mjs)$/.test(path));

describe('the house', () => {
  it('has sources to look at', () => {
    expect(sources.length).toBeGreaterThan(100);
  });

  it('keeps its walls', () => {
    expect(sources.flatMap((path) => checkWalls(path, readFileSync(join(root, path), 'utf8')))).toEqual([]);
  });

  it('has no junk drawers', () => {
    expect(files.flatMap(checkFolders)).toEqual([]);
  });

  it('calls each subgraph by one name everywhere', () => {
    expect(checkNames(subgraphs, files)).toEqual([]);
  });
});

describe('the list of subgraphs', () => {
  /** Where a new one has to be told; `npm run new:subgraph` does it, and README.md says so. */
  const places = ['dev/subgraphs.ts', 'docker-compose.yml', 'deploy/env.example'];
  const generated = ['schema/supergraph.graphql'];
  const isTest = (path: string) => /\.spec\.tsx?$|(^|\/)test\/|^e2e\//.test(path);
  const isText = (path: string) => /\.(ts|tsx|js|mjs|json|ya?ml|sh|graphql|example|conf)$|Dockerfile$/.test(path);

  it('is in no other place: no other file names all of them', () => {
    const found = files.filter((path) => {
      if (path.endsWith('.md') || !isText(path) || isTest(path) || generated.includes(path)) return false;
      const text = readFileSync(join(root, path), 'utf8').toLowerCase();
      return subgraphs.every((name) => new RegExp(`(?<![a-z])${name}(?![a-z])`).test(text));
    });
    expect(found.sort()).toEqual([...places].sort());
  });

  it('is told of each place in the README', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const section = readme.slice(readme.indexOf('## Adding a subgraph'), readme.indexOf('## Configuration'));
    for (const path of [...places, ...partsOf('labels').map((part) => part.path)]) {
      expect([path, section.includes(path)]).toEqual([path, true]);
    }
  });
});

describe('checkWalls', () => {
  it.each([
    ['subgraphs/tasks/src/main.ts', "import { users } from '../../users/src/deps.ts';"],
    ['subgraphs/tasks/src/main.ts', "import type { User } from '../../users/src/deps.ts';"],
    ['subgraphs/tasks/src/main.ts', "export * from '../../users/src/deps.ts';"],
    ['subgraphs/tasks/src/main.ts', "const deps = await import('../../users/src/deps.ts');"],
    ['subgraphs/tasks/src/main.ts', "type Deps = import('../../users/src/deps.ts').Deps;"],
    ['subgraphs/tasks/test/a.int.spec.ts', "import { users } from '../../users/src/deps.ts';"],
    ['subgraphs/tasks/src/store/tasks.ts', "import { PrismaClient } from '#prisma/users/client/client.ts';"],
    ['subgraphs/tasks/src/main.ts', "import { subgraphs } from '#dev/subgraphs.ts';"],
    ['subgraphs/tasks/src/main.ts', "import { createClient } from '@taskgraph/sdk';"],
    ['gateway/src/main.ts', "import { startTasks } from '../../subgraphs/tasks/src/startTasks.ts';"],
    ['platform/outbox/createOutbox.ts', "import { TaskCreated } from '#events/tasks.ts';"],
    ['platform/outbox/createOutbox.int.spec.ts', "import { TaskCreated } from '../../events/tasks.ts';"],
    ['platform/outbox/createOutbox.ts', "import { startTasks } from '../../subgraphs/tasks/src/startTasks.ts';"],
    ['platform/outbox/createOutbox.ts', "import { PrismaClient } from '#prisma/tasks/client/client.ts';"],
    ['platform/service/listen.ts', "import { freePort } from '#dev/servers/ports.ts';"],
    ['events/tasks.ts', "import { v7 } from 'uuid';"],
    ['events/tasks.ts', "import { readFileSync } from 'node:fs';"],
    ['events/tasks.ts', "import { idSchema } from '#platform/ids.ts';"],
    ['sdk/src/client.ts', "import { refuse } from '#platform/errors.ts';"],
    ['sdk/src/client.ts', "import type { TaskState } from '../../events/tasks.ts';"],
    ['subgraphs/tasks/src/deps.ts', 'const url = process.env.NATS_URL;'],
    ['subgraphs/tasks/src/deps.ts', "const url = process['env'].NATS_URL;"],
    ['subgraphs/tasks/src/deps.ts', 'const { env } = process;'],
    ['subgraphs/tasks/src/deps.ts', "import { env } from 'node:process';"],
    ['gateway/src/server/listen.ts', 'let port; port = process.env.PORT;'],
    ['gateway/src/server/listen.ts', 'const port = Number(process.env.PORT);'],
    ['platform/nats/connectNats.ts', 'const url = process.env.NATS_URL;'],
  ])('finds what is wrong in %s: %s', (path, text) => {
    expect(checkWalls(path, `// a comment\n${text}\n`)).toEqual([expect.stringContaining(`${path}:2 `)]);
  });

  it.each([
    ['subgraphs/tasks/src/main.ts', "import { startTasks } from './startTasks.ts';"],
    ['subgraphs/tasks/src/main.ts', "import { runService } from '#platform/service/runService.ts';"],
    ['subgraphs/tasks/src/deps.ts', "import { PrismaClient } from '#prisma/tasks/client/client.ts';"],
    ['subgraphs/notifications/src/consumers/onTaskCreated.ts', "import { TaskCreated } from '#events/tasks.ts';"],
    ['subgraphs/tasks/test/a.int.spec.ts', "import { subgraphs } from '#dev/subgraphs.ts';"],
    ['subgraphs/tasks/src/env.ts', 'export const env = process.env;'],
    ['platform/testing/testServers.ts', "import { findServers } from '#dev/servers/findBinary.ts'; process.env.PATH;"],
    ['platform/outbox/test/a.int.spec.ts', "import { PrismaClient } from '#prisma/tasks/client/client.ts';"],
    ['gateway/src/graph/createGraph.ts', "process.env.APOLLO_TELEMETRY_DISABLED ??= 'true';"],
    ['platform/env.ts', 'const source = process.env;'],
    ['events/tasks.ts', "import { z } from 'zod'; import { defineEvent } from './defineEvent.ts';"],
    ['events/golden.unit.spec.ts', "import { expect } from '@jest/globals'; import { readFileSync } from 'node:fs';"],
    ['sdk/src/client.ts', "import { print } from 'graphql'; import { documents } from './generated/documents.ts';"],
    ['e2e/assigneeIsTold/told.e2e.spec.ts', "import { TaskCreated } from '#events/tasks.ts'; process.env.CI;"],
    ['dev/start.ts', "import { envSchema } from '../subgraphs/tasks/src/env.ts'; process.env.POSTGRES_URL;"],
    ['subgraphs/tasks/src/main.ts', "// import '../../users/src/deps.ts' or process.env\nconst text = 'process.env';"],
  ])('has nothing against %s: %s', (path, text) => {
    expect(checkWalls(path, text)).toEqual([]);
  });
});

describe('checkFolders', () => {
  it.each(['utils', 'helpers', 'common', 'shared', 'lib', 'Utils'])('finds a folder named %s', (folder) => {
    expect(checkFolders(`platform/${folder}/text.ts`)).toHaveLength(1);
    expect(checkFolders(`platform/text/${folder}.ts`)).toEqual([]);
  });
});

describe('checkNames', () => {
  const complete = partsOf('tasks').map(({ path }) => path);

  it('finds each part that a subgraph lacks', () => {
    expect(checkNames(['tasks'], [...complete, 'schema/supergraph.graphql', 'schema/compose.ts'])).toEqual([]);
    for (const path of complete) {
      const rest = complete.filter((other) => other !== path);
      expect(checkNames(['tasks'], rest)).toEqual([expect.stringContaining(`${path} is missing`)]);
    }
  });

  it.each(['schema/task.graphql', 'prisma/task/schema.prisma', 'subgraphs/task/src/main.ts'])('finds %s', (path) => {
    expect(checkNames(['tasks'], [...complete, path])).toEqual([`${path}: no subgraph is named task`]);
  });
});
