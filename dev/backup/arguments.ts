import { type SubgraphName, subgraphs } from '../subgraphs.ts';
import { BackupError } from './manifest.ts';

/** The option that both commands take. */
export const databaseOptions = { only: { type: 'string' } } as const;

/** The databases that `--only tasks,users` names; undefined without it. Throws {@link BackupError} for a name that is none. */
export function chosenFrom(text: string | undefined): SubgraphName[] | undefined {
  return text?.split(',').map((word) => {
    const name = subgraphs.find((one) => one === word.trim());
    if (!name) throw new BackupError(`--only takes some of ${subgraphs.join(', ')}, not ${word}`);
    return name;
  });
}
