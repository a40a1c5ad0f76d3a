import { expect, it } from '@jest/globals';
import { freePort } from '#platform/testing/freePort.ts';
import { malformedRequests, sendBytes, sendMalformedRequests } from '#platform/testing/malformedRequests.ts';
import { testScope } from '#platform/testing/testScope.ts';
import { waitFor } from '#platform/testing/waitFor.ts';
import { writeLibrarySupergraph } from './support/library.ts';
import { openSocket } from './support/openSocket.ts';
import { type GatewayProcess, startProcess } from './support/startProcess.ts';

const scope = testScope();

async function start(): Promise<GatewayProcess & { url: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const gateway = startProcess(scope, { SUPERGRAPH: writeLibrarySupergraph(), PORT: String(port) });
  await waitFor(async () => (await fetch(`${url}/health`)).status === 200, { timeoutMs: 30_000 });
  return { ...gateway, url };
}

it('whatever bytes come, the gateway goes on', async () => {
  const { url, child, output } = await start();
  const bystander = await openSocket(url, scope);
  await bystander.init();

  const answers = await sendMalformedRequests(url);
  const down = { exitCode: child.exitCode, output: output().slice(-2_000) };
  expect(down).toMatchObject({ exitCode: null });
  for (const [name, answer] of answers) {
    if (answer) expect([name, answer]).toEqual([name, expect.stringMatching(/^HTTP\/1\.1 (101|200|302|4\d\d) /)]);
  }
  expect(answers.get('an upgrade of "//"')).toMatch(/^HTTP\/1\.1 404 /);
  expect(answers.size).toBe(malformedRequests.size);

  // It serves, nobody else was disturbed, and nothing of it is an accident to be looked into.
  expect((await fetch(`${url}/health`)).status).toBe(200);
  bystander.send({ type: 'ping' });
  await waitFor(() => bystander.messages.some(({ type }) => type === 'pong'));
  expect(output()).not.toMatch(/"level":"(error|fatal)"/);
}, 60_000);

it('bytes that are near to a good upgrade are no worse', async () => {
  const { url, child, output } = await start();
  const good =
    'GET /graphql HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n' +
    'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n';
  // A fixed sequence (Numerical Recipes' generator), so that what fails once fails again.
  let state = 20_261_120;
  const random = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  const mutants = Array.from({ length: 300 }, () => {
    const bytes = Buffer.from(good);
    for (let change = random(4); change >= 0; change -= 1) bytes[random(bytes.length)] = random(256);
    return random(8) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes;
  });
  for (let at = 0; at < mutants.length; at += 20) {
    await Promise.all(mutants.slice(at, at + 20).map((bytes) => sendBytes(url, bytes)));
    expect([at, child.exitCode, output().match(/.*fatal.*/)?.[0]]).toEqual([at, null, undefined]);
  }
  expect((await fetch(`${url}/health`)).status).toBe(200);
}, 60_000);
