import type { GraphDefinition } from './definition.ts';

/** What the compiler may leave to @apollo/gateway: @interfaceObject, keys on interfaces, aliased representations. */
export const odd: GraphDefinition = {
  name: 'odd',
  plain: false,
  subgraphs: {
    media: `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
      type Query { media(id: ID!): Media medias: [Media!] book: Book shelf: [[Media]] }
      interface Media @key(fields: "id") { id: ID! title: String! pages: Int }
      type Book implements Media @key(fields: "id") { id: ID! title: String! pages: Int author: String sequel: Book }
      type Film implements Media @key(fields: "id") { id: ID! title: String! pages: Int minutes: Int! remakes: [Media!] }
    `,
    reviews: `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@interfaceObject", "@external", "@requires"])
      type Query { reviewed: [Media!]! best: Media }
      type Media @interfaceObject @key(fields: "id") {
        id: ID! pages: Int @external reviews(first: Int): [Review!]! score: Float price: Int @requires(fields: "pages")
      }
      type Review { text: String! of: Media by: Reader }
      type Reader @key(fields: "id") { id: ID! read: [Media] }
    `,
    readers: `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
      type Query { reader: Reader clash: [Clash] }
      type Reader @key(fields: "id") { id: ID! name: String favourite: Favourite }
      union Favourite = Book | Film | Reader
      type Book @key(fields: "id") { id: ID! copies: [Copy!] }
      type Film @key(fields: "id") { id: ID! copies: [Copy!]! }
      type Copy { number: Int! holder: Reader }
      union Clash = Left | Right
      type Left { value: Int! same: String list: [Int] }
      type Right { value: String same: String! list: [Int!]! }
    `,
  },
};
