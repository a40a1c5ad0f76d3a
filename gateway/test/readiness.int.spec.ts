import { beforeAll, describe, expect, it } from '@jest/globals';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { startRawServer } from './support/startRawServer.ts';
import { startSubgraph, type TestSubgraph } from './support/startSubgraph.ts';
import { startTestGateway } from './support/startTestGateway.ts';

const scope = testScope();
let authors: TestSubgraph;
let supergraph: string;
beforeAll(async () => {
  supergraph = writeLibrarySupergraph();
  authors = await startSubgraph('authors', scope);
});

async function readyz(url: string): Promise<{ status: number; degraded: string[] }> {
  const response = await fetch(`${url}/readyz`);
  const { degraded } = (await response.json()) as { degraded: string[] };
  return { status: response.status, degraded };
}

describe('/readyz of the gateway', () => {
  it('is 200 and names the subgraph that cannot be reached, until it can', async () => {
    const books = await startSubgraph('books', scope);
    const urls = `authors=${authors.url},books=${books.url}`;
    const gateway = await startTestGateway({ SUPERGRAPH: supergraph, SUBGRAPH_URLS: urls }, scope);
    expect(await readyz(gateway.url)).toEqual({ status: 200, degraded: [] });
    expect((await gateway.query('{ books { id } }')).errors).toBeUndefined();

    await books.stop();
    await gateway.query('{ books { id } }');
    // A call has just failed: what was known before is not believed.
    expect(await readyz(gateway.url)).toEqual({ status: 200, degraded: ['books'] });
    await books.start();
    await waitFor(async () => (await readyz(gateway.url)).degraded.length === 0);

    await books.stop();
    // Nobody calls it: it is asked.
    await waitFor(async () => (await readyz(gateway.url)).degraded.includes('books'));
  });

  it.each([
    ['hangs', 0, ['books']],
    ['is behind a proxy that cannot reach it', 502, ['books']],
    ['has no /livez', 404, []],
  ])('takes a subgraph that %s for what it is', async (_case, status, degraded) => {
    const url = await startRawServer((_request, response) => {
      if (status) response.writeHead(status).end();
    }, scope);
    const urls = `authors=${authors.url},books=${url}`;
    const gateway = await startTestGateway({ SUPERGRAPH: supergraph, SUBGRAPH_URLS: urls }, scope);
    const start = performance.now();
    expect(await readyz(gateway.url)).toEqual({ status: 200, degraded });
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
