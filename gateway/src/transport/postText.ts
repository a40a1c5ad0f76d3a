import type { Dispatcher } from 'undici';

/** What is posted, and how long it may take from the call to the last byte of the answer. */
export type Post = { path: string; headers: Record<string, string> | string[]; body: string; timeoutMs: number };

/**
 * Posts a text and reads the whole answer as text, by undici's dispatch. Half the CPU of `request` with `AbortSignal.timeout`,
 * which costs as much as the call itself (bench/README.md). An answer that comes in pieces is put together before it is decoded.
 *
 * @throws whatever undici says, or an Error when it takes too long; a call that still waits for a connection then is never sent
 */
export function postText(
  dispatcher: Dispatcher,
  { path, headers, body, timeoutMs }: Post,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    let controller: Dispatcher.DispatchController | undefined;
    let tooLate: Error | undefined;
    if (timeoutMs <= 0) {
      reject(new Error('there is no time left for it'));
      return;
    }
    const timer = setTimeout(() => {
      tooLate = new Error(`no answer within ${timeoutMs} ms`);
      controller?.abort(tooLate);
      reject(tooLate);
    }, timeoutMs);

    dispatcher.dispatch(
      { path, method: 'POST', headers, body },
      {
        onRequestStart(started) {
          controller = started;
          if (tooLate) started.abort(tooLate);
        },
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          clearTimeout(timer);
          const [first] = chunks;
          const text = (chunks.length === 1 && first ? first : Buffer.concat(chunks)).toString();
          // A byte order mark is no part of a text.
          resolve({ status, text: text.charCodeAt(0) === 0xfeff ? text.slice(1) : text });
        },
        onResponseError(_controller, error) {
          clearTimeout(timer);
          reject(error);
        },
      },
    );
  });
}
