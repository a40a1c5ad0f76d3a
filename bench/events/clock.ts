/** The machine's monotonic clock in milliseconds: the same for all its processes, as performance.now() is not. */
export const clock = (): number => Number(process.hrtime.bigint()) / 1e6;
