import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Receiver } from '#libs/testing';
import { EventsOptions } from '../events-options.ts';
import { HttpSender } from './http-sender.ts';
import { TargetPolicy, type Resolve } from './target-policy.ts';

/** What reaches this machine or a private network in one spelling or another. `PORT` is that of a server that counts. */
const HOSTILE = [
  ...[
    '127.0.0.1',
    '127.1',
    '127.0.1',
    '0',
    '0.0.0.0',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
  ],
  ...['127.255.255.254', '0x7f.0x0.0x0.0x1', '127.0.0.1.', 'localhost', 'LOCALHOST', 'localhost.', '①②⑦.⓪.⓪.①'],
  ...[
    '[::1]',
    '[::]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::ffff:0:127.0.0.1]',
    '[::127.0.0.1]',
  ],
  ...[
    '[64:ff9b::7f00:1]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '[2001:0:7f00:1::]',
    '[fe80::1]',
    '[fc00::1]',
    '[fd12::1]',
  ],
  ...['[ff02::1]', '[2001:db8::1]', '[3fff::1]', '[5f00::1]', '[100::1]', '[fec0::1]'],
  ...[
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '100.127.255.255',
    '169.254.169.254',
    '169.254.0.1',
    '172.16.0.1',
    '172.31.255.255',
  ],
  ...[
    '192.0.0.8',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.0.1',
    '192.168.255.255',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
  ],
  ...[
    '203.0.113.1',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '0.0.0.1',
    '0xa9fea9fe',
    '2852039166',
  ],
].flatMap((host) => [`https://${host}:PORT/`, `http://${host}:PORT/`]);
const UNFIT = [
  'ftp://example.com/',
  'file:///etc/passwd',
  'https://user:secret@example.com/',
  'https://example.com/#x',
  'https://',
  'x',
  `https://example.com/${'a'.repeat(2100)}`,
];

describe('TargetPolicy', () => {
  let receiver: Receiver;
  beforeEach(async () => {
    receiver = await Receiver.start();
  });
  afterEach(() => receiver.stop());

  const send = (sender: HttpSender, url: string) =>
    sender.post({ url, headers: {}, body: 'x', timeoutMs: 3000, keepBytes: 10 });
  const withNetworks = (networks: string[], resolve?: Resolve) => {
    const options = Object.assign(new EventsOptions(), { networks });
    const policy = new TargetPolicy(options, resolve);
    return { policy, sender: new HttpSender(policy, options) };
  };

  it('lets nothing connect to a private or special address, in any spelling', async () => {
    const { policy, sender } = withNetworks([]);
    expect(HOSTILE.length).toBeGreaterThanOrEqual(60);
    for (const hostile of [...HOSTILE, ...UNFIT]) {
      const url = hostile.replace('PORT', String(receiver.port));
      await expect(policy.assertAllowed(url)).rejects.toMatchObject({ code: 'invalid_request' });
      expect([url, (await send(sender, url)).error]).toEqual([url, 'refused_address']);
    }
    expect(receiver.connections).toBe(0);
    await sender.onApplicationShutdown();
  });

  it('names the variable that opens a network', async () => {
    const { policy } = withNetworks([]);
    await expect(policy.assertAllowed('https://10.1.2.3/')).rejects.toThrow('WEBHOOK_NETWORKS');
  });

  it('judges every address of a name, and those that it connects to', async () => {
    let answers: string[][] = [];
    const resolve: Resolve = (_name, _options, callback) =>
      callback(
        null,
        (answers.shift() ?? ['127.0.0.1']).map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    const { policy, sender } = withNetworks([], resolve);
    const url = `https://rebinding.example:${receiver.port}/`;
    // Public when it is set up, loopback when it is sent to.
    answers = [['93.184.216.34'], ['127.0.0.1']];
    await policy.assertAllowed(url);
    expect(await send(sender, url)).toMatchObject({ error: 'refused_address', status: null });
    // One of several is enough to refuse all.
    for (const mixed of [['93.184.216.34', '127.0.0.1'], ['::1', '93.184.216.34'], ['::ffff:10.0.0.1']]) {
      answers = [mixed];
      await expect(policy.assertAllowed(url)).rejects.toMatchObject({ code: 'invalid_request' });
      answers = [mixed];
      expect((await send(sender, url)).error).toBe('refused_address');
    }
    answers = [[]];
    await expect(policy.assertAllowed(url)).rejects.toThrow('has no address');
    expect(receiver.connections).toBe(0);
    await sender.onApplicationShutdown();
  });

  it('opens the networks that it is told to, and only these', async () => {
    const { policy, sender } = withNetworks(['127.0.0.0/8', 'fd00::/8']);
    await policy.assertAllowed(receiver.url);
    expect(await send(sender, receiver.url)).toMatchObject({ status: 200, address: '127.0.0.1', error: null });
    await policy.assertAllowed('http://[fd12::1]/');
    await expect(policy.assertAllowed('https://10.0.0.1/')).rejects.toThrow('WEBHOOK_NETWORKS');
    await expect(policy.assertAllowed('http://93.184.216.34/')).rejects.toThrow('must begin with https://');
    await policy.assertAllowed('https://93.184.216.34/');
    await sender.onApplicationShutdown();
  });

  it('follows no redirect, keeps the beginning of an answer, and ends what takes too long', async () => {
    const { sender } = withNetworks(['127.0.0.0/8']);
    receiver.answer = () => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' } });
    expect(await send(sender, receiver.url)).toMatchObject({ status: 302 });
    receiver.answer = () => ({ status: 200, body: 'y'.repeat(200_000) });
    expect(await send(sender, receiver.url)).toMatchObject({
      status: 200,
      body: Buffer.from('y'.repeat(10)),
      isCut: true,
    });
    receiver.answer = () => 'hang';
    const hung = await sender.post({ url: receiver.url, headers: {}, body: 'x', timeoutMs: 100, keepBytes: 10 });
    expect(hung).toMatchObject({ status: null, error: 'timeout' });
    await sender.onApplicationShutdown();
  });
});
