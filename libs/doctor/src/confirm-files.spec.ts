import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { createServer as createPlainServer } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EventsOptions, HttpSender, TargetPolicy } from '#libs/events';
import { testCertificate } from '#libs/testing';
import { confirmFileUrl, probeConfirmFiles } from './confirm-files.ts';

/** A DNS server for names below .example.com that leaves those with `silent` in them without an answer; it knows none. */
async function dnsServer() {
  const questions: string[] = [];
  const socket = createSocket('udp4').on('message', (question, { port, address }) => {
    const name = question.subarray(12).toString('latin1');
    questions.push(name);
    if (name.includes('silent')) return;
    const answer = Buffer.from(question);
    answer.writeUInt16BE(0x8183, 2); // an answer: no such name
    socket.send(answer, port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const resolverOf = (timeout: number) => {
    const resolver = new Resolver({ timeout, tries: 1 });
    resolver.setServers([`127.0.0.1:${socket.address().port}`]);
    return resolver;
  };
  return {
    resolver: resolverOf(60_000),
    impatient: resolverOf(250),
    questions,
    close: () => new Promise<void>((resolve) => void socket.close(() => resolve())),
  };
}

const FILE = { name: 'a1B2c3D4e5.txt', content: '0123456789abcdef' };
const good = testCertificate(['good.example.com', 'empty.example.com', 'moved.example.com', 'slow.example.com']);
const expired = testCertificate(['expired.example.com'], { notAfter: new Date(Date.now() - 3_600_000) });
const ofAnother = testCertificate(['another.example.com']);
const unknown = testCertificate(['unknown.example.com']);

/** Serves by the name that is asked for; the answer and the certificate differ by it. */
describe('the file of WeChat at business domains', () => {
  const servers: Server[] = [];
  const asked: string[] = [];
  let sender: HttpSender;
  let dns: Awaited<ReturnType<typeof dnsServer>>;
  const resolved: string[] = [];

  const answer: RequestListener = (request, response) => {
    const host = (request.headers.host ?? '').split(':')[0];
    asked.push(`${request.method} ${host}${request.url}`);
    if (host === 'slow.example.com') return;
    if (host === 'moved.example.com') return response.writeHead(302, { location: 'https://good.example.com/' }).end();
    if (request.url !== `/${FILE.name}`) return response.writeHead(404).end();
    if (host === 'empty.example.com') return response.end('<html>welcome</html>');
    return response.end(`${FILE.content}\n`);
  };
  const serve = async (certificate: { cert: string; key: string }) => {
    const server = createServer(certificate, answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };

  beforeAll(async () => {
    dns = await dnsServer();
    const options = Object.assign(new EventsOptions(), {
      networks: ['127.0.0.0/8'],
      authorities: [good.cert, expired.cert, ofAnother.cert],
    });
    // Every name leads here; which addresses are refused is judged as ever.
    const policy = new TargetPolicy(options, (name, _, callback) => {
      resolved.push(name);
      return name === 'gone.example.com'
        ? callback(new Error('no such name'), [])
        : callback(null, [{ address: name === 'inside.example.com' ? '10.0.0.4' : '127.0.0.1', family: 4 }]);
    });
    sender = new HttpSender(policy, options);
  });
  afterAll(async () => {
    await sender.onApplicationShutdown();
    await dns.close();
    for (const server of servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it('is served, missing, another one, or behind a bad certificate, and that is said of each', async () => {
    const port = await serve(good);
    const portOf = {
      'good.example.com': port,
      'empty.example.com': port,
      'moved.example.com': port,
      'expired.example.com': await serve(expired),
      'wrong.example.com': await serve(ofAnother),
      'unknown.example.com': await serve(unknown),
    };
    const domains = Object.entries(portOf).map(([name, at]) => `${name}:${at}`);
    const probes = await probeConfirmFiles(
      sender,
      [...domains, 'gone.example.com', 'inside.example.com', 'bad domain', '127.0.0.1:1'],
      FILE,
      dns,
    );
    expect(probes.map(({ domain, outcome, detail }) => [domain.replace(/:\d+$/, ''), outcome, detail])).toEqual([
      ['good.example.com', 'served', 'served'],
      ['empty.example.com', 'wrong', 'another content (20 bytes)'],
      ['moved.example.com', 'missing', 'HTTP 302, a redirect'],
      ['expired.example.com', 'certificate', 'the certificate has expired'],
      ['wrong.example.com', 'certificate', 'the certificate is for another host'],
      ['unknown.example.com', 'certificate', 'the certificate is not accepted (DEPTH_ZERO_SELF_SIGNED_CERT)'],
      ['gone.example.com', 'unreachable', 'gone.example.com has no address'],
      ['inside.example.com', 'unreachable', expect.stringContaining('private or special network')],
      ['bad domain', 'unreachable', 'not a domain'],
      ['127.0.0.1', 'unreachable', 'ECONNREFUSED'],
    ]);
    // No redirect was followed, and each was asked once.
    expect(asked.sort()).toEqual(['empty', 'good', 'moved'].map((name) => `GET ${name}.example.com/${FILE.name}`));
  });

  it('is missing where the server has nothing at that name', async () => {
    const other = { ...FILE, name: 'other.txt' };
    const [probe] = await probeConfirmFiles(sender, [`good.example.com:${await serve(good)}`], other, dns);
    expect(probe).toMatchObject({ outcome: 'missing', detail: 'HTTP 404' });
  });

  it('is asked for in a bounded time, however many domains hang', async () => {
    const port = await serve(good);
    const many = Array.from({ length: 60 }, () => `slow.example.com:${port}`);
    const probes = await probeConfirmFiles(sender, many, FILE, { ...dns, allMs: 300 });
    expect(new Set(probes.map(({ outcome }) => outcome))).toEqual(new Set(['not_asked']));
    expect(asked.filter((line) => line.includes('slow')).length).toBeLessThanOrEqual(16);
  });

  it('is not looked for where DNS does not answer, so that other connections of the process need not wait for that', async () => {
    const names = Array.from({ length: 40 }, (_, no) => `silent${no}.example.com`);
    const probes = await probeConfirmFiles(sender, names, FILE, { resolver: dns.impatient });
    expect(new Set(probes.map(({ outcome, detail }) => `${outcome}: ${detail}`))).toEqual(
      new Set(['unreachable: DNS does not answer for this name']),
    );
    expect(resolved.filter((name) => name.startsWith('silent'))).toEqual([]);
    expect(dns.questions.filter((name) => name.includes('silent')).length).toBeGreaterThanOrEqual(names.length);
  });

  it('is too long when it does not end', async () => {
    const server = createPlainServer((_, response) => response.end(FILE.content + ' '.repeat(10_000)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const [probe] = await probeConfirmFiles(sender, [url], FILE, dns);
    expect(probe).toMatchObject({ domain: url, outcome: 'wrong', detail: 'another content (too long)' });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('has its place at the root, whatever it is called', () => {
    expect(confirmFileUrl('h5.example.com', FILE.name)).toBe(`https://h5.example.com/${FILE.name}`);
    expect(confirmFileUrl('https://h5.example.com/some/path?x', 'a b/../c.txt')).toBe(
      'https://h5.example.com/a%20b%2F..%2Fc.txt',
    );
    expect(confirmFileUrl('', FILE.name)).toBeNull();
  });
});
