/** A GraphQL call failed; `codes` are the errors' codes. */
export class GraphQLFailure extends Error {
  override name = 'GraphQLFailure';
  readonly codes: string[];

  constructor(errors: { message: string; extensions?: { code?: string } }[]) {
    super(errors.map(({ message, extensions }) => `${extensions?.code ?? 'no code'}: ${message}`).join('; '));
    this.codes = errors.map(({ extensions }) => extensions?.code ?? '');
  }
}

type Answer = {
  data?: Record<string, unknown> | null;
  errors?: { message: string; extensions?: { code?: string; retryAfter?: number } }[];
};

/** Worth asking again: a service that is starting, or one that asks for patience. */
const passing = new Set(['SERVICE_UNAVAILABLE', 'TOO_BUSY']);

/** Sends one operation to a GraphQL endpoint, again while the answer is a passing failure. Rejects with GraphQLFailure. */
export async function callGraphQL<D>(
  url: string,
  query: string,
  variables: Record<string, unknown>,
  token?: string,
): Promise<D> {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await response.json()) as Answer;
    if (!errors?.length) return data as D;
    const failure = new GraphQLFailure(errors);
    if (attempt === 8 || !failure.codes.every((code) => passing.has(code))) throw failure;
    const seconds = errors[0]?.extensions?.retryAfter ?? attempt * 0.25;
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }
}
