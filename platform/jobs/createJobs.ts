import { Queue, Worker } from 'bullmq';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { Scope } from '../service/scope.ts';
import { traceparent, withTraceparent } from '../telemetry/trace.ts';
import type { Job } from './defineJob.ts';

/**
 * BullMQ as a timer, never as a store: a row in Postgres says what is due, and a sweep re-adds what Redis has lost.
 * A job may run twice (a killed worker's job is taken over); what leaves the house claims its row first.
 */
export type Jobs = {
  /** Adds a job under its deterministic id; one that waits or runs already stays as it is. Throws while Redis is away. */
  enqueue<Input>(job: Job<Input, never>, input: Input, options?: { delayMs?: number }): Promise<void>;
  /** Works off the given jobs until the scope closes. */
  work<Deps>(jobs: readonly Job<never, Deps>[], deps: Deps): void;
  /** Runs something now and then, in this process: sweeps. The next round begins after the last has ended. */
  every(name: string, intervalMs: number, run: () => Promise<void>): void;
  connected(): boolean;
};

/** What is kept in the queue's entries: the input, and the trace that it was enqueued in. */
type Entry = { input: unknown; traceparent?: string };

/** Opens the queue of a service. `url` is a Redis with `noeviction`. */
export function createJobs(options: {
  url: string;
  service: string;
  log: Logger;
  registry: Registry;
  scope: Scope;
}): Jobs {
  const { url, service, log, registry, scope } = options;
  const outcomes = new Counter({
    name: 'taskgraph_jobs_total',
    help: 'Attempts of jobs by job and outcome',
    labelNames: ['job', 'outcome'],
    registers: [registry],
  });
  const queue = new Queue<Entry>(service, {
    // Without a queue of its own for commands: while Redis is away enqueueing fails, and the sweep brings the job later.
    connection: { url, enableOfflineQueue: false, maxRetriesPerRequest: 1 },
    skipWaitingForReady: true,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
  });
  let online = false;
  const quiet = (error: Error) => {
    if (online) log.warn({ err: error }, 'Redis is away; jobs wait in Postgres');
    online = false;
  };
  queue.on('error', quiet);
  void queue.waitUntilReady().then(
    () => {
      online = true;
    },
    () => {},
  );
  scope.defer('queue', () => queue.close());

  return {
    async enqueue(job, input, { delayMs = 0 } = {}) {
      const { name, attempts, backoffMs } = job;
      await queue.add(
        name,
        { input, traceparent: traceparent() },
        { jobId: job.id(input), delay: delayMs, attempts, backoff: { type: 'exponential', delay: backoffMs } },
      );
      online = true;
    },
    work(jobs, deps) {
      const byName = new Map(jobs.map((job) => [job.name, job]));
      const worker = new Worker<Entry>(
        service,
        (entry) => {
          const job = byName.get(entry.name) as Job | undefined;
          if (!job) throw new Error(`No job is called ${entry.name}`);
          return withTraceparent(entry.data.traceparent, `job ${job.name}`, async () => {
            const attempt = entry.attemptsMade + 1;
            try {
              await job.handle(job.input.parse(entry.data.input), deps, { attempt });
              outcomes.inc({ job: job.name, outcome: 'done' });
            } catch (error) {
              outcomes.inc({ job: job.name, outcome: 'failed' });
              log.warn({ err: error, job: job.name, job_id: entry.id, attempt }, 'A job failed');
              throw error;
            }
          });
        },
        {
          connection: { url, maxRetriesPerRequest: null },
          concurrency: 8,
          lockDuration: 5_000,
          stalledInterval: 2_500,
          maxStalledCount: 10,
        },
      );
      worker.on('error', quiet);
      worker.on('ready', () => {
        online = true;
      });
      scope.defer('worker', () => worker.close());
    },
    every(name, intervalMs, run) {
      let stopped = false;
      let timer: NodeJS.Timeout | undefined;
      let running: Promise<void> = Promise.resolve();
      const round = () => {
        running = run()
          .catch((error) => log.warn({ err: error, sweep: name }, 'A sweep failed; it runs again'))
          .then(() => {
            if (!stopped) timer = setTimeout(round, intervalMs);
          });
      };
      round();
      scope.defer(`sweep ${name}`, async () => {
        stopped = true;
        clearTimeout(timer);
        await running;
      });
    },
    connected: () => online,
  };
}
