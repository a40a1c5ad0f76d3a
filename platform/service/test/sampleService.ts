import { once } from 'node:events';
import { createHttpServer } from '../createHttpServer.ts';
import { createHealth } from '../health.ts';
import { listen } from '../listen.ts';
import { runService } from '../runService.ts';

/** A service that a test starts as a process: `node --import tsx sampleService.ts <what goes wrong>`. */
runService('sample', async (scope, log) => {
  const mode = process.argv[2];
  if (mode === 'fails') throw new Error('no database');
  scope.defer('postgres', () => log.info('postgres released'));
  const health = createHealth(scope);
  const app = createHttpServer({ service: 'sample', log, health });
  app.get('/slow', async () => {
    log.info('slow has begun');
    // As long as the test wants.
    await once(process.stdin, 'data');
    return 'finished';
  });
  const url = await listen(app, { host: '127.0.0.1', port: 0, scope });
  scope.defer('workers', async () => {
    const { status } = await fetch(`${url}/readyz`);
    log.info({ readyz: status }, 'workers released');
    if (mode === 'hangs') await new Promise(() => {});
  });
  log.info({ url }, 'listening');
  if (mode === 'rejects') Promise.reject(new Error('nobody awaits this'));
  if (mode === 'throws') setTimeout(() => JSON.parse('{'), 10);
});
