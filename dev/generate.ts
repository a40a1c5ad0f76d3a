import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '#platform/root.ts';
import { renderCodegen } from './artefacts/codegen.ts';
import { renderEnvironmentTables } from './artefacts/environmentTables.ts';
import { renderErrorCodes } from './artefacts/errorCodes.ts';
import { renderEventCatalogue } from './artefacts/eventCatalogue.ts';
import { renderEventLedger } from './artefacts/eventLedger.ts';
import { declaredEvents, renderGoldenEvents } from './artefacts/goldenEvents.ts';
import { renderPermissions } from './artefacts/permissions.ts';
import { readPublished, refuseChanges, wayOut } from './artefacts/publishedEvents.ts';
import { renderSupergraph } from './artefacts/supergraph.ts';
import { type Artefacts, changedOf, writeArtefacts } from './artefacts/writeArtefacts.ts';

/** Each derives its files anew, without writing them. */
const renderers: (() => Artefacts | Promise<Artefacts>)[] = [
  renderSupergraph,
  renderCodegen,
  renderGoldenEvents,
  renderErrorCodes,
  renderEventCatalogue,
  renderPermissions,
  renderEnvironmentTables,
];

/** Folders that hold nothing but derived files: what is there and was not derived is stale. */
const derivedFolders = ['events/golden'];

/**
 * The derived files whose committed text differs from what they should contain, and the stale ones. `accepted`: the types
 * whose published schema may be replaced.
 */
export async function findDifferences(
  accepted: readonly string[] = [],
): Promise<{ changed: Artefacts; stale: string[] }> {
  const artefacts: Artefacts = new Map();
  for (const render of [...renderers, () => renderEventLedger(root, accepted)]) {
    for (const [file, text] of await render()) artefacts.set(file, text);
  }
  const changed = await changedOf(artefacts);
  const present = await Promise.all(
    derivedFolders.map(async (folder) => (await readdir(path.join(root, folder))).map((name) => `${folder}/${name}`)),
  );
  return { changed, stale: present.flat().filter((file) => !artefacts.has(file)) };
}

if (process.argv[1] === import.meta.filename) {
  const { values } = parseArgs({
    options: { check: { type: 'boolean', default: false }, accept: { type: 'string', multiple: true, default: [] } },
  });
  const { check, accept } = values;
  const refused = refuseChanges(await readPublished(root), declaredEvents(), accept);
  if (refused.length > 0) {
    console.error([...refused, wayOut].join('\n'));
    process.exit(1);
  }
  const { changed, stale } = await findDifferences(accept);
  if (!check) await writeArtefacts(changed);
  for (const file of changed.keys()) console.log(`${check ? 'not fresh' : 'written'}: ${file}`);
  for (const file of stale) {
    console.log(`${check ? 'stale' : 'removed'}: ${file}`);
    if (!check) await rm(path.join(root, file));
  }
  if (check && changed.size + stale.length > 0) {
    console.log('Run `npm run generate` and commit what it writes.');
    process.exitCode = 1;
  } else if (check) {
    console.log('Every generated file is fresh.');
  }
}
