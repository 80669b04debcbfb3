import { connect } from 'node:net';

/** What came back on a connection, and how it ended. */
export interface RawAnswer {
  text: string;
  /** Status codes in the order of the answers. */
  statuses: number[];
}

/**
 * Sends bytes that no HTTP client would and reads until the other side closes. `pieces` go out one after the other, each
 * with its own write.
 * @param pauseMs between two pieces
 * @param after `hold`: only the other side ends the connection; `end`: ours is ended behind the last piece; `reset`: broken
 */
export function sendRaw(
  url: string,
  pieces: readonly (string | Buffer)[],
  after: 'hold' | 'end' | 'reset' = 'end',
  pauseMs = 0,
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true });
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // Refused in the middle of what we send: the hub has said what it had to say.
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') reject(error);
    });
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('latin1');
      resolve({ text, statuses: [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => Number(match[1])) });
    });
    socket.on('connect', () => void sendAll());
    async function sendAll(): Promise<void> {
      for (const piece of pieces) {
        if (socket.destroyed || socket.readableEnded) break;
        await new Promise<void>((sent) => socket.write(piece, () => sent()));
        if (pauseMs > 0) await new Promise((resume) => setTimeout(resume, pauseMs));
      }
      if (after === 'end') socket.end();
      if (after === 'reset') socket.resetAndDestroy();
    }
  });
}
