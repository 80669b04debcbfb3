import type { Socket } from 'node:net';
import type pg from 'pg';

// What node-postgres has no public way for. Everything that touches its private fields stands here; the spec beside it fails when
// a new version moves them.

/** The socket of a connection; undefined before it connects. */
function socketOf(client: pg.ClientBase): Socket | undefined {
  return (client as unknown as { connection?: { stream?: Socket } }).connection?.stream;
}

/** Bytes that the server has sent on this connection so far. */
export function bytesRead(client: pg.ClientBase): number {
  return socketOf(client)?.bytesRead ?? 0;
}

/** Sends everything of this turn of the event loop in one write; node-postgres alone makes one for each statement. */
export function writeTogether(client: pg.ClientBase): void {
  const stream = socketOf(client);
  if (stream === undefined || stream.writableCorked > 0) return;
  stream.cork();
  process.nextTick(() => stream.uncork());
}

/**
 * Cuts a connection at once, whatever it waits for. `client.end()` says goodbye and waits for the other side, which a server
 * that hangs never answers.
 */
export function sever(client: pg.ClientBase): void {
  socketOf(client)?.destroy();
}
