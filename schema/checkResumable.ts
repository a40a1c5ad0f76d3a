import type { ArgumentDefinition, FieldDefinition, ObjectType, Schema } from '@apollo/federation-internals';

/** Identifies `@resumable`, whatever a subgraph calls it: by the `@link` of the supergraph, not by the name. */
export const resumableSpec = 'https://taskgraph.example/specs/resumable';

/**
 * What is wrong with the uses of `@resumable(argument, cursor)` in a composed schema; empty when all is well. The argument has to
 * be one that may be left out, and the cursor a field that every event has, of the same scalar: a gateway that has lost a stream
 * puts the one into the other without looking.
 */
export function checkResumable(schema: Schema): string[] {
  const feature = schema.coreFeatures?.getByIdentity(resumableSpec);
  if (!feature) return [];
  const directive = schema.directive(feature.directiveNameInSchema('resumable'));
  return [...(directive?.applications() ?? [])].flatMap((applied) => {
    const field = applied.parent as FieldDefinition<ObjectType>;
    const { argument, cursor } = applied.arguments() as { argument: string; cursor: string };
    const wrong = problemOf(schema, field, argument, cursor);
    return wrong ? [`@resumable on ${field.coordinate}: ${wrong}`] : [];
  });
}

function problemOf(
  schema: Schema,
  field: FieldDefinition<ObjectType>,
  argumentName: string,
  cursorName: string,
): string | null {
  if (field.parent !== schema.schemaDefinition.rootType('subscription')) return 'it is no subscription';
  const argument: ArgumentDefinition<FieldDefinition<ObjectType>> | undefined = field.argument(argumentName);
  if (!argument) return `there is no argument "${argumentName}"`;
  const event = field.type && 'baseType' in field.type ? field.type.baseType() : field.type;
  const cursor = event?.kind === 'ObjectType' ? event.field(cursorName) : undefined;
  if (!cursor) return `its events have no field "${cursorName}"`;
  if (argument.isRequired()) return `the argument "${argumentName}" can't be left out`;
  if (`${argument.type}!` !== `${cursor.type}`) {
    return `the field "${cursorName}" is ${cursor.type}, which is not what the argument "${argumentName}" takes`;
  }
  return null;
}
