import type { PlanNode } from '@apollo/query-planner';
import { Kind, type OperationDefinitionNode, type SelectionSetNode, type ValueNode, visit } from 'graphql';
import type { Variables } from './compileVariables.ts';
import { NotCompiled } from './notCompiled.ts';

/** The values of the variables that @skip and @include ask for; undefined when one is no boolean. */
export type Conditions = (variables: Variables) => Readonly<Record<string, boolean>> | undefined;

/** Each combination of the variables of @skip and @include has code of its own. */
const MAX_CONDITIONS = 5;

/**
 * Compiles what the variables of @skip and @include are in a request: those of the selection, and those of the plan.
 * @throws NotCompiled when there are too many
 */
export function compileConditions(
  { operation, selection }: { operation: OperationDefinitionNode; selection: SelectionSetNode },
  node: PlanNode | undefined,
): Conditions {
  const names = new Set<string>(node ? conditionsOf(node) : []);
  const used = (value: ValueNode | undefined) => value?.kind === Kind.VARIABLE && names.add(value.name.value);
  visit(selection, {
    Directive({ name, arguments: given }) {
      if (name.value === 'skip' || name.value === 'include') used(given?.[0]?.value);
    },
  });
  const none = {};
  if (names.size === 0) return () => none;
  if (names.size > MAX_CONDITIONS) throw new NotCompiled('conditions');
  const defaults = new Map(
    operation.variableDefinitions?.map(({ variable, defaultValue }) => [
      variable.name.value,
      defaultValue?.kind === Kind.BOOLEAN ? defaultValue.value : undefined,
    ]),
  );
  return (variables) => {
    const values: Record<string, boolean> = Object.create(null);
    for (const name of names) {
      const given = Object.hasOwn(variables, name) ? variables[name] : undefined;
      const value = given === undefined ? defaults.get(name) : given;
      if (typeof value !== 'boolean') return undefined;
      values[name] = value;
    }
    return values;
  };
}

function conditionsOf(node: PlanNode): string[] {
  switch (node.kind) {
    case 'Condition':
      return [
        node.condition,
        ...[node.ifClause, node.elseClause].flatMap((clause) => (clause ? conditionsOf(clause) : [])),
      ];
    case 'Sequence':
    case 'Parallel':
      return node.nodes.flatMap(conditionsOf);
    case 'Flatten':
      return conditionsOf(node.node);
    default:
      return [];
  }
}
