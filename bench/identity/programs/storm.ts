/** Clients that log in again and again, each with an account of its own. */
export type StormRequest = { url: string; accounts: { email: string; password: string }[]; seconds: number };

/** What became of the attempts; `refused` with TOO_BUSY, `other` with the codes. */
export type StormAnswer = { ok: number; refused: number; other: number; mostRetryAfter: number; codes: string[] };

process.on('message', async (request: StormRequest) => process.send?.(await run(request)));
process.once('disconnect', () => process.exit(0));
process.send?.('ready');

const query = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }';

async function run({ url, accounts, seconds }: StormRequest): Promise<StormAnswer> {
  const end = performance.now() + seconds * 1000;
  const answer: StormAnswer = { ok: 0, refused: 0, other: 0, mostRetryAfter: 0, codes: [] };
  await Promise.all(
    accounts.map(async (input) => {
      while (performance.now() < end) {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query, variables: { input } }),
        });
        type Body = { errors?: { extensions: { code: string; retryAfter?: number } }[] };
        const { errors } = (await response.json()) as Body;
        const { code, retryAfter = 0 } = errors?.[0]?.extensions ?? {};
        if (code === undefined) answer.ok += 1;
        else if (code === 'TOO_BUSY') answer.refused += 1;
        else {
          answer.other += 1;
          if (!answer.codes.includes(code)) answer.codes.push(code);
        }
        answer.mostRetryAfter = Math.max(answer.mostRetryAfter, retryAfter);
        // As clients are told to: whoever is refused comes again after so long.
        const rest = Math.min(retryAfter * 1000, end - performance.now());
        if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest));
      }
    }),
  );
  return answer;
}
