import type { GraphDefinition } from './definition.ts';

/** Several keys, composite and nested keys, @requires (nested, through lists), @provides, @override, @external, unions. */
export const catalog: GraphDefinition = {
  name: 'catalog',
  plain: true,
  subgraphs: {
    products: `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@provides", "@tag"])
      schema { query: Catalog mutation: Changes }
      scalar Json
      type Catalog {
        product(id: ID!): Product
        products(first: Int = 3, sort: [Sort!] = [PRICE, NAME], filter: Filter): [Product]
        found(text: String!, kinds: [Kind]): [Found!]
        latest: Found
        brand(id: ID!): Brand!
        strict: [[Product!]!]!
        raw(value: Json): Json
      }
      type Changes {
        addProduct(input: ProductInput!): Product
        renameBrand(id: ID!, name: String = "none"): Brand!
        clear: Boolean!
      }
      input ProductInput { name: String! price: Float = 1.5 tags: [String!] = ["a", "b"] size: SizeInput = { width: 2 } kind: Kind = TOOL }
      input SizeInput { width: Int! = 1 height: Int }
      input Filter { kind: Kind = BOOK min: Int = 0 not: Filter ids: [[ID!]] }
      enum Sort { PRICE NAME }
      enum Kind { BOOK TOOL }
      interface Priced { price: Float currency: Currency! }
      enum Currency { EUR USD }
      union Found = Product | Brand | Category
      type Product implements Priced @key(fields: "id") @key(fields: "sku brand { id }") {
        id: ID!
        sku: String!
        brand: Brand!
        name(upper: Boolean = false, locale: String): String!
        price: Float
        currency: Currency!
        related(first: Int! = 2): [Product!]
        categories: [Category!]!
        details: Json
        parts: [Part]
        old: String
      }
      type Brand @key(fields: "id") { id: ID! name: String owner: Person @provides(fields: "name") }
      type Person @key(fields: "id") { id: ID! name: String @external }
      type Category @key(fields: "path { root leaf }") { path: Path! title: String products: [Product] }
      type Path @shareable { root: String! leaf: String! depth: Int }
      type Part { name: String! weight: Int! material: Material }
      type Material @shareable { name: String! toxic: Boolean }
    `,
    stock: `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires", "@override"])
      schema { query: Stock mutation: StockChanges }
      type Stock { stock: [Product!] warehouses: [[Warehouse]] }
      type StockChanges { take(id: ID!, count: Int = 1): Product restock(ids: [ID!]!): [Product] }
      type Product @key(fields: "sku brand { id }") {
        sku: String!
        brand: Brand!
        inStock: Int
        old: String @override(from: "products")
        parts: [Part] @external
        price: Float @external
        shipping(zone: Int = 1): Float @requires(fields: "parts { weight material { name } } price")
        label: String! @requires(fields: "price")
        warehouses: [Warehouse!]
      }
      type Part { weight: Int! @external material: Material @external }
      type Material @shareable { name: String! toxic: Boolean }
      type Brand @key(fields: "id") { id: ID! depots: [Warehouse] }
      type Warehouse { name: String place: Path rows: [[Int]] matrix: [[[Product!]]!] }
      type Path @shareable { root: String! leaf: String! depth: Int }
    `,
    people: `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires"])
      schema { query: People }
      scalar Json
      type People { person(id: ID!): Person me: Person! }
      interface Named { name: String }
      type Person implements Named @key(fields: "id") {
        id: ID!
        name: String @shareable
        likes: [Liked]
        friends(first: Int): [Person!]!
        settings: Json!
      }
      union Liked = Product | Category | Person
      type Product @key(fields: "id") {
        id: ID!
        name(upper: Boolean = false, locale: String): String! @external
        fans: [Person!]
        review: String @requires(fields: "name(upper: true)")
      }
      type Category @key(fields: "path { root leaf }") { path: Path! curator: Person }
      type Path @shareable { root: String! leaf: String! depth: Int }
    `,
  },
};
