import type { Duplex } from 'node:stream';
import type pg from 'pg';

/**
 * Cuts a connection at once, whatever it waits for. The polite way sends a farewell and waits for the other side, which is
 * of no use with a server that does not answer.
 */
export function sever(client: pg.ClientBase): void {
  (client as unknown as { connection: { stream: Duplex } }).connection.stream.destroy();
}
