import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type DocumentNode, type ExecutionResult, print } from 'graphql';
import { createSubscriber } from './createSubscriber.ts';
import { errorOf, TaskgraphError } from './TaskgraphError.ts';

/** Where the API is, and who calls. */
export type ClientOptions = {
  /** The GraphQL endpoint: `https://example.com/graphql`. */
  url: string;
  /** The access token, or a function that is asked for it before each request and each (re)connection. */
  token?: Token | (() => Token | Promise<Token>);
  /** The endpoint of subscriptions. Default: `url` with ws or wss. */
  subscriptionUrl?: string;
  /** In place of the global fetch. */
  fetch?: typeof fetch;
  /** In place of the global WebSocket. Node.js before 22 has none: give it the one of the package `ws`. */
  webSocket?: unknown;
};

/** An access token; null or undefined is: not signed in. */
export type Token = string | null | undefined;

/** What an operation is sent with. */
export type RequestOptions = { signal?: AbortSignal };

/** The arguments after the document: variables may be left out where the operation needs none. */
export type Arguments<Variables> =
  Record<string, never> extends Variables
    ? [variables?: Variables, options?: RequestOptions]
    : [variables: Variables, options?: RequestOptions];

/** The API, by typed documents. Everything throws TaskgraphError. */
export type Client = {
  query<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    ...rest: Arguments<NoInfer<Variables>>
  ): Promise<Data>;
  mutate<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    ...rest: Arguments<NoInfer<Variables>>
  ): Promise<Data>;
  /**
   * The events of a subscription, until the loop is left or the signal aborts. A lost connection is made again; a
   * subscription that takes `after` then goes on from the last cursor it received, so that nothing is missed or repeated.
   */
  subscribe<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    ...rest: Arguments<NoInfer<Variables>>
  ): AsyncIterableIterator<Data>;
  /** Ends all subscriptions and closes their connection. */
  close(): Promise<void>;
};

/** Makes a client. Nothing is connected before the first operation. */
export function createClient(options: ClientOptions): Client {
  const { url, token } = options;
  const subscriptionUrl = options.subscriptionUrl ?? url.replace(/^http/, 'ws');
  const authorization = async (): Promise<Record<string, string>> => {
    const value = typeof token === 'function' ? await token() : token;
    return value ? { authorization: `Bearer ${value}` } : {};
  };
  const renewable = typeof token === 'function';
  const subscriber = createSubscriber({ url: subscriptionUrl, authorization, renewable, webSocket: options.webSocket });

  async function request<Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    ...[variables, { signal } = {}]: Arguments<Variables>
  ): Promise<Data> {
    const send = options.fetch ?? fetch;
    let response: Response;
    let text: string;
    try {
      response = await send(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json',
          ...(await authorization()),
        },
        body: JSON.stringify({ ...operationOf(document), variables: variables ?? {} }),
        signal: signal ?? null,
      });
      text = await response.text();
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      throw new TaskgraphError('NETWORK_ERROR', `${url} could not be reached`, { cause });
    }
    const result = parseResult<Data>(text);
    if (!result) throw new TaskgraphError('BAD_RESPONSE', `${url} answered ${response.status}, and no GraphQL`);
    if (result.errors?.length) throw errorOf(result.errors, result.data);
    return result.data as Data;
  }

  return {
    query: request,
    mutate: request,
    subscribe: (document, ...[variables, { signal } = {}]) =>
      subscriber.subscribe({ ...operationOf(document), variables: { ...variables } }, signal),
    close: () => subscriber.close(),
  };
}

const operations = new WeakMap<DocumentNode, { query: string; operationName?: string }>();

/** The document as text, printed once. */
function operationOf(document: DocumentNode): { query: string; operationName?: string } {
  let operation = operations.get(document);
  if (!operation) {
    const [name] = document.definitions.flatMap((one) => (one.kind === 'OperationDefinition' ? [one.name?.value] : []));
    operation = { query: print(document), ...(name ? { operationName: name } : {}) };
    operations.set(document, operation);
  }
  return operation;
}

function parseResult<Data>(text: string): ExecutionResult<Data> | null {
  try {
    const result: unknown = JSON.parse(text);
    const isResult = typeof result === 'object' && result !== null && ('data' in result || 'errors' in result);
    return isResult ? (result as ExecutionResult<Data>) : null;
  } catch {
    return null;
  }
}
