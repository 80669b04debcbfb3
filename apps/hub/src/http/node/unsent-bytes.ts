import type { Socket } from 'node:net';

/** The part of libuv's stream handle that counts bytes handed to the kernel but not sent. Private to Node. */
interface Internals {
  _handle?: { writeQueueSize?: number } | null;
}

/**
 * Changes with every byte the socket sends, also in the middle of a large write, of which only the private handle knows. The
 * value itself means nothing. Without the private field it changes once per completed write.
 */
export function sendProgress(socket: Socket): number {
  const queued = (socket as unknown as Internals)._handle?.writeQueueSize ?? 0;
  return queued - (socket.bytesWritten - socket.writableLength);
}
