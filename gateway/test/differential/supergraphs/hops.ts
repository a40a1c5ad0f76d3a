import type { GraphDefinition } from './definition.ts';

/** Keys that lead from one subgraph through a second into a third, chains of @requires, entities inside of value types. */
export const hops: GraphDefinition = {
  name: 'hops',
  plain: true,
  subgraphs: {
    one: `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires"])
      type Query { node(id: ID!): Node nodes: [Node] deep: Wrap tree: [[Tree!]] }
      type Node @key(fields: "id") { id: ID! title: String next: Node x: Int y: Int }
      type Wrap { node: Node! wraps: [Wrap!] any: Either }
      union Either = Node | Wrap | Leaf
      type Leaf { value: Int! }
      interface Tree { label: String node: Node! }
      type Branch implements Tree { label: String node: Node! trees: [Tree!] }
      type Twig implements Tree { label: String node: Node! leaf: Leaf! }
    `,
    two: `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires"])
      type Query { byCode(code: String!): Node }
      type Node @key(fields: "id") @key(fields: "code") {
        id: ID! code: String! x: Int @external
        doubled: Int @requires(fields: "x")
        spots: [Spot!]
        pair: [Node!]!
      }
      type Spot { at: Int! node: Node inner: [Spot] }
    `,
    three: `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires"])
      type Query { three: Node! }
      type Node @key(fields: "code") @key(fields: "code serial") {
        code: String! serial: Int! doubled: Int @external y: Int @external
        spots: [Spot!] @external
        quad: Int @requires(fields: "doubled")
        sum: Float @requires(fields: "doubled y spots { at inner { at } }")
        far: [[Node]]
        color: Color!
      }
      type Spot { at: Int! @external inner: [Spot] @external }
      enum Color { RED GREEN }
    `,
    four: `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires"])
      type Query { last: Node }
      type Node @key(fields: "code serial") { code: String! serial: Int! color: Color! @external quad: Int @external
        paint: String @requires(fields: "color quad") end: End! }
      enum Color { RED GREEN }
      type End { nodes: [Node] of: Node! }
    `,
  },
};
