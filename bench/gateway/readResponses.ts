/**
 * Reads the HTTP/1.1 responses of one connection: bodies with a length, and chunked ones. For a bench, where all that is said
 * is known to be well-formed: it looks for nothing else.
 *
 * @returns what is to be called with each chunk that the socket brings
 */
export function readResponses(take: (status: number, body: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer | null = null;
  return (chunk) => {
    let data: Buffer = rest ? Buffer.concat([rest, chunk]) : chunk;
    for (let end = readOne(data, take); end > 0; end = readOne(data, take)) data = data.subarray(end);
    rest = data.length > 0 ? data : null;
  };
}

/** Where the first response ends; 0 when it isn't there as a whole. */
function readOne(data: Buffer, take: (status: number, body: Buffer) => void): number {
  const head = data.indexOf('\r\n\r\n');
  if (head < 0) return 0;
  const start = head + 4;
  const headers = data.toString('latin1', 0, start);
  const status = Number(headers.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)/i.exec(headers)?.[1];
  if (length !== undefined) {
    const end = start + Number(length);
    if (end > data.length) return 0;
    take(status, data.subarray(start, end));
    return end;
  }
  const pieces: Buffer[] = [];
  for (let at = start; ; ) {
    const line = data.indexOf('\r\n', at);
    if (line < 0) return 0;
    const size = Number.parseInt(data.toString('latin1', at, line), 16);
    const end = line + 2 + size + 2;
    if (end > data.length) return 0;
    if (size === 0) {
      take(status, Buffer.concat(pieces));
      return end;
    }
    pieces.push(data.subarray(line + 2, end - 2));
    at = end;
  }
}

/** The bytes of a POST with a JSON body. */
export function requestOf(url: URL, body: string, headers: Readonly<Record<string, string>> = {}): Buffer {
  const lines = Object.entries({
    host: url.host,
    'content-type': 'application/json',
    accept: 'application/json',
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
  }).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST ${url.pathname} HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}
