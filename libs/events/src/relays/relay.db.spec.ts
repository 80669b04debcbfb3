import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { Metrics, WORKER_ROLE, type Database, type Sealer } from '#libs/kernel';
import { Gate, Receiver, cloneDatabase, eventually, testLog, testSealer, type TestDatabase } from '#libs/testing';
import { parseXml } from '#libs/wechat-wire';
import { testTicks } from '../../test/sequencer.ts';
import { EventsOptions } from '../events-options.ts';
import { HttpSender } from '../webhooks/http-sender.ts';
import { TargetPolicy } from '../webhooks/target-policy.ts';
import type { RelayedPush } from './relay-message.ts';
import { replyXmlOf } from './relay-reply.ts';
import { RelayRunner } from './relay-runner.ts';
import { Relays, type NewRelay } from './relays.ts';

const OPENID = 'oOPENID-of-a-customer';
const text = (msgId: string, content = 'hello') =>
  `<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[${OPENID}]]></FromUserName><CreateTime>1700000000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[${content}]]></Content><MsgId>${msgId}</MsgId></xml>`;
const push = (plaintext: string, more: Partial<RelayedPush> = {}): RelayedPush => ({
  platformId: 1,
  componentAppid: 'wxplatform',
  source: 'messages',
  authorizerAppid: 'wx-a',
  plaintext,
  rawQuery: 'timestamp=1&nonce=2&msg_signature=3',
  rawBody: '<xml><Encrypt>ciphertext</Encrypt></xml>',
  seal: (xml) => `sealed(${xml})`,
  ...more,
});

