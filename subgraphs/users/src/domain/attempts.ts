/** So many wrong attempts are free: people mistype. */
const FREE = 3;

/** How long to wait after the nth wrong attempt in a row before the next is looked at, in seconds: 0, 0, 0, 1, 2, 4, 8 … */
export function pauseSeconds(wrong: number): number {
  return wrong <= FREE ? 0 : 2 ** (wrong - FREE - 1);
}
