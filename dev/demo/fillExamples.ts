import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, type OperationDefinitionNode, parse } from 'graphql';
import { root } from '#platform/root.ts';

/** By operation and variable, what the demo has for it: a name in demo.json, or a number as it is. */
const demoValues: Record<string, Record<string, string | number>> = {
  TaskWithComments: { id: 'WEB-0' },
  CreateTask: { projectId: 'WEB', assigneeId: 'grace' },
  UpdateTask: { id: 'WEB-0', version: 1 },
  AddComment: { taskId: 'WEB-0' },
  TaskChanges: { projectId: 'WEB' },
};

/** The examples without ids. */
export const examplesFile = join(root, 'dev/demo/examples.graphql');

/**
 * Writes the examples to `to`, with the ids of the demo (those that `demo`, demo.json, has) as default values of the
 * variables, so that each can be run as it stands.
 */
export function fillExamples({ demo, to }: { demo: string; to: string }): void {
  const ids = existsSync(demo) ? (JSON.parse(readFileSync(demo, 'utf8')) as { ids: Record<string, string> }).ids : {};
  // The gateway reads it whenever somebody opens the explorer.
  writeFileSync(`${to}.draft`, withDefaults(readFileSync(examplesFile, 'utf8'), ids));
  renameSync(`${to}.draft`, to);
}

/** The text of the examples with default values, a line for each variable. */
export function withDefaults(text: string, ids: Readonly<Record<string, string>>): string {
  const operations = parse(text).definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  // From the last to the first: what is written doesn't move what is before it.
  return operations.reverse().reduce((written, operation) => {
    const variables = operation.variableDefinitions ?? [];
    const [first, last] = [variables[0]?.loc, variables.at(-1)?.loc];
    if (!first || !last) return written;
    const lines = variables.map(
      (node) => `\n  ${text.slice(node.loc?.start, node.loc?.end)}${defaultOf(operation, node)}`,
    );
    return `${written.slice(0, first.start)}${lines.join('')}\n${written.slice(last.end)}`;
  }, text);

  function defaultOf(
    operation: OperationDefinitionNode,
    { variable }: { variable: { name: { value: string } } },
  ): string {
    const value = demoValues[operation.name?.value ?? '']?.[variable.name.value];
    const known = typeof value === 'string' ? ids[value] : value;
    if (known === undefined) return '';
    // The explorer's editor is narrow, and an id long.
    return ` =${typeof known === 'string' ? '\n    ' : ' '}${JSON.stringify(known)}`;
  }
}
