import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { COMPONENT, type Scene, startScene } from '../test/scene.ts';
import type { CallFaultRule } from './call-faults.ts';

const APPID = 'wxa000000000000001';
const EFFECTIVE = '/wxa/get_effective_domain';
const REFRESH = '/cgi-bin/component/api_authorizer_token';

/** A door that a call waits at until the spec opens it. */
function door(): { reached: Promise<void>; open: () => void; wait: () => Promise<void> } {
  let open = (): void => undefined;
  let arrive = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  return {
    reached,
    open,
    wait: async () => {
      arrive();
      await opened;
    },
  };
}

describe('faults of calls', () => {
  let scene: Scene;
  let token: string;
  beforeEach(async () => {
    scene = await startScene({ ticketIntervalSeconds: 0 });
    token = await authorized(APPID);
  });
  afterEach(async () => scene.stop());

  async function authorized(appid: string): Promise<string> {
    scene.world.addMiniProgram({ appid });
    const { authCode } = scene.world.authorize(COMPONENT, appid, { push: false });
    return (await scene.exchange(authCode)).accessToken;
  }
  const call = async (accessToken = token): Promise<Response> =>
    fetch(`${scene.simulator.url}${EFFECTIVE}?access_token=${accessToken}`, { method: 'POST', body: '{}' });
  const errcode = async (accessToken = token): Promise<unknown> =>
    ((await (await call(accessToken)).json()) as { errcode: number }).errcode;
  const refresh = async (appid: string): Promise<Record<string, unknown>> => {
    const query = `access_token=${await scene.componentToken()}`;
    const info = await scene.post(
      '/cgi-bin/component/api_get_authorizer_info',
      { component_appid: COMPONENT, authorizer_appid: appid },
      query,
    );
    const { authorizer_refresh_token } = info['authorization_info'] as { authorizer_refresh_token: string };
    const body = { component_appid: COMPONENT, authorizer_appid: appid, authorizer_refresh_token };
    return scene.post(REFRESH, body, query);
  };

  it('answers any error code, as often as told and then no more', async () => {
    const rule = scene.world.faults.add({
      match: { path: EFFECTIVE },
      kind: 'errcode',
      errcode: 45011,
      times: 2,
      after: 1,
    });
    expect([await errcode(), await errcode(), await errcode(), await errcode()]).toEqual([0, 45011, 45011, 0]);
    expect(rule.hits).toBe(2);
    scene.world.faults.remove(rule.id);
    expect(scene.world.faults.rules).toEqual([]);
  });

  it('hits only what it matches', async () => {
    const other = await authorized('wxa000000000000002');
    scene.world.faults.add({ match: { authorizerAppid: APPID }, kind: 'errcode', errcode: -1 });
    expect([await errcode(), await errcode(other)]).toEqual([-1, 0]);
    scene.world.faults.clear();
    scene.world.faults.add({ match: { path: '/wxa/*', componentAppid: COMPONENT }, kind: 'errcode', errcode: 50002 });
    expect(await errcode(other)).toBe(50002);
    expect(await scene.componentToken()).toMatch(/^90_/);
  });

  it.each<[CallFaultRule, (response: Promise<Response>) => Promise<void>]>([
    [{ kind: 'reset' }, async (response) => expect(response).rejects.toThrow('fetch failed')],
    [{ kind: 'replyLostAfterEffect' }, async (response) => expect(response).rejects.toThrow('fetch failed')],
    [
      { kind: 'html' },
      async (response) => {
        expect((await response).status).toBe(502);
        expect(await (await response).text()).toContain('<html>');
      },
    ],
    [
      { kind: 'notJson' },
      async (response) => {
        expect((await response).status).toBe(200);
        await expect((await response).json()).rejects.toThrow('JSON');
      },
    ],
    [
      { kind: 'halfBody' },
      async (response) => {
        expect((await response).status).toBe(200);
        await expect((await response).text()).rejects.toThrow('terminated');
      },
    ],
    [{ kind: 'repliedTwice' }, async (response) => expect((await response).status).toBe(200)],
    [{ kind: 'slow', delayMs: 1 }, async (response) => expect((await response).status).toBe(200)],
  ])('%j', async (rule, check) => {
    scene.world.faults.add({ match: { path: EFFECTIVE }, ...rule });
    await check(call());
    expect(scene.world.calls(EFFECTIVE).at(-1)?.fault).toBe(rule.kind);
  });

  it('performs the effect of a call whose reply gets lost', async () => {
    scene.world.faults.add({ match: { path: REFRESH }, kind: 'replyLostAfterEffect', times: 1 });
    await expect(refresh(APPID)).rejects.toThrow('fetch failed');
    expect(scene.world.refreshes(COMPONENT, APPID)).toBe(1);
    expect(await refresh(APPID)).toMatchObject({ expires_in: 7200 });
    expect(scene.world.refreshes(COMPONENT, APPID)).toBe(2);
    expect(scene.world.calls(REFRESH).map((record) => record.errcode)).toEqual([null, 0]);
  });

  it('performs the effect of a call twice that a gateway repeats, and gives the second answer', async () => {
    scene.world.faults.add({ match: { path: REFRESH }, kind: 'doneTwice', times: 1 });
    const repeated = (await refresh(APPID)) as { authorizer_access_token: string };
    expect(scene.world.refreshes(COMPONENT, APPID)).toBe(2);
    token = repeated.authorizer_access_token;
    expect(await errcode()).toBe(0);
  });

  it('sends an answer twice in one piece; the connection is of no use after it', async () => {
    scene.world.faults.add({ match: { path: EFFECTIVE }, kind: 'repliedTwice', times: 1 });
    const { port } = new URL(scene.simulator.url);
    const received = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1');
      let text = '';
      socket.on('data', (chunk) => {
        text += chunk.toString();
        if (text.split('HTTP/1.1 200').length === 3) socket.destroy();
      });
      socket.on('error', reject).on('close', () => resolve(text));
      socket.write(`POST ${EFFECTIVE}?access_token=${token} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`);
    });
    const bodies = received.split(/HTTP\/1\.1 200[^]*?\r\n\r\n/).slice(1);
    expect(bodies).toHaveLength(2);
    expect(bodies[0]).toBe(bodies[1]);
  });

  it('never answers while hanging, and still stops', async () => {
    scene.world.faults.add({ kind: 'hang' });
    const controller = new AbortController();
    const hanging = fetch(`${scene.simulator.url}${EFFECTIVE}?access_token=${token}`, {
      method: 'POST',
      body: '{}',
      signal: controller.signal,
    });
    while (scene.world.log.total(EFFECTIVE) === 0) await new Promise(setImmediate);
    controller.abort();
    await expect(hanging).rejects.toThrow('aborted');
  });

  it.each([
    ['wx-quota-45009', 45009],
    ['wx-err-61007-shop1', 61007],
    ['wx-err--1', -1],
  ])('knows the sentinel %s', async (appid, expected) => {
    const sentinel = await authorized(appid);
    expect(await errcode(sentinel)).toBe(expected);
    expect(await errcode()).toBe(0);
  });

  it('knows the sentinels that break or delay', async () => {
    const busy = await authorized('wx-busy-2');
    expect([await errcode(busy), await errcode(busy), await errcode(busy), await errcode(busy)]).toEqual([
      -1, -1, 0, 0,
    ]);
    expect(await errcode(await authorized('wx-slow-5ms'))).toBe(0);
    expect(scene.world.calls(EFFECTIVE).at(-1)?.fault).toBe('slow');
    await expect(call(await authorized('wx-reset'))).rejects.toThrow('fetch failed');
    expect((await call(await authorized('wx-html-2'))).status).toBe(502);
    await expect((await call(await authorized('wx-halfbody'))).text()).rejects.toThrow('terminated');
    await authorized('wx-token-err-61023');
    expect(await refresh('wx-token-err-61023')).toMatchObject({ errcode: 61023 });
    await authorized('wx-token-lost');
    await expect(refresh('wx-token-lost')).rejects.toThrow('fetch failed');
    expect(scene.world.refreshes(COMPONENT, 'wx-token-lost')).toBe(1);
  });

  it('holds a call before its effect, and another after it', async () => {
    const before = door();
    const unhook = scene.world.onCall(async ({ path }) => (path === REFRESH ? before.wait() : undefined));
    const held = refresh(APPID);
    await before.reached;
    expect(scene.world.refreshes(COMPONENT, APPID)).toBe(0);
    expect(scene.world.log.inFlight).toBe(1);
    before.open();
    expect(await held).toMatchObject({ expires_in: 7200 });
    unhook();

    const after = door();
    scene.world.onReply(async ({ path }) => (path === REFRESH ? after.wait() : undefined));
    const delayed = refresh(APPID);
    await after.reached;
    expect(scene.world.refreshes(COMPONENT, APPID)).toBe(2);
    after.open();
    await delayed;
  });

  it('judges a held token at the moment it is let go', async () => {
    const before = door();
    scene.world.onCall(async ({ path }) => (path === EFFECTIVE ? before.wait() : undefined));
    const held = errcode();
    await before.reached;
    scene.world.unauthorize(COMPONENT, APPID, { push: false });
    before.open();
    expect(await held).toBe(40001);
  });

  it('counts calls by path and outcome', async () => {
    await errcode();
    await errcode('garbage');
    expect(scene.world.log.total(EFFECTIVE)).toBe(2);
    expect(scene.world.log.total(EFFECTIVE, 40014)).toBe(1);
    expect(scene.world.calls(EFFECTIVE, { authorizerAppid: APPID })).toHaveLength(1);
    scene.world.log.reset();
    expect(scene.world.log.total()).toBe(0);
  });
});

