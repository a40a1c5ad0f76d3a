import type { Context } from '@opentelemetry/api';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Viewer } from '#platform/identity/viewer.ts';

/** Who asks: the same over HTTP and over WebSocket. */
export type Caller = {
  viewer: Viewer | null;
  /** The client's own address, as far as TRUSTED_PROXIES lets it be known. */
  clientAddress: string | null;
  /** What the client's program calls itself; nobody has checked it. */
  userAgent?: string | undefined;
  /** The trace of what is asked, handed on with it: after a wait nothing else knows it (resumeTrace). */
  trace?: Context | undefined;
};

/** A subscription that has passed parsing and validation, ready to be planned. */
export type AcceptedSubscription = {
  /** The schema that it was validated against. */
  schema: GraphQLSchema;
  document: DocumentNode;
  operationName: string | undefined;
  variables: Record<string, unknown>;
};

/**
 * Apollo Server's context value. `accept` is there only on transports that can carry a subscription: the pipeline hands
 * it the parsed and validated document, so that every rule holds on every transport.
 */
export type GatewayContext = Caller & {
  accept?: (subscription: AcceptedSubscription) => void;
  /** The request may change nothing: it came by GET. Apollo Server looks to that itself where it reads the request. */
  readOnly?: boolean;
};
