import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Receiver, eventually } from '#libs/testing';
import {
  buildPushEnvelope,
  decodeAesKey,
  decryptPush,
  encryptPush,
  parsePushEnvelope,
  parseXml,
  pushSignature,
} from '#libs/wechat-wire';
import { AES_KEY, HubWorld, PUSH_TOKEN } from './hub-world.ts';

const PLATFORM = 'wxplatform00000a';
const APPID = 'wxshop0000000001';
const RELAYS = `/v1/platforms/${PLATFORM}/relays`;
const OPENID = 'o-a-customer-of-the-shop';

describe('relays through the hub', () => {
  let world: HubWorld;
  let backend: Receiver;
  let nonce = 0;
  beforeAll(async () => {
    world = await HubWorld.start({ WEBHOOK_NETWORKS: '127.0.0.0/8' });
    backend = await Receiver.start();
    await world.platform(PLATFORM);
  }, 60_000);
  afterAll(async () => {
    await world.stop();
    await backend.stop();
  });

  /** As WeChat delivers a text: each attempt is encrypted and signed by itself. */
  async function deliver(msgId: string, content = 'hello', sign = true) {
    const plaintext = `<xml><ToUserName>gh_1</ToUserName><FromUserName>${OPENID}</FromUserName><CreateTime>${Math.floor(Date.now() / 1000)}</CreateTime><MsgType>text</MsgType><Content>${content}</Content><MsgId>${msgId}</MsgId></xml>`;
    const encrypt = encryptPush(decodeAesKey(AES_KEY), PLATFORM, plaintext);
    const query = { timestamp: String(Math.floor(Date.now() / 1000)), nonce: String((nonce += 1)) };
    const signature = sign ? pushSignature(PUSH_TOKEN, query.timestamp, query.nonce, encrypt) : '0'.repeat(40);
    const url = `${world.hub.url}/wechat/${PLATFORM}/messages/${APPID}?timestamp=${query.timestamp}&nonce=${query.nonce}&msg_signature=${signature}`;
    const response = await fetch(url, { method: 'POST', body: buildPushEnvelope({ encrypt, toUserName: 'gh_1' }) });
    const text = await response.text();
    const isReply = text.startsWith('<xml>');
    const opened = isReply
      ? parseXml(decryptPush(decodeAesKey(AES_KEY), PLATFORM, parsePushEnvelope(text).encrypt))
      : null;
    return { status: response.status, text, opened };
  }
  const put = (name: string, body: object) =>
    world.call('PUT', `${RELAYS}/${name}`, { body: { url: backend.url, ...body } });

  it('give the backend a message and WeChat its answer, encrypted; three deliveries are one call', async () => {
    expect((await deliver('0')).text).toBe('success');
    expect((await put('r', { mode: 'reply' })).body).toMatchObject({ secret: expect.stringMatching(/^whsec_/) });
    expect((await put('r', { mode: 'reply' })).body).toMatchObject({ secret: null });
    backend.answer = () => ({ status: 200, body: '{"reply":{"MsgType":"text","Content":"thanks"}}' });
    const answers = await Promise.all([deliver('1'), deliver('1'), deliver('1')]);
    for (const { opened } of answers) {
      expect(opened).toMatchObject({ ToUserName: OPENID, FromUserName: 'gh_1', MsgType: 'text', Content: 'thanks' });
    }
    expect(backend.received).toHaveLength(1);
    // What is not signed by WeChat goes nowhere.
    expect((await deliver('2', 'forged', false)).status).toBe(403);
    expect(backend.received).toHaveLength(1);
    await world.call('DELETE', `${RELAYS}/r`);
    expect((await deliver('3')).text).toBe('success');
  });

  it('tell a backend that only wants to know, and keep nothing of it', async () => {
    await put('n', { mode: 'notify' });
    const before = backend.received.length;
    backend.answer = () => 200;
    expect((await deliver('10', 'only-to-know')).text).toBe('success');
    await eventually('the message', () => backend.received.length === before + 1);
    await eventually(
      'its removal',
      async () => (await world.db.query('SELECT 1 FROM events.relay_message')).length === 0,
    );
    expect(JSON.parse(backend.received[before]?.body ?? '')).toMatchObject({
      data: { authorizer_appid: APPID, openid: OPENID },
    });
    expect((await world.call('POST', `${RELAYS}/n/tests`)).body).toMatchObject({ delivered: true, reply: '' });
    expect((await world.call<{ items: unknown[] }>('GET', RELAYS)).body.items).toMatchObject([
      { name: 'n', mode: 'notify', waiting: 0 },
    ]);
    await world.call('DELETE', `${RELAYS}/n`);
    expect((await world.call('GET', `${RELAYS}/n`)).status).toBe(404);
  });

  it('are not for keys that are limited to merchants, nor for addresses in private networks', async () => {
    await world.merchant(PLATFORM, 'm1');
    const limited = await world.apiKey(PLATFORM, { merchantIds: ['m1'] });
    expect(
      (await world.call('PUT', `${RELAYS}/x`, { key: limited, body: { url: backend.url, mode: 'notify' } })).status,
    ).toBe(403);
    expect((await put('x', { mode: 'raw', url: 'https://169.254.169.254/' })).status).toBe(400);
  });
});
