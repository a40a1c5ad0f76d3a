/** A sessionStorage or localStorage for tests, where there is no browser: its items are its own properties, as there. */
export function testStorage(items: Record<string, string> = {}): Storage {
  const methods = {
    getItem: (key: string) => items[key] ?? null,
    setItem(key: string, value: string) {
      items[key] = value;
    },
    removeItem(key: string) {
      delete items[key];
    },
  };
  return Object.setPrototypeOf(items, methods) as Storage;
}
