import pg, { type QueryResult } from 'pg';

/** A statement that is prepared under its name, once per connection. Its values are text as Postgres reads it. */
export type NamedStatement = { name: string; text: string; values: readonly string[] };

/** What pg's connection can do and its types leave out; pg-cursor lives off the same. */
type Wire = {
  stream: { cork(): void; uncork(): void };
  bind(config: { statement: string; values: readonly string[] }): void;
  execute(config: object): void;
};

/** What pg's Query can do and its types leave out. */
type QueryInternals = {
  submit(connection: Wire): Error | null;
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: Wire): void;
  handleError(error: Error, connection: Wire): void;
};

type Callback = (error: Error | undefined, result: QueryResult) => void;

const Query = pg.Query as unknown as new (config: object, callback: Callback) => QueryInternals;

/**
 * A query that other statements go before, in one exchange of messages: one round trip instead of one for each. There is a
 * single Sync, at the end, so that Postgres passes over everything that follows a statement which fails: the query never
 * runs without them. https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING
 *
 * The statements before have to be prepared on the connection already; of their results only failures are looked at.
 */
export class PrefixedQuery extends Query {
  /** The statements before the query itself. */
  readonly before: readonly NamedStatement[];
  #completed = 0;

  constructor(before: readonly NamedStatement[], config: object, callback: Callback) {
    // Not a simple query, which would be an exchange of its own.
    super({ ...config, queryMode: 'extended' }, callback);
    this.before = before;
  }

  /** Once it has failed: the statement before the query that did; undefined when it was the query itself. */
  failed(): NamedStatement | undefined {
    return this.before[this.#completed];
  }

  override submit(connection: Wire): Error | null {
    connection.stream.cork();
    try {
      for (const { name, values } of this.before) {
        connection.bind({ statement: name, values });
        connection.execute({});
      }
      return super.submit(connection);
    } finally {
      connection.stream.uncork();
    }
  }

  /** What a statement before returns is nobody's. */
  override handleDataRow(message: unknown): void {
    if (this.#completed >= this.before.length) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: Wire): void {
    if (this.#completed++ >= this.before.length) super.handleCommandComplete(message, connection);
  }
}
