import { composeExecutor } from './composeExecutor.ts';

/** Items and who owns them, in two subgraphs whose answers a test makes up. */
export const graph = composeExecutor({
  items: `
    scalar Json
    type Query { items(first: Int): [Item!]! item(id: ID!): Item node: Node constructor: String }
    type Mutation { add(title: String!): Item remove(id: ID!): Boolean! }
    type Subscription { itemChanged: Item }
    interface Node { id: ID! }
    type Item implements Node @key(fields: "id") { id: ID! title: String! owner: Person state: State size: Int meta: Json }
    enum State { OPEN DONE }
    type Person implements Node @key(fields: "id") { id: ID! }
  `,
  people: `
    type Query { me: Person }
    type Mutation { rename(name: String!): Person }
    type Person @key(fields: "id") { id: ID! name: String! boss: Person tags: [[String!]]  }
    type Item @key(fields: "id") { id: ID! watchers: [Person!] }
  `,
});

/** An item as its subgraph answers it; `owner`: the id of a person. */
export const item = (id: string, owner: string | null) => ({
  __typename: 'Item',
  id,
  title: `T${id}`,
  owner: owner && { __typename: 'Person', id: owner },
});
/** The answer to whoever asks for items. */
export const items = (...all: unknown[]) => ({ items: () => ({ data: { items: all } }) });
type Representation = { __typename: string; id: string };
/** The representations that were sent. */
export const entities = (variables: Record<string, unknown> | undefined) =>
  variables?.representations as Representation[];
/** Answers each person with a name. */
export const named = ({ variables }: { variables?: Record<string, unknown> | undefined }) => ({
  data: { _entities: entities(variables).map(({ id }) => ({ name: `N${id}` })) },
});
