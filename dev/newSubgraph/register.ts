import type { Words } from './words.ts';

/** A text with `addition` put before (or after) the only place where `anchor` is; throws when it isn't there once. */
function insert(text: string, where: 'before' | 'after', anchor: string, addition: string): string {
  const [head, tail, ...more] = text.split(anchor);
  if (head === undefined || tail === undefined || more.length > 0) throw new Error(`No single place: ${anchor.trim()}`);
  return where === 'before' ? head + addition + anchor + tail : head + anchor + addition + tail;
}

/** dev/subgraphs.ts with one more entry. */
export function registerName(text: string, { name, port }: Words): string {
  return insert(
    text,
    'before',
    '});\n\n/** The name of a subgraph. */',
    `  ${name}: { port: ${port}, asks: ['users'] },\n`,
  );
}

/** deploy/env.example with the secrets of one more subgraph, after those of the `last`. */
export function registerSecrets(text: string, { name }: Words, last: string): string {
  const [upper, before] = [name.toUpperCase(), last.toUpperCase()];
  const passwords = insert(
    text,
    'after',
    `\n${before}_APP_PASSWORD=\n`,
    `${upper}_OWNER_PASSWORD=\n${upper}_APP_PASSWORD=\n`,
  );
  return insert(passwords, 'after', `\n${before}_CALL_KEYS=\n`, `${upper}_CALL_KEYS=\n`);
}

/** docker-compose.yml with one more subgraph, after the `last`; `first` is the first of the list. */
export function registerServices(text: string, words: Words, first: string, last: string): string {
  const { name, port } = words;
  const [upper, before] = [name.toUpperCase(), last.toUpperCase()];
  const edits: ['before' | 'after', string, string][] = [
    ['after', `      ${last}: { condition: service_healthy }\n`, `      ${name}: { condition: service_healthy }\n`],
    ['before', `  migrate-${first}:\n`, serviceOf(words)],
    ['before', '  # The databases and logins', migrationOf(words)],
    [
      'after',
      `\n      ${before}_APP_PASSWORD: \${${before}_APP_PASSWORD:-}\n`,
      `      ${upper}_OWNER_PASSWORD: \${${upper}_OWNER_PASSWORD:-}\n      ${upper}_APP_PASSWORD: \${${upper}_APP_PASSWORD:-}\n`,
    ],
  ];
  const edited = edits.reduce((all, [where, anchor, addition]) => insert(all, where, anchor, addition), text);
  return edited
    .replace(/^( +SUBGRAPHS: .*)$/m, `$1 ${name}`)
    .replace(/^( +SUBGRAPH_URLS: .*)$/m, `$1,${name}=http://${name}:${port}/graphql`);
}

const serviceOf = ({ name, port }: Words): string => `  ${name}:
    <<: *subgraph
    build: &${name}-build { context: ., dockerfile: deploy/Dockerfile, args: { SERVICE: ${name} } }
    image: taskgraph-${name}
    environment:
      <<: *environment
      PORT: "${port}"
      CALL_KEYS: \${${name.toUpperCase()}_CALL_KEYS:-}
      DATABASE_URL: postgresql://${name}_app:\${${name.toUpperCase()}_APP_PASSWORD:-}@postgres:5432/${name}
      MIGRATE: check
      NATS_URL: nats://nats:4222
      REDIS_URL: redis://:\${REDIS_PASSWORD:-}@redis-live:6379
      USERS_URL: http://users:4001
    depends_on:
      migrate-${name}: { condition: service_completed_successfully }
      nats: { condition: service_started }
      redis-live: { condition: service_started }

`;

const migrationOf = ({ name }: Words): string => `  migrate-${name}:
    <<: *migration
    build: *${name}-build
    image: taskgraph-${name}
    command: [node, dist/migrate/main.js, ${name}]
    environment:
      MIGRATION_DATABASE_URL: postgresql://${name}_owner:\${${name.toUpperCase()}_OWNER_PASSWORD:-}@postgres:5432/${name}
      APP_LOGIN: ${name}_app

`;
