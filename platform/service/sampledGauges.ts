import type { Logger } from 'pino';
import { Gauge, type Registry } from 'prom-client';

/** A value of a gauge, with its labels. */
export type Sample<Name extends string = string> = { name: Name; labels?: Record<string, string>; value: number };

/** A reading is good for so long, however often it is scraped, in milliseconds. */
const goodForMs = 2_000;

/**
 * Gauges that are read together when they are scraped: not more often than every 2 s, and for at most `timeoutMs`. When what
 * they are read from is away they have no value (an old one would look like a good one), and the scrape succeeds.
 */
export function sampledGauges<Name extends string>(options: {
  registry: Registry;
  log: Pick<Logger, 'debug'>;
  /** Name to help, and the labels of its values. */
  gauges: Record<Name, { help: string; labels?: readonly string[] }>;
  read: () => Promise<Sample<Name>[]>;
  timeoutMs?: number;
}): void {
  const { registry, log, gauges, read, timeoutMs = 1_000 } = options;
  let reading: Promise<Sample<Name>[]> | null = null;
  let readAt = Number.NEGATIVE_INFINITY;
  const sample = (): Promise<Sample<Name>[]> => {
    if (reading && performance.now() - readAt < goodForMs) return reading;
    readAt = performance.now();
    reading = withTimeout(read, timeoutMs).catch((error) => {
      log.debug({ err: error, gauges: Object.keys(gauges) }, 'Gauges could not be read');
      return [];
    });
    return reading;
  };
  for (const [name, { help, labels = [] }] of Object.entries(gauges) as [Name, { help: string; labels?: string[] }][]) {
    new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      async collect() {
        const samples = await sample();
        // Without labels there is no way to have no value: NaN is what Prometheus takes for it.
        this.reset();
        if (labels.length === 0) this.set(Number.NaN);
        for (const one of samples) if (one.name === name) this.set(one.labels ?? {}, one.value);
      },
    });
  }
}

function withTimeout<Result>(read: () => Promise<Result>, timeoutMs: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No answer within ${timeoutMs} ms`)), timeoutMs);
    read()
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
