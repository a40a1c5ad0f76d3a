import {
  type FieldNode,
  type GraphQLCompositeType,
  GraphQLIncludeDirective,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  getDirectiveValues,
  isAbstractType,
  isCompositeType,
  isObjectType,
  isUnionType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** A selection set, and the type that the schema says the object is of. */
export type TypedSet = { set: SelectionSetNode; type: GraphQLCompositeType };

/** One key of an object of the response. */
export type SelectedField = {
  key: string;
  kind: 'typename' | 'introspection' | 'field';
  /** Every place where the operation asks for it. */
  nodes: FieldNode[];
  /** What the schema says of the first of them; undefined for introspection. */
  type: GraphQLOutputType | undefined;
  /** Whether the schema says different things of them. */
  differs: boolean;
  /** What is selected of the object that it is, everywhere. */
  sets: TypedSet[];
  /** The type that the schema says the object itself is of, at the first place. */
  parent: GraphQLCompositeType;
};

/** What an operation is compiled with: its variables of @skip and @include have these values. */
export type Selecting = {
  schema: GraphQLSchema;
  conditions: Readonly<Record<string, boolean>>;
};

/**
 * The keys of an object in the order in which the operation first asks for them (https://spec.graphql.org/draft/#sec-Field-Collection).
 * `runtime` is the type that the object says it is of; undefined where it says nothing, so that only the schema can tell which
 * fragments are for it.
 */
export function selectFields(
  { schema, conditions }: Selecting,
  sets: readonly TypedSet[],
  runtime: GraphQLObjectType | undefined,
): SelectedField[] {
  const fields = new Map<string, SelectedField>();

  function visitField(node: FieldNode, parent: GraphQLCompositeType): void {
    const key = node.alias?.value ?? node.name.value;
    const name = node.name.value;
    const meta =
      name === '__typename' ? 'typename' : name === '__schema' || name === '__type' ? 'introspection' : 'field';
    const type = meta === 'field' && !isUnionType(parent) ? parent.getFields()[name]?.type : undefined;
    if (meta === 'field' && !type) throw new Error(`${parent.name} has no field ${name}`);
    const known = fields.get(key);
    const field = known ?? { key, kind: meta, nodes: [], type, differs: false, sets: [], parent };
    if (!known) fields.set(key, field);
    field.nodes.push(node);
    field.differs ||= String(field.type) !== String(type);
    const named = namedComposite(type);
    if (node.selectionSet && named) field.sets.push({ set: node.selectionSet, type: named });
  }

  function visit(selection: SelectionNode, parent: GraphQLCompositeType): void {
    if (isSkipped(selection, conditions)) return;
    if (selection.kind === Kind.FIELD) {
      visitField(selection, parent);
      return;
    }
    if (selection.kind !== Kind.INLINE_FRAGMENT) throw new Error('a fragment is not inline');
    const condition = selection.typeCondition?.name.value;
    if (condition !== undefined && !applies(schema, condition, runtime ?? parent)) return;
    const type = condition === undefined ? parent : (schema.getType(condition) as GraphQLCompositeType);
    for (const inner of selection.selectionSet.selections) visit(inner, type);
  }

  for (const { set, type } of sets) for (const selection of set.selections) visit(selection, type);
  return [...fields.values()];
}

function applies(schema: GraphQLSchema, condition: string, type: GraphQLCompositeType): boolean {
  if (condition === type.name) return true;
  const abstract = schema.getType(condition);
  return isAbstractType(abstract) && !isUnionType(type) && schema.isSubType(abstract, type);
}

function isSkipped(selection: SelectionNode, conditions: Readonly<Record<string, boolean>>): boolean {
  if (!selection.directives?.length) return false;
  if (getDirectiveValues(GraphQLSkipDirective, selection, conditions)?.if === true) return true;
  return getDirectiveValues(GraphQLIncludeDirective, selection, conditions)?.if === false;
}

/** The object, interface or union that a field is, or a list of; undefined for leaves. */
export function namedComposite(type: GraphQLOutputType | undefined): GraphQLCompositeType | undefined {
  let named = type;
  while (named && 'ofType' in named) named = named.ofType as GraphQLOutputType;
  return named && isCompositeType(named) ? named : undefined;
}

/** The types that an object can say it is of, where the schema says that it is of one of these. */
export function possibleTypes(schema: GraphQLSchema, type: GraphQLCompositeType): readonly GraphQLObjectType[] {
  return isObjectType(type) ? [type] : schema.getPossibleTypes(type as never);
}
