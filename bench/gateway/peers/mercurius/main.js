import mercuriusGateway from '@mercuriusjs/gateway';
import { fastify } from 'fastify';

/** Mercurius' gateway, queries compiled by graphql-jit at their first use. It composes the subgraphs' SDL itself. */
const { services, port } = JSON.parse(process.argv[2] ?? '{}');
const app = fastify();
app.register(mercuriusGateway, { jit: 1, gateway: { services } });
await app.listen({ port, host: '127.0.0.1' });
process.once('disconnect', () => process.exit(0));
