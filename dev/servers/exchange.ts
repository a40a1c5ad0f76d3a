import { connect } from 'node:net';

/** Connects, sends `text`, and returns what comes back until `done` is satisfied or 1 s is over. */
export function exchange(port: number, text: string, done: (received: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect({ port, host: '127.0.0.1' });
    const finish = (error?: Error) => {
      socket.destroy();
      if (error) reject(error);
      else resolve(received);
    };
    socket.setTimeout(1000, () => finish(new Error('no answer')));
    socket.on('error', finish);
    socket.on('close', () => finish());
    socket.on('connect', () => socket.write(text));
    socket.on('data', (chunk) => {
      received += chunk;
      if (done(received)) finish();
    });
  });
}
