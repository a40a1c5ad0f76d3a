import { styleText } from 'node:util';

/** A style that a terminal knows. */
export type Style = Parameters<typeof styleText>[0];

/** Styles text, or leaves it as it is. styleText by itself would also look at what stdout is; here the caller has decided. */
export function painter(colour: boolean): (style: Style, text: string) => string {
  const options = { validateStream: false } as object;
  return (style, text) => (colour ? (styleText as (...all: unknown[]) => string)(style, text, options) : text);
}
