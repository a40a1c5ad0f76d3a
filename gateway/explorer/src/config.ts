/** What the gateway tells the explorer: gateway/src/explorer/serveExplorer.ts writes it. */
export type ExplorerConfig = {
  /** Path of GraphQL, over HTTP and over WebSocket. */
  endpoint: string;
  /** Operations to begin with. */
  examples: string[];
  /** A string of this name anywhere in a response is taken for an access token. */
  tokenField: string;
};

/** Asks the gateway that served this page. */
export async function readConfig(): Promise<ExplorerConfig> {
  const response = await fetch('/explorer/config.json');
  if (!response.ok) throw new Error(`/explorer/config.json answered ${response.status}`);
  return response.json() as Promise<ExplorerConfig>;
}
