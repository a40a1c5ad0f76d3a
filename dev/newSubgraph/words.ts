/** What a new subgraph is called. */
export type Words = {
  /** The subgraph: `labels`. */
  name: string;
  /** The entity that it begins with, in camel case: `label`. */
  entity: string;
  /** Where it listens. */
  port: number;
};

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
const snake = (word: string): string => word.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * A text (or a path) of the template in the words of the new subgraph. The template is about a subgraph `labels` with an
 * entity `label`.
 */
export function rename(text: string, { name, entity }: Pick<Words, 'name' | 'entity'>): string {
  const words: Record<string, string> = {
    labels: name,
    Labels: capital(name),
    label: entity,
    Label: capital(entity),
    // Names of Postgres.
    label_pkey: `${snake(entity)}_pkey`,
    '"label"': `"${snake(entity)}"`,
  };
  return text.replaceAll(/"label"|label_pkey|[Ll]abels?/g, (word) => words[word] as string);
}

/** The files of tasks that every subgraph has the same, in its own words. */
export function renameFromTasks(text: string, { name, port }: Pick<Words, 'name' | 'port'>): string {
  return (
    text
      .split('\n')
      // Only tasks and users answer internal routes.
      .filter((line) => !/serveRoutes/.test(line))
      .join('\n')
      .replaceAll(/serviceEnv\(\d+\)/g, `serviceEnv(${port})`)
      .replaceAll('tasks', name)
      .replaceAll('Tasks', capital(name))
  );
}

/** `labels` is made of labels; for a name that is no plural, or begins with an entity of another name, one has to be given. */
export function entityOf(name: string): string | null {
  return /[^s]s$/.test(name) ? name.replace(/ies$/, 'y').replace(/s$/, '') : null;
}
