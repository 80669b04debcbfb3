import { createServer, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { sendProgress } from './unsent-bytes.ts';

describe('the progress of a socket', () => {
  const open: { destroy(): unknown }[] = [];
  afterEach(() => open.splice(0).forEach((each) => each.destroy()));

  it('stands still while the peer reads nothing, and moves in the middle of one large write', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
    const reader = connect((server.address() as { port: number }).port, '127.0.0.1');
    reader.pause();
    const writer = await accepted;
    open.push(writer, reader, { destroy: () => server.close() });
    // More than the buffers of both ends hold; one write, so that the public counters do not move before its end.
    writer.write(Buffer.alloc(64 * 1024 * 1024));
    let before = sendProgress(writer);
    for (let still = 0; still < 10;) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const now = sendProgress(writer);
      still = now === before ? still + 1 : 0;
      before = now;
    }
    expect(writer.writableLength).toBe(64 * 1024 * 1024);
    // Reads until the writer notices, and no further.
    let read = 0;
    await new Promise<void>((resolve) => {
      reader.on('data', (chunk: Buffer) => {
        read += chunk.length;
        if (sendProgress(writer) === before) return;
        reader.pause();
        resolve();
      });
      reader.resume();
    });
    expect(read).toBeLessThan(64 * 1024 * 1024);
    expect(writer.writableLength).toBe(64 * 1024 * 1024);
  });
});
