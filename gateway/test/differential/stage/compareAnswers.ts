/** What differs between two responses, in a sentence each; nothing if they are the same. */
export function compareAnswers(expected: string, actual: string): string[] {
  const a = JSON.parse(expected) as Response;
  let b: Response;
  try {
    b = JSON.parse(actual) as Response;
  } catch {
    return ['the answer is not JSON'];
  }
  const differences: string[] = [];
  // JSON.parse takes the last of two equal keys without a word.
  if (JSON.stringify(b) !== actual) differences.push('the text is not what JSON.stringify writes: a key stands twice?');
  for (const key of ['data', 'errors', 'extensions'] as const) {
    if (key in a !== key in b) differences.push(`${key} is there in one of them only`);
  }
  // The order of keys in data is that of the selection: https://spec.graphql.org/September2025/#sec-Serialized-Map-Ordering
  if (JSON.stringify(a.data) !== JSON.stringify(b.data)) differences.push('data differs');
  if (JSON.stringify(sorted(a.errors)) !== JSON.stringify(sorted(b.errors))) differences.push('errors differ');
  if (JSON.stringify(canonical(a.extensions)) !== JSON.stringify(canonical(b.extensions))) {
    differences.push('extensions differ');
  }
  return differences;
}

type Response = { data?: unknown; errors?: unknown[]; extensions?: unknown };

/** Parallel fetches may fail in any order. */
function sorted(errors: unknown[] | undefined): string[] | undefined {
  return errors?.map((error) => JSON.stringify(canonical(error))).sort();
}

/** With keys in the order of the alphabet. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => [key, canonical(item)]);
}
