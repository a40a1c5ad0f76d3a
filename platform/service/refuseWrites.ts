import type { ApolloServerPlugin, BaseContext, GraphQLRequestListener } from '@apollo/server';
import { refuse } from '../errors.ts';
import type { Call } from '../identity/viewer.ts';

/** Refuses mutations to whoever comes with a token that may only read, before anything is executed: also past the gateway. */
export type WriteGuard<C extends BaseContext> = {
  plugin: ApolloServerPlugin<C>;
  /** Says what call the operation with this context belongs to. */
  note(contextValue: C, call: Call): C;
};

/** A guard for one server. */
export function refuseWrites<C extends BaseContext>(): WriteGuard<C> {
  // The same for every request.
  const listening = Promise.resolve<GraphQLRequestListener<C>>({
    didResolveOperation({ operation, contextValue }) {
      if (operation?.operation !== 'mutation' || !(onlyReads in contextValue)) return done;
      return refuse('FORBIDDEN', 'This token may only read.', { http: { status: 403 } });
    },
  });
  return {
    plugin: { requestDidStart: () => listening },
    note(contextValue, { viewer }) {
      return viewer?.scope === 'read' ? Object.assign(contextValue, { [onlyReads]: true }) : contextValue;
    },
  };
}

/** Apollo Server copies the context of each operation: what is to be found again has to be in it. */
const onlyReads = Symbol('only reads');
const done = Promise.resolve();
