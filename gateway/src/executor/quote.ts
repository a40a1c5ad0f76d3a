/** What JSON has to escape in a string, and halves of surrogate pairs, which JSON.stringify escapes too. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const ESCAPED = /["\\\u0000-\u001f\ud800-\udfff]/;

/** A string as JSON. Most strings of a response need no escape, which is cheaper to find out than to call JSON.stringify. */
export function quote(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text) : `"${text}"`;
}

/** The same without the quotes. */
export function bare(text: string): string {
  return ESCAPED.test(text) ? JSON.stringify(text).slice(1, -1) : text;
}

/** Names that every object inherits: only what is an object's own counts among the keys of an answer. */
const INHERITED = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Code that reads a key of an object of JSON: undefined where it isn't its own. */
export function readKey(object: string, key: string): string {
  const name = JSON.stringify(key);
  return INHERITED.has(key)
    ? `(Object.hasOwn(${object}, ${name}) ? ${object}[${name}] : undefined)`
    : `${object}[${name}]`;
}

/**
 * The same text in one piece. V8 keeps a text that was put together as a tree of its parts, and whoever counts or copies its bytes walks
 * through the tree, each time; reading a character makes it one piece for good. No JSON begins with a NUL: what is returned depends
 * on the character so that the compiler doesn't leave the reading out.
 */
export function inOnePiece(text: string): string {
  return text.charCodeAt(0) === 0 ? '' : text;
}