describe('faults of pushes', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await startScene({ ticketIntervalSeconds: 0 });
    scene.world.addMiniProgram({ appid: APPID });
  });
  afterEach(async () => scene.stop());

  const infoTypes = (): unknown[] => scene.received.map(({ fields }) => fields['InfoType']);

  it('repeats the very same bytes', async () => {
    scene.world.pushFaults.add({ kind: 'duplicate', copies: 3, times: 1 });
    await scene.world.authorize(COMPONENT, APPID).pushed;
    expect(scene.received).toHaveLength(3);
    expect(new Set(scene.received.map(({ body, query }) => body + query.toString())).size).toBe(1);
    await scene.world.pusher.resend(scene.world.pushes()[0]!);
    expect(scene.received[3]?.body).toBe(scene.received[0]?.body);
  });

  it('drops, and holds one back until the next has arrived', async () => {
    scene.world.pushFaults.add({ match: { infoType: 'updateauthorized' }, kind: 'drop' });
    scene.world.pushFaults.add({ match: { infoType: 'authorized' }, kind: 'reorder', times: 1 });
    const first = scene.world.authorize(COMPONENT, APPID, { permissionSets: [18] });
    const dropped = await scene.world.updateAuthorization(COMPONENT, APPID, { permissionSets: [17] }).pushed;
    expect(dropped).toMatchObject({ ok: false, fault: 'drop', sent: null });
    await scene.world.unauthorize(COMPONENT, APPID).pushed;
    await first.pushed;
    expect(infoTypes()).toEqual(['unauthorized', 'authorized']);
  });

  it('spoils signature, key and receive id', async () => {
    for (const kind of ['badSignature', 'wrongKey', 'wrongReceiveId'] as const)
      scene.world.pushFaults.add({ kind, times: 1 });
    for (let n = 0; n < 3; n += 1) await scene.world.pushTicket(COMPONENT);
    expect(scene.received.map(({ signatureHolds, plaintext }) => [signatureHolds, plaintext !== ''])).toEqual([
      [false, true],
      [true, false],
      [true, false],
    ]);
  });

  it('delays', async () => {
    scene.world.pushFaults.add({ match: { infoType: 'component_verify_ticket' }, kind: 'delay', delayMs: 30 });
    const late = scene.world.pushTicket(COMPONENT);
    await scene.world.authorize(COMPONENT, APPID).pushed;
    await late;
    expect(infoTypes()).toEqual(['authorized', 'component_verify_ticket']);
  });

  it('sends any other event and message', async () => {
    await scene.world.messages.info(COMPONENT, 'notify_third_fasteregister', [
      ['appid', 'wxnew'],
      ['status', 0],
    ]);
    await scene.world.messages.text(COMPONENT, APPID, 'hello ]]> world');
    expect(infoTypes()[0]).toBe('notify_third_fasteregister');
    expect(scene.received[1]).toMatchObject({ path: `/messages/${APPID}`, signatureHolds: true });
    expect(scene.received[1]?.fields).toMatchObject({ MsgType: 'text', Content: 'hello ]]> world' });
    expect(scene.received[1]?.query.get('openid')).toBe(scene.received[1]?.fields['FromUserName']);
    scene.world.quirks.pushText = 'plain';
    await scene.world.pushTicket(COMPONENT);
    expect(scene.received[2]?.plaintext).not.toContain('CDATA');
    expect(scene.received[2]?.fields['InfoType']).toBe('component_verify_ticket');
  });
});
