import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeServices } from '@apollo/composition';
import { parse } from 'graphql';
import type { Call } from '#platform/identity/viewer.ts';
import { entryFeed } from './entryFeed.ts';
import { libraryFeed } from './libraryFeed.ts';

/** A supergraph that has nothing to do with tasks: the gateway knows no more of it than of any other. */
const authorsSdl = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])
  type Query {
    author(id: ID!): Author
    authors: [Author!]!
    "As many authors as are asked for."
    crowd(size: Int!): [Author!]!
    "Who the gateway says is asking: user, session, address."
    caller: String
    broken: String
    refused: String
  }
  type Mutation { rename(id: ID!, name: String!): Author }
  type Author @key(fields: "id") { id: ID! name: String! }
`;

const booksSdl = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@composeDirective"])
    @link(url: "https://taskgraph.example/specs/resumable/v1.0", import: ["@resumable"])
    @composeDirective(name: "@resumable")
  directive @resumable(argument: String!, cursor: String!) on FIELD_DEFINITION
  type Query { books(limit: Int): [Book!]! shelf: Shelf }
  type Mutation { addBook(title: String!): Book }
  type Subscription {
    bookAdded(genre: Genre): Book
    mediumAdded: Medium
    "Chunks as fast as they can be sent."
    flood(size: Int!, count: Int!): Chunk
    guarded: Book
    fails: Book
    "A log that can be read on from a cursor."
    entryAdded(after: String, shelf: Int): Entry! @resumable(argument: "after", cursor: "cursor")
    "What was said to the viewer alone."
    whispered: Whisper
  }
  type Entry { cursor: String! text: String! author: Author }
  type Whisper { to: String! text: String! author: Author }
  enum Genre { NOVEL POEM }
  interface Medium { title: String! }
  type Book implements Medium @key(fields: "id") { id: ID! title: String! pages: Int author: Author }
  type Film implements Medium { title: String! minutes: Int }
  type Chunk { number: Int! text: String! }
  type Shelf { name: String! strict: String! }
  type Author @key(fields: "id") { id: ID! books: [Book!] }
`;

export const authors = [
  { id: '1', name: 'Ursula' },
  { id: '2', name: 'Octavia' },
];
const books = [
  { id: '10', title: 'The Dispossessed', pages: 387, author: { id: '1' } },
  { id: '11', title: 'Kindred', pages: 264, author: { id: '2' } },
  { id: '12', title: 'The Lathe of Heaven', pages: 184, author: { id: '1' } },
];

type Context = { call: Call };

const authorResolvers = {
  Query: {
    author: (_: unknown, { id }: { id: string }) => authors.find((author) => author.id === id) ?? null,
    authors: () => authors,
    crowd: (_: unknown, { size }: { size: number }) =>
      Array.from({ length: size }, (_, n) => ({ id: `0197a6cc-1e6b-7c6e-9a54-${n}`, name: `Author ${n}` })),
    caller: (_: unknown, _arguments: unknown, { call: { viewer, clientAddress } }: Context) =>
      `${viewer?.userId ?? '-'} ${viewer?.sessionId ?? '-'} ${clientAddress}`,
    broken: () => {
      throw new Error('secret detail of the authors service');
    },
    refused: async () => {
      const { refuse } = await import('#platform/errors.ts');
      refuse('FORBIDDEN', 'Not for you', { hint: 'ask' });
    },
  },
  Mutation: {
    rename: async (_: unknown, { id, name }: { id: string; name: string }) => {
      if (name === 'slow') await libraryFeed.released();
      return { id, name };
    },
  },
  Author: { __resolveReference: ({ id }: { id: string }) => authors.find((author) => author.id === id) ?? null },
};

const bookResolvers = {
  Query: {
    books: (_: unknown, { limit }: { limit?: number }) => books.slice(0, limit ?? books.length),
    shelf: () => ({ name: 'A', strict: 'B' }),
  },
  Mutation: { addBook: (_: unknown, { title }: { title: string }) => ({ id: '99', title }) },
  Book: { __resolveReference: ({ id }: { id: string }) => books.find((book) => book.id === id) ?? null },
  Author: { books: ({ id }: { id: string }) => books.filter(({ author }) => author.id === id) },
  Subscription: { ...libraryFeed.resolvers, ...entryFeed.resolvers },
};

/** The subgraphs of the library. */
export const library = {
  authors: { sdl: authorsSdl, resolvers: authorResolvers },
  books: { sdl: booksSdl, resolvers: bookResolvers },
};

export type LibraryName = keyof typeof library;

/** Composes the library into a file and returns its path. Without URLs nobody is at those in it. */
export function writeLibrarySupergraph(urls: Partial<Record<LibraryName, string>> = {}): string {
  const { supergraphSdl, errors } = composeServices(
    Object.entries(library).map(([name, { sdl }]) => ({
      name,
      typeDefs: parse(sdl),
      url: urls[name as LibraryName] ?? `http://${name}.invalid/graphql`,
    })),
  );
  if (!supergraphSdl) throw new Error(String(errors));
  const file = join(mkdtempSync(join(tmpdir(), 'gateway-test-')), 'supergraph.graphql');
  writeFileSync(file, supergraphSdl);
  return file;
}
