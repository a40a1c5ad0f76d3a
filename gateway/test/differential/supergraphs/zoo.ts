import type { GraphDefinition } from './definition.ts';

/** Abstract types over abstract types, value types, lists of lists, @shareable everywhere, @inaccessible, enums that differ. */
export const zoo: GraphDefinition = {
  name: 'zoo',
  plain: true,
  subgraphs: {
    animals: `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@inaccessible"])
      type Query {
        animal(id: ID!): Animal
        animals(mood: Feeling = WELL): [Animal!]!
        grid: [[Animal]!]!
        things: [Thing]
        being: Being!
        hidden: String @inaccessible
        shared: Shared @shareable
        moods: [[Mood!]!]
      }
      interface Being { id: ID! name: String }
      interface Animal implements Being { id: ID! name: String mother: Animal young(first: Int): [Animal] mood: Mood! home: Home }
      type Cat implements Animal & Being @key(fields: "id") {
        id: ID! name: String mother: Cat young(first: Int): [Animal] mood: Mood! home: Home lives: Int! enemy: Thing
        secret: String @inaccessible
        passport: Passport @shareable visits(year: Int = 1): [[Visit!]] @shareable
      }
      type Dog implements Animal & Being @key(fields: "id") {
        id: ID! name: String mother: Animal young(first: Int): [Animal] mood: Mood! home: Home! tricks: [String!]! owner: Human!
      }
      type Fish implements Animal & Being { id: ID! name: String mother: Fish young(first: Int): [Animal] mood: Mood! home: Home depth: Float }
      type Human implements Being @key(fields: "id") { id: ID! name: String pets: [Animal!] boss: Being }
      union Thing = Cat | Dog | Home | Box
      enum Mood { HAPPY SAD @inaccessible ANGRY }
      enum Feeling { WELL ILL }
      type Home @shareable { street: String! city: City }
      type City @shareable { name: String! zip: Int }
      type Box { content: Thing lid: Box size: [Int!]! constructor: String toString: Home then: Int! hasOwnProperty: [Box] }
      type Shared @shareable { a: String b: Int! inner: Shared list: [Shared!] lists: [[Shared]] d: Home! }
      type Passport { number: Int! @shareable chip: String issued: Visit @shareable }
      type Visit { at: Int! @shareable weight: Float! food: [Visit] @shareable }
    `,
    care: `
      extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
      type Query { keepers: [Keeper!]! shared: Shared @shareable ward: [Patient!] }
      union Patient = Cat | Dog | Keeper
      interface Sick { illness: String doctor: Keeper }
      type Cat implements Sick @key(fields: "id") {
        id: ID! illness: String doctor: Keeper fed(at: Time): Food
        passport: Passport @shareable visits(year: Int = 1): [[Visit!]] @shareable
      }
      type Dog implements Sick @key(fields: "id") { id: ID! illness: String doctor: Keeper! fed(at: Time): Food! walks: [[Walk!]] }
      type Keeper implements Sick @key(fields: "id") { id: ID! name: String! illness: String doctor: Keeper patients: [Sick!] shift: Shift mood: Mood }
      enum Mood { HAPPY ANGRY TIRED }
      enum Shift { DAY NIGHT }
      scalar Time
      type Walk { at: Time! with: Keeper home: Home }
      union Food = Meat | Grain
      type Meat { from: Cat grams: Int! }
      type Grain { sort: String grams: Float }
      type Home @shareable { street: String! city: City }
      type City @shareable { name: String! zip: Int }
      type Shared @shareable { a: String b: Int! inner: Shared list: [Shared!] lists: [[Shared]] c: Float }
      type Passport { number: Int! @shareable vaccine: Food issued: Visit @shareable }
      type Visit { at: Int! @shareable doctor: Keeper fee: Time food: [Visit] @shareable }
      type Human @key(fields: "id") { id: ID! insurance: String! valueOf: Human constructor: Shift }
    `,
  },
};
