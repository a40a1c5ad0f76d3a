import { describe, expect, it } from '@jest/globals';
import { entityOf, rename, renameFromTasks } from './words.ts';

describe('the words of a new subgraph', () => {
  it.each([
    ['labels', 'label'],
    ['categories', 'category'],
    ['media', null],
    ['access', null],
    ['', null],
  ])('%s begins with %s', (name, entity) => {
    expect(entityOf(name)).toBe(entity);
  });

  it('take the place of those of the template, also in names of Postgres', () => {
    const text = 'startLabels labels.label Label insertLabel @@map("label") from "label" where label_pkey';
    expect(rename(text, { name: 'media', entity: 'mediaAsset' })).toBe(
      'startMedia media.mediaAsset MediaAsset insertMediaAsset @@map("media_asset") from "media_asset" where media_asset_pkey',
    );
    expect(rename(text, { name: 'labels', entity: 'label' })).toBe(text);
  });

  it('take the place of those of tasks, whose routes stay there', () => {
    const text = "import { serveRoutes } from '…';\n...serviceEnv(4002),\nstartTasks('tasks')\nserveRoutes(app)\n";
    expect(renameFromTasks(text, { name: 'labels', port: 4005 })).toBe("...serviceEnv(4005),\nstartLabels('labels')\n");
  });
});
