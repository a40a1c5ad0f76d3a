import type { Dispatcher } from 'undici';

/** What is posted, and how long it may take from the call to the last byte of the answer. */
export type Post = { path: string; headers: Record<string, string> | string[]; body: string; timeoutMs: number };

/** What becomes of an exchange: `read` may throw; whatever `failed` returns is thrown when there is no answer. */
export type PostEnd<T> = { read(status: number, text: string): T; failed(error: Error): Error };

/**
 * Posts a text and reads the whole answer as text, by undici's dispatch. Half the CPU of `request` with `AbortSignal.timeout`,
 * which costs as much as the call itself (bench/README.md). An answer that comes in pieces is put together before it is decoded.
 *
 * It makes one promise and no more: each costs as much as a small JSON.parse where traces are followed through promises.
 *
 * @throws what `failed` makes of undici's error, or of one that says that it took too long; a call that still waits for a connection
 * then is never sent
 */
export function postText<T>(
  dispatcher: Dispatcher,
  { path, headers, body, timeoutMs }: Post,
  { read, failed }: PostEnd<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let status = 0;
    let controller: Dispatcher.DispatchController | undefined;
    let tooLate: Error | undefined;
    if (timeoutMs <= 0) {
      reject(failed(new Error('there is no time left for it')));
      return;
    }
    const timer = setTimeout(() => {
      tooLate = new Error(`no answer within ${timeoutMs} ms`);
      controller?.abort(tooLate);
      reject(failed(tooLate));
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
          try {
            // A byte order mark is no part of a text.
            resolve(read(status, text.charCodeAt(0) === 0xfeff ? text.slice(1) : text));
          } catch (error) {
            reject(error);
          }
        },
        onResponseError(_controller, error) {
          clearTimeout(timer);
          reject(failed(error));
        },
      },
    );
  });
}
