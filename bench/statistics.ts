/** How long something took, over many times: milliseconds. */
export type Latency = { count: number; p50: number; p99: number; max: number };

/** The value below which a share of the values lies (nearest rank); NaN without any. */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] as number;
}

/** Sums up latencies in milliseconds. */
export const latencyOf = (values: readonly number[]): Latency => ({
  count: values.length,
  p50: round(percentile(values, 0.5)),
  p99: round(percentile(values, 0.99)),
  max: round(values.reduce((most, value) => Math.max(most, value), 0)),
});

/** A figure that was measured several times: the median of the rounds, the lowest and the highest. */
export type Spread = { median: number; low: number; high: number };

/** Sums up rounds. */
export const spreadOf = (values: readonly number[]): Spread => ({
  median: round(percentile(values, 0.5)),
  low: round(Math.min(...values)),
  high: round(Math.max(...values)),
});

/** Three significant digits are more than the machine gives. */
export function round(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(3)) : value;
}

/** `0.75 (0.61–0.93)`. */
export const showSpread = ({ median, low, high }: Spread): string => `${median} (${low}–${high})`;
