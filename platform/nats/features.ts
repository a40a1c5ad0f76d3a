/** What a nats-server can do beyond 2.9, the oldest that the backbone runs on (Debian 12 has 2.9.10). */
export type NatsFeatures = {
  /** A consumer says who owns it and of which kind it is. From 2.10. */
  consumerMetadata: boolean;
  /** A consumer takes several subjects, so that it is not sent what it would ignore. From 2.10. */
  filterSubjects: boolean;
  /** Giving up a message carries a reason. Before 2.10.4 such a message is ignored, and the event comes again for ever. */
  termReason: boolean;
};

/** The features of a server by its version (`2.10.4`, `2.12.0-RC.1`); an unknown one has none. */
export function featuresOf(version: string | undefined): NatsFeatures {
  const since = (...wanted: number[]) => atLeast(version, wanted);
  return { consumerMetadata: since(2, 10), filterSubjects: since(2, 10), termReason: since(2, 10, 4) };
}

function atLeast(version: string | undefined, wanted: number[]): boolean {
  const numbers = /^v?(\d+)\.(\d+)\.(\d+)/
    .exec(version ?? '')
    ?.slice(1)
    .map(Number);
  if (!numbers) return false;
  for (const [index, number] of numbers.entries()) {
    const least = wanted[index] ?? 0;
    if (number !== least) return number > least;
  }
  return true;
}
