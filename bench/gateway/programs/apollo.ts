import { readFileSync } from 'node:fs';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

/** @apollo/gateway behind Apollo Server's standalone server, as their documentation starts them. */
const { supergraph, port }: { supergraph: string; port: number } = JSON.parse(process.argv[2] ?? '{}');
const gateway = new ApolloGateway({ supergraphSdl: readFileSync(supergraph, 'utf8') });
const server = new ApolloServer({ gateway });
await startStandaloneServer(server, { listen: { port, host: '127.0.0.1' } });
process.once('disconnect', () => process.exit(0));
