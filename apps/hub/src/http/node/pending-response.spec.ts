import { createServer, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it } from '@jest/globals';
import { owesResponse } from './pending-response.ts';

describe('a connection', () => {
  const closing: (() => void)[] = [];
  afterEach(() => closing.splice(0).forEach((close) => close()));

  /** Sends `first` and waits for the server to parse `broken` as a second, invalid request. */
  async function owedAtError(first: string, broken: string, answer: (response: ServerResponse) => void) {
    const server = createServer((_, response) => answer(response));
    const owed = new Promise<boolean>((resolve) => {
      server.on('clientError', (_: Error, socket: Duplex) => {
        resolve(owesResponse(socket));
        socket.destroy();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = connect((server.address() as { port: number }).port, '127.0.0.1');
    closing.push(
      () => void client.destroy(),
      () => void server.close(),
    );
    client.on('error', () => undefined);
    client.write(first);
    if (first === '') client.write(broken);
    else setTimeout(() => client.write(broken), 100);
    return owed;
  }

  it('owes a response to a request that has arrived and is not answered', async () => {
    expect(await owedAtError('GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'nonsense\r\n\r\n', () => undefined)).toBe(true);
  });

  it('owes none before a request, and none after an answered one', async () => {
    expect(await owedAtError('', 'nonsense\r\n\r\n', () => undefined)).toBe(false);
    const answered = await owedAtError('GET / HTTP/1.1\r\nHost: a\r\n\r\n', 'nonsense\r\n\r\n', (response) =>
      response.end('done'),
    );
    expect(answered).toBe(false);
  });
});
