import { GraphiQL } from 'graphiql';
import { useMemo } from 'react';
import type { ExplorerConfig } from './config.ts';
import { createFetcher } from './createFetcher.ts';
import { exampleTabs } from './exampleTabs.ts';
import { SessionBar } from './SessionBar.tsx';
import type { Session } from './session.ts';
import { createTabStorage } from './tabStorage.ts';

/** GraphiQL with the examples as tabs and the session below. */
export function Explorer({ config, session }: { config: ExplorerConfig; session: Session }) {
  const fetcher = useMemo(() => createFetcher(config, session), [config, session]);
  const storage = useMemo(() => createTabStorage(), []);
  return (
    <GraphiQL
      fetcher={fetcher}
      storage={storage}
      defaultTabs={exampleTabs(config.examples)}
      defaultEditorToolsVisibility="variables"
      shouldPersistHeaders={false}
    >
      {/* The tabs need the room. */}
      <GraphiQL.Logo> </GraphiQL.Logo>
      <GraphiQL.Footer>
        <SessionBar session={session} tokenField={config.tokenField} />
      </GraphiQL.Footer>
    </GraphiQL>
  );
}
