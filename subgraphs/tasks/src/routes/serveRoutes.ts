import type { FastifyInstance } from 'fastify';
import type { CallKeys } from '#platform/identity/callKeys.ts';
import type { Nonces } from '#platform/identity/nonces.ts';
import { signedRoute } from '#platform/service/signedRoute.ts';
import type { Deps } from '../deps.ts';
import { projectsRoute } from './projects.ts';
import { tasksRoute } from './tasks.ts';
import { writtenRoute } from './written.ts';

/** Serves the routes for other subgraphs, each call signed. */
export function serveRoutes(app: FastifyInstance, calls: { keys: CallKeys; nonces: Nonces }, deps: Deps): void {
  for (const route of [tasksRoute, projectsRoute]) {
    signedRoute(app, route.path, { ...calls, ...route, handle: (input) => route.handle(input, deps) });
  }
  const { path } = writtenRoute;
  signedRoute(app, path, { ...calls, ...writtenRoute, handle: (input) => writtenRoute.handle(input, deps) });
}
