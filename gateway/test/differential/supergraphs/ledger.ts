import type { GraphDefinition } from './definition.ts';

/** Mutations that alternate between subgraphs, payloads with entities, inputs with defaults, custom scalars, non-null chains. */
export const ledger: GraphDefinition = {
  name: 'ledger',
  plain: true,
  subgraphs: {
    accounts: `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
      scalar Money
      scalar Date
      type Query { account(id: ID!): Account! accounts(open: Boolean! = true): [Account!]! total(of: [MoneyInput!]! = [{ cents: 1 }]): Money! opened: OpenPayload }
      type Mutation {
        openAccount(input: OpenInput = { owner: "me", limits: [1, 2] }): OpenPayload!
        closeAccount(id: ID!): Account
        closeAll: [Account!]!
        note(text: String): String
      }
      type Subscription { account(id: ID!): Account! accounts(open: Boolean! = true): [Account!]! opened: OpenPayload }
      input OpenInput { owner: String! limits: [Int!]! = [] meta: MetaInput = { level: LOW } start: Date }
      input MetaInput { level: Level! = HIGH tags: [[String]] }
      input MoneyInput { cents: Int! currency: String = "EUR" }
      enum Level { LOW HIGH }
      type OpenPayload { account: Account! warnings: [Warning!] balance: Money }
      interface Warning { text: String! }
      type LimitWarning implements Warning { text: String! account: Account! limit: Int! }
      type OwnerWarning implements Warning { text: String! owner: Owner }
      type Account @key(fields: "id") { id: ID! owner: Owner! balance: Money level: Level! created: Date! parent: Account children: [Account!]! }
      type Owner @key(fields: "id") { id: ID! name: String! }
    `,
    bookings: `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external", "@requires"])
      scalar Money
      scalar Date
      type Query { bookings(from: Date, to: Date): [Booking!]! booking(id: ID!): Booking }
      type Mutation { book(from: ID!, to: ID!, cents: Int! = 100): BookPayload book2: Booking! undo(id: ID!): Boolean! }
      union BookPayload = Booking | Refusal
      type Refusal { reason: String! account: Account! }
      type Booking @key(fields: "id") { id: ID! amount: Money! from: Account! to: Account at: Date lines: [Line!]! }
      type Line { text: String amount: Money! }
      type Account @key(fields: "id") {
        id: ID!
        balance: Money @external
        level: Level! @external
        bookings(first: Int): [Booking!]!
        last: Booking
        rating: Float! @requires(fields: "balance level")
      }
      enum Level { LOW HIGH }
    `,
    audit: `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
      scalar Json
      type Query { trail(first: Int = 2): [Trace!] }
      type Mutation { mark(id: ID!): Trace! forget(ids: [ID!]): [Trace] }
      union Subject = Account | Booking | Owner
      type Trace { at: Int! subject: Subject data: Json previous: Trace }
      type Account @key(fields: "id") { id: ID! trail: [Trace!]! auditor: Owner }
      type Booking @key(fields: "id") { id: ID! trail: [Trace!] }
      type Owner @key(fields: "id") { id: ID! trusted: Boolean! risk: [Int] }
    `,
  },
};
