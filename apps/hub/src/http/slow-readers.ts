import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { sendProgress } from './node/unsent-bytes.ts';

/**
 * Disconnects clients that request and do not read. Node has no limit for them: the response stays in memory and the work behind
 * a streamed one waits. Node's socket timeout does not help: every incoming byte restarts it, and it would also end connections
 * that wait for a response of ours.
 * @param answerMs how long a client may take nothing of a pending response
 * @param checkMs between two checks
 */
export function disconnectSlowReaders(
  server: Server,
  { answerMs, checkMs }: { answerMs: number; checkMs: number },
): void {
  const open = new Map<Socket, { progress: number; sinceMs: number }>();
  server.on('connection', (socket: Socket) => {
    open.set(socket, { progress: 0, sinceMs: performance.now() });
    socket.on('close', () => open.delete(socket));
  });
  const check = () => {
    const now = performance.now();
    for (const [socket, seen] of open) {
      const progress = sendProgress(socket);
      if (socket.writableLength === 0 || progress !== seen.progress) open.set(socket, { progress, sinceMs: now });
      else if (now - seen.sinceMs > answerMs) socket.destroy();
    }
  };
  const timer = setInterval(check, checkMs);
  timer.unref();
  server.on('close', () => clearInterval(timer));
}
