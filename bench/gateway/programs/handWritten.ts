import { createServer } from 'node:http';
import { connect } from 'node:net';
import { Pool } from 'undici';
import { type GraphName, graphNames } from '../graph/supergraph.ts';
import { me, nested } from '../queries.ts';
import { readResponses, requestOf } from '../readResponses.ts';

/**
 * What somebody would write who needs just these two queries: no GraphQL at run time, the four calls and the merge by hand,
 * behind node:http. `undici` or `raw` is how the calls are made.
 */
const { urls, port, transport }: { urls: Record<GraphName, string>; port: number; transport: 'undici' | 'raw' } =
  JSON.parse(process.argv[2] ?? '{}');

type Ask = (body: string) => Promise<string>;

function overUndici(url: URL): Ask {
  const pool = new Pool(url.origin, { connections: 128 });
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  return async (body) => (await pool.request({ path: url.pathname, method: 'POST', headers, body })).body.text();
}

/** One connection, requests sent one after the other without waiting. */
function overRawSocket(url: URL): Ask {
  const socket = connect(Number(url.port), url.hostname).setNoDelay(true);
  const waiting: ((text: string) => void)[] = [];
  let first = 0;
  socket.on(
    'data',
    readResponses((_status, body) => {
      waiting[first++]?.(body.toString());
      if (first < waiting.length) return;
      waiting.length = 0;
      first = 0;
    }),
  );
  return (body) =>
    new Promise((resolve) => {
      waiting.push(resolve);
      socket.write(requestOf(url, body));
    });
}

const asks = Object.fromEntries(
  graphNames.map((name) => [name, (transport === 'raw' ? overRawSocket : overUndici)(new URL(urls[name]))]),
) as Record<GraphName, Ask>;

const board = JSON.stringify(
  'query($id:ID!){project(id:$id){key name tasks(first:20){nodes{id key title status updatedAt assignee{id}}}}}',
);
const entities = (selection: string) =>
  `query($representations:[_Any!]!){_entities(representations:$representations){${selection}}}`;
const assignees = JSON.stringify(entities('...on User{id name avatarUrl}'));
const authors = JSON.stringify(entities('...on User{id name}'));
const comments = JSON.stringify(entities('...on Task{comments(first:3){nodes{id body author{id}}}}'));

// biome-ignore lint/suspicious/noExplicitAny: a program by hand believes what it is told
type Json = any;

/** Asks for each id once. */
async function entitiesOf(
  ask: Ask,
  query: string,
  typename: string,
  ids: Iterable<string>,
): Promise<Map<string, Json>> {
  const distinct = [...new Set(ids)];
  const representations = JSON.stringify(distinct.map((id) => ({ __typename: typename, id })));
  const { data } = JSON.parse(await ask(`{"query":${query},"variables":{"representations":${representations}}}`));
  return new Map(distinct.map((id, index) => [id, data._entities[index]]));
}

async function answerBoard(variables: Json): Promise<string> {
  const answer = JSON.parse(await asks.tasks(`{"query":${board},"variables":${JSON.stringify(variables)}}`));
  const tasks: Json[] = answer.data.project.tasks.nodes;
  await Promise.all([
    entitiesOf(
      asks.users,
      assignees,
      'User',
      tasks.map(({ assignee }) => assignee.id),
    ).then((users) => {
      for (const task of tasks) task.assignee = users.get(task.assignee.id);
    }),
    entitiesOf(
      asks.comments,
      comments,
      'Task',
      tasks.map(({ id }) => id),
    ).then(async (found) => {
      const all: Json[] = [];
      for (const task of tasks) {
        task.comments = found.get(task.id).comments;
        all.push(...task.comments.nodes);
      }
      const users = await entitiesOf(
        asks.users,
        authors,
        'User',
        all.map(({ author }) => author.id),
      );
      for (const comment of all) comment.author = users.get(comment.author.id);
    }),
  ]);
  return JSON.stringify(answer);
}

const viewer = JSON.stringify('query($seed:String){me{id name email avatarUrl(seed:$seed)}}');
const answerViewer = (variables: Json) => asks.users(`{"query":${viewer},"variables":${JSON.stringify(variables)}}`);

createServer((request, response) => {
  let text = '';
  request.setEncoding('utf8');
  request.on('data', (chunk: string) => {
    text += chunk;
  });
  request.on('end', async () => {
    const { query, variables } = JSON.parse(text);
    const answer =
      query === nested.document
        ? await answerBoard(variables)
        : query === me.document
          ? await answerViewer(variables)
          : '{}';
    const length = Buffer.byteLength(answer);
    response
      .writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': length })
      .end(answer);
  });
}).listen(port, '127.0.0.1');
process.once('disconnect', () => process.exit(0));