describe('relays', () => {
  let test: TestDatabase;
  let db: Database;
  let sealer: Sealer;
  let relays: Relays;
  let backend: Receiver;
  const stops: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    test = await cloneDatabase();
    db = await test.another();
    db.actAs(WORKER_ROLE);
    sealer = testSealer();
    backend = await Receiver.start();
    const { options, sender } = parts();
    relays = new Relays(db, sealer, new TargetPolicy(options), sender, options);
  });
  afterEach(async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
    await backend.stop();
    await test.drop();
  });

  function parts(more: Partial<EventsOptions> = {}) {
    const options = Object.assign(new EventsOptions(), { networks: ['127.0.0.0/8'] }, more);
    const sender = new HttpSender(new TargetPolicy(options), options);
    stops.push(() => sender.onApplicationShutdown());
    return { options, sender };
  }
  /** As another process would have it: nothing in memory is shared. */
  async function runner(more: Partial<EventsOptions> = {}) {
    const { options, sender } = parts(more);
    const own = await test.another();
    own.actAs(WORKER_ROLE);
    const made = new RelayRunner(own, sealer, sender, options, testLog().log, new Metrics(), testTicks());
    await made.onModuleInit();
    stops.unshift(() => made.onApplicationShutdown());
    return made;
  }
  const relay = async (name: string, more: Partial<NewRelay>) => {
    const input = {
      url: backend.url,
      source: 'messages' as const,
      match: {},
      mode: 'reply' as const,
      enabled: true,
      deadlineMs: 14_000,
      ...more,
    };
    return (await db.transaction((sql) => relays.put(sql, 1, name, input, 'spec'))).secret as string;
  };
  const dump = async () =>
    JSON.stringify(
      await Promise.all(
        ['relay', 'relay_call', 'relay_message'].map((table) => db.query(`SELECT t::text FROM events.${table} t`)),
      ),
    );

  it('ask the backend once for three deliveries of a message, in any process, and give the same answer to all', async () => {
    const secret = await relay('r', {});
    const gate = new Gate();
    backend.answer = async () => {
      await gate.pass();
      return { status: 200, body: JSON.stringify({ reply: { MsgType: 'text', Content: '好 ]]> <b>' } }) };
    };
    const [one, two] = await Promise.all([runner(), runner()]);
    const first = one.handle(push(text('1')));
    const second = one.handle(push(text('1')));
    await gate.waiting;
    const third = two.handle(push(text('1')));
    gate.release();
    const answers = await Promise.all([first, second, third]);
    expect(backend.received).toHaveLength(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const [{ headers, body } = { headers: {}, body: '' }] = backend.received;
    expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
      type: 'message.received',
      data: { authorizer_appid: 'wx-a', openid: OPENID, msg_type: 'text', msg_id: '1', xml: text('1') },
    });
    expect(Number((headers as Record<string, string>)['wxfleet-reply-by'])).toBeGreaterThan(Date.now());
    const reply = answers[0] as { kind: 'reply'; body: string };
    const fields = parseXml(/^sealed\((.*)\)$/s.exec(reply.body)?.[1] ?? '');
    expect(fields).toMatchObject({ ToUserName: OPENID, FromUserName: 'gh_1', MsgType: 'text', Content: '好 ]]> <b>' });
    // Another message is another call.
    backend.answer = () => 200;
    expect(await two.handle(push(text('2')))).toMatchObject({ kind: 'reply', body: '' });
    expect(backend.received).toHaveLength(2);
  });

  it('have WeChat ask again while the backend is at work, and give its answer to the attempt that joins', async () => {
    await relay('r', {});
    const gate = new Gate();
    backend.answer = async () => {
      await gate.pass();
      return {
        status: 200,
        body: '<xml><MsgType>text</MsgType><Content>late</Content><ToUserName>forged</ToUserName></xml>',
      };
    };
    const [one, two] = await Promise.all([runner({ relayHoldMs: 200 }), runner({ relayHoldMs: 4000 })]);
    expect(await one.handle(push(text('1')))).toEqual({ kind: 'again' });
    const joined = two.handle(push(text('1')));
    gate.release();
    const answer = (await joined) as { kind: 'reply'; body: string };
    expect(answer.body).toContain('late');
    expect(answer.body).not.toContain('forged');
    expect(backend.received).toHaveLength(1);
  });

  it('are given up at the deadline: success, and nobody is asked again', async () => {
    await relay('r', { deadlineMs: 500 });
    backend.answer = () => 'hang';
    const one = await runner();
    expect(await one.handle(push(text('1')))).toEqual({ kind: 'success' });
    expect(await one.handle(push(text('1')))).toEqual({ kind: 'success' });
    expect(backend.received).toHaveLength(1);
  });

  it('are asked by another process when the first one is gone', async () => {
    await relay('r', {});
    const one = await runner({ relayHoldMs: 100 });
    backend.answer = (_, no) =>
      no === 1 ? 'hang' : { status: 200, body: '{"reply":{"MsgType":"text","Content":"x"}}' };
    expect(await one.handle(push(text('1')))).toEqual({ kind: 'again' });
    // Its lease is renewed no more, and ends.
    await one.onApplicationShutdown();
    await test.db.run(`UPDATE events.relay_call SET lease_until = now() - interval '1 s'`);
    // A renewal that was on its way may have come after that: then the lease lasts 3 seconds.
    const two = await runner({ relayHoldMs: 12_000 });
    expect(await two.handle(push(text('1')))).toMatchObject({ kind: 'reply', body: expect.stringContaining('x') });
    expect(backend.received).toHaveLength(2);
  });

  it('know a message that is played again hours later, and pass it on no more', async () => {
    await relay('r', {});
    await relay('n', { mode: 'notify' });
    const one = await runner();
    await one.handle(push(text('1')));
    await eventually('both', () => backend.received.length === 2);
    await test.db.run(
      `UPDATE events.relay_call SET created_at = now() - interval '23 hours', answered_at = now() - interval '23 hours'`,
    );
    await one.prune();
    expect(await one.handle(push(text('1')))).toEqual({ kind: 'success' });
    await one.deliverAll();
    expect(backend.received).toHaveLength(2);
  });

  it('in mode notify answer at once, keep the message sealed until it is delivered, and nothing after it', async () => {
    const secret = await relay('n', { mode: 'notify', match: { msg_types: ['text'], authorizer_appids: ['wx-a'] } });
    backend.answer = () => 503;
    const one = await runner();
    expect(await one.handle(push(text('1', 'geheim')))).toEqual({ kind: 'success' });
    expect(await one.handle(push(text('1', 'geheim')))).toEqual({ kind: 'success' });
    await eventually('the first attempt', () => backend.received.length === 1);
    const kept = await dump();
    expect(kept).toContain('\\\\x');
    for (const plain of [OPENID, 'geheim', secret]) {
      expect(kept).not.toContain(plain);
      expect(kept).not.toContain(Buffer.from(plain).toString('hex'));
    }
    backend.answer = () => 200;
    // A process that was killed meanwhile has lost nothing: the row is there.
    const two = await runner();
    await test.db.run(`UPDATE events.relay_message SET next_attempt_at = now()`);
    await two.deliverAll();
    expect(backend.received).toHaveLength(2);
    expect(new Set(backend.received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    const last = backend.received[1];
    expect(new Webhook(secret).verify(last?.body ?? '', last?.headers as Record<string, string>)).toMatchObject({
      data: { openid: OPENID },
    });
    expect(await db.query('SELECT 1 FROM events.relay_message')).toEqual([]);
    expect(await one.handle(push(text('9'), { authorizerAppid: 'wx-b' }))).toEqual({ kind: 'pass' });
  });

  it('keep no message for longer than 72 hours', async () => {
    await relay('n', { mode: 'notify' });
    backend.answer = () => 500;
    const one = await runner();
    await one.handle(push(text('1')));
    await eventually('the attempt', () => backend.received.length === 1);
    await one.onApplicationShutdown();
    await test.db.run(`UPDATE events.relay_message SET created_at = now() - interval '73 hours'`);
    await (await runner()).prune();
    expect(await db.query('SELECT 1 FROM events.relay_message')).toEqual([]);
  });

  it('in mode raw pass query and body on byte for byte, and the answer back byte for byte', async () => {
    await relay('old', { mode: 'raw', url: `${backend.url}?own=1` });
    const bytes = '<xml><Encrypt>é</Encrypt></xml>';
    backend.answer = () => ({ status: 200, body: bytes, headers: { 'content-type': 'text/xml; charset=gbk' } });
    const answer = await (await runner()).handle(push(text('1')));
    expect(answer).toEqual({ kind: 'reply', body: Buffer.from(bytes), contentType: 'text/xml; charset=gbk' });
    expect(backend.received).toMatchObject([
      { path: '/hook?own=1&timestamp=1&nonce=2&msg_signature=3', body: '<xml><Encrypt>ciphertext</Encrypt></xml>' },
    ]);
  });

  it('that hang keep no other relay waiting, and no more calls than their places', async () => {
    const hanging = await Receiver.start();
    stops.push(() => hanging.stop());
    hanging.answer = () => 'hang';
    await relay('a', { url: hanging.url, match: { authorizer_appids: ['wx-slow'] } });
    await relay('b', { match: { authorizer_appids: ['wx-a'] } });
    backend.answer = () => ({ status: 200, body: '{"reply":{"MsgType":"text","Content":"x"}}' });
    const one = await runner({ relayHoldMs: 3000, relayConcurrency: 3 });
    const slow = Promise.all(
      Array.from({ length: 6 }, (_, n) => one.handle(push(text(`s${n}`), { authorizerAppid: 'wx-slow' }))),
    );
    expect(await one.handle(push(text('1')))).toMatchObject({ kind: 'reply' });
    const outcomes = (await slow).map(({ kind }) => kind).sort();
    expect(outcomes).toEqual(['again', 'again', 'again', 'success', 'success', 'success']);
    expect(hanging.received).toHaveLength(3);
  });

  it('make of any answer of a backend a valid reply, an empty one, or none', () => {
    const to = { toUserName: 'gh_1', fromUserName: OPENID };
    const replies = fc.oneof(
      fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((json) => Buffer.from(json)),
      fc
        .record({ reply: fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 3 })) })
        .map((value) => Buffer.from(JSON.stringify(value))),
      fc
        .record({ MsgType: fc.string(), Content: fc.string({ unit: 'binary' }) })
        .map((reply) => Buffer.from(JSON.stringify({ reply }))),
      fc.string().map((content) => Buffer.from(`<xml><MsgType>text</MsgType><Content>${content}</Content></xml>`)),
    );
    fc.assert(
      fc.property(replies, (body) => {
        const xml = replyXmlOf(body, to, 1_700_000_000);
        if (xml === null || xml === '') return;
        expect(parseXml(xml)).toMatchObject({
          ToUserName: OPENID,
          FromUserName: 'gh_1',
          CreateTime: '1700000000',
          MsgType: expect.any(String),
        });
      }),
      { numRuns: 3000 },
    );
  });
});
