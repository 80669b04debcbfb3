import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { COMPONENT, type Scene, startScene } from '../test/scene.ts';
import { ACCOUNT_EVENT_NAMES } from './account-events.ts';

const APPID = 'wxa000000000000001';

describe('messages and results', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await startScene({ ticketIntervalSeconds: 0 });
    scene.world.addMiniProgram({ appid: APPID, nickName: '小店', userName: 'gh_0123456789ab' });
  });
  afterEach(async () => scene.stop());

  const control = async (path: string, body: unknown) => {
    const response = await fetch(`${scene.simulator.url}/_control${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return { status: response.status, json: (await response.json()) as Record<string, unknown> };
  };
  const page = async (query = '', init: RequestInit = {}) => {
    const response = await fetch(`${scene.simulator.url}/${query}`, { redirect: 'manual', ...init });
    return { status: response.status, location: response.headers.get('location'), text: await response.text() };
  };

  it('repeats a message that is not answered, three times in total, with the same MsgId', async () => {
    scene.respond((_push, response) => void response.socket?.destroy());
    const { json } = await control(`/platforms/${COMPONENT}/messages/${APPID}`, { content: 'anybody there?' });
    expect(json).toMatchObject({ status: null, ok: false, attempt: 3, about: 'text' });
    expect(json['attempts']).toHaveLength(3);
    expect(scene.received.map(({ signatureHolds }) => signatureHolds)).toEqual([true, true, true]);
    expect(new Set(scene.received.map(({ plaintext }) => plaintext)).size).toBe(1);
    // Each attempt is encrypted by itself.
    expect(new Set(scene.received.map(({ body }) => body)).size).toBe(3);
  });

  it('stops with the first answer, whatever it says', async () => {
    scene.respond((_push, response) => {
      if (scene.received.length === 1) response.writeHead(500).end();
      else response.end('');
    });
    const attempts = await scene.world.messages.say(COMPONENT, APPID, 'hello');
    expect(attempts.map(({ attempt, status, ok }) => [attempt, status, ok])).toEqual([
      [1, 500, false],
      [2, 200, true],
    ]);
  });

  it('gives each message an id of its own, exact to the last of its digits', async () => {
    for (let n = 0; n < 5; n += 1) await scene.world.messages.say(COMPONENT, APPID, `message ${n}`);
    const ids = scene.received.map(({ fields }) => BigInt(String(fields['MsgId'])));
    expect(ids.slice(1).map((id, n) => id - (ids[n] ?? 0n))).toEqual([1n, 1n, 1n, 1n]);
    expect(ids[0]).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER));
  });

  it('pushes results about an account, with the elements of samples or with given ones', async () => {
    for (const event of ACCOUNT_EVENT_NAMES) {
      const { json } = await control(`/platforms/${COMPONENT}/account-events/${APPID}`, { event });
      expect(json).toMatchObject({ ok: true, about: event, authorizerAppid: APPID });
      expect(scene.received.at(-1)).toMatchObject({
        path: `/messages/${APPID}`,
        signatureHolds: true,
        fields: { MsgType: 'event', Event: event, ToUserName: 'gh_0123456789ab' },
      });
    }
    expect(scene.received[ACCOUNT_EVENT_NAMES.indexOf('wxa_privacy_apply')]?.fields).toMatchObject({
      result_info: { api_name: 'wx.choosePoi', status: '2' },
    });
    await control(`/platforms/${COMPONENT}/account-events/${APPID}`, {
      event: 'weapp_audit_fail',
      elements: [
        ['Reason', 'because'],
        ['nested', [['x', 1]]],
      ],
    });
    expect(scene.received.at(-1)?.fields).toMatchObject({ Reason: 'because', nested: { x: '1' } });
    expect(scene.received.at(-1)?.fields).not.toHaveProperty('ScreenShot');
    const wrong = await control(`/platforms/${COMPONENT}/account-events/${APPID}`, { event: 'weapp_audit_maybe' });
    expect(wrong.status).toBe(400);
  });

  it('has a page that pushes and shows what was answered, in two languages', async () => {
    expect((await page('', { headers: { 'accept-language': 'zh-CN,zh;q=0.9' } })).text).toContain('推送与消息');
    const english = await page('', { headers: { 'accept-language': 'de,en' } });
    expect(english.text).toContain('<html lang="en">');
    expect(english.text).toContain('name="viewport"');
    scene.respond((push, response) =>
      response.end(push.fields['Event'] === 'weapp_audit_fail' ? '<b>not a success</b>' : 'success'),
    );
    const post = (form: Record<string, string>) =>
      page('?lang=en', { method: 'POST', body: new URLSearchParams(form).toString() });
    const sent = await post({ platform: COMPONENT, account: APPID, what: 'message', content: 'hello' });
    expect([sent.status, sent.location]).toEqual([303, `?lang=en&platform=${COMPONENT}&account=${APPID}`]);
    await post({ platform: COMPONENT, account: APPID, what: 'weapp_audit_fail' });
    await scene.world.pusher.idle();
    expect(scene.received.map(({ fields }) => fields['Content'] ?? fields['Event'])).toEqual([
      'hello',
      'weapp_audit_fail',
    ]);
    const { text } = await page('?lang=en');
    expect(text).toContain('weapp_audit_fail');
    expect(text).toContain('&lt;b&gt;not a success&lt;/b&gt;');
    expect(text).not.toContain('http-equiv="refresh"');
    const wrong = await post({ platform: 'wx-none', account: APPID, what: 'message' });
    expect(decodeURIComponent(wrong.location ?? '')).toContain('problem=there+is+no+platform+wx-none');
    expect((await page('?problem=%3Cscript%3E')).text).toContain('&lt;script&gt;');
    expect((await page('', { method: 'DELETE' })).status).toBe(405);
  });
});
