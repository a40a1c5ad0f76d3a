import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import { probe } from '../service/probe.ts';
import type { Scope } from '../service/scope.ts';
import { traceparent, withTraceparent } from '../telemetry/trace.ts';
import type { Job } from './defineJob.ts';

/**
 * BullMQ as a timer, never as a store: a row in Postgres says what is due, and a sweep re-adds what Redis has lost.
 * A job may run twice (a killed worker's job is taken over); what leaves the house claims its row first.
 */
export type Jobs = {
  /** Adds a job under its deterministic id; one that waits or runs already stays as it is. Throws while Redis is away or silent. */
  // biome-ignore lint/suspicious/noExplicitAny: whoever enqueues needs none of the job's dependencies
  enqueue<Input>(job: Job<Input, any>, input: Input, options?: { delayMs?: number }): Promise<void>;
  /** Works off the given jobs until the scope closes. */
  // biome-ignore lint/suspicious/noExplicitAny: jobs of different inputs have no narrower common type
  work<Deps>(jobs: readonly Job<any, Deps>[], deps: Deps): void;
  /** Runs something now and then, in this process: sweeps. The next round begins after the last has ended. */
  every(name: string, intervalMs: number, run: () => Promise<void>): void;
  connected(): boolean;
  /** Whether Redis answers now: a frozen one is connected, and does not. */
  answers(): Promise<boolean>;
};

/**
 * How long a command may take: one that was under way when Redis left, or fell silent, would wait for its return. The
 * connection is given up then, too, so that what is enqueued next is refused at once.
 */
const commandTimeoutMs = 2_000;

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
  const client = new Redis(url, { maxRetriesPerRequest: null, socketTimeout: commandTimeoutMs, retryStrategy });
  const connected = () => client.status === 'ready';
  const answersPing = probe(() => client.ping());
  let warned = false;
  client.on('error', (error) => {
    if (!warned) log.warn({ err: error }, 'Redis is away; jobs wait in Postgres');
    warned = true;
  });
  client.on('ready', () => {
    warned = false;
  });
  const queue = new Queue<Entry>(service, {
    connection: client,
    skipWaitingForReady: true,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
  });
  queue.on('error', () => {});
  scope.defer('queue', async () => {
    if (connected()) await queue.close();
    client.disconnect();
  });

  return {
    async enqueue(job, input, { delayMs = 0 } = {}) {
      // Not into ioredis's own queue: it would be lost with this process, and the caller would wait for it.
      if (!connected()) throw new Error('Connection is closed: Redis is away');
      const { name, attempts, backoffMs } = job;
      const added = queue.add(
        name,
        { input, traceparent: traceparent() },
        { jobId: job.id(input), delay: delayMs, attempts, backoff: { type: 'exponential', delay: backoffMs } },
      );
      await within(added, commandTimeoutMs);
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
          connection: { url, maxRetriesPerRequest: null, retryStrategy },
          concurrency: 8,
          lockDuration: 5_000,
          stalledInterval: 2_500,
          maxStalledCount: 10,
        },
      );
      worker.on('error', () => {});
      scope.defer('worker', () => worker.close(!connected()));
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
    connected,
    answers: async () => connected() && answersPing(),
  };
}

function retryStrategy(attempt: number): number {
  return Math.min(50 * attempt, 1_000);
}

async function within<Result>(work: Promise<Result>, ms: number): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('Connection is closed: Redis did not answer in time')), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
