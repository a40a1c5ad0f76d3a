import type { Supergraph } from '@apollo/federation-internals';

/** How a subscription field goes on where it was left: `@resumable(argument, cursor)` in the supergraph. */
export type ResumableField = {
  /** The argument that takes a cursor, and its type: `String`. */
  argument: string;
  argumentType: string;
  /** The field of an event that holds its cursor. */
  cursor: string;
};

const IDENTITY = 'https://taskgraph.example/specs/resumable';

/**
 * The resumable subscription fields, by name. The directive is known by its specification, whatever its name is here; a foreign
 * directive of the same name isn't it.
 */
export function resumableFields({ schema }: Supergraph): ReadonlyMap<string, ResumableField> {
  const fields = new Map<string, ResumableField>();
  const feature = schema.coreFeatures?.getByIdentity(IDENTITY);
  const subscription = schema.schemaDefinition.rootType('subscription');
  if (feature?.url.version.major !== 1 || !subscription) return fields;
  for (const field of subscription.fields()) {
    const [applied] = field.appliedDirectivesOf(feature.directiveNameInSchema('resumable'));
    const { argument, cursor } = (applied?.arguments() ?? {}) as { argument?: unknown; cursor?: unknown };
    if (typeof argument !== 'string' || typeof cursor !== 'string') continue;
    const argumentType = field.argument(argument)?.type?.toString();
    if (argumentType) fields.set(field.name, { argument, argumentType, cursor });
  }
  return fields;
}
