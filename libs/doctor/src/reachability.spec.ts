import { createServer as createPlainServer, type AddressInfo, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, describe, expect, it } from '@jest/globals';
import { testCertificate } from '#libs/testing';
import { probeHost } from './reachability.ts';

describe('a host of the WeChat API', () => {
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });
  const listening = async (server: Server) => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('is reached, in a time that is told', async () => {
    const host = await listening(createPlainServer((socket) => socket.on('error', () => undefined).resume()));
    expect(await probeHost(new URL(`http://${host}/some/path`))).toEqual({
      host,
      outcome: 'reached',
      ms: expect.any(Number),
    });
  });

  it('is not reached without somebody who answers', async () => {
    const host = await listening(createPlainServer());
    await new Promise((resolve) => servers.pop()?.close(resolve));
    const probe = await probeHost(new URL(`http://${host}`));
    expect(probe).toMatchObject({ host, outcome: 'unreachable', message: expect.stringContaining('ECONNREFUSED') });
  });

  it('is not reached where somebody else answers for it', async () => {
    const server = createTlsServer(testCertificate(['api.weixin.qq.com']), (socket) => socket.resume());
    server.on('tlsClientError', () => undefined);
    const probe = await probeHost(new URL(`https://${await listening(server)}`));
    expect(probe).toMatchObject({ outcome: 'unreachable', message: expect.stringContaining('self-signed') });
  });
});
