import { afterEach, describe, expect, it } from '@jest/globals';

import { AES_KEY, COMPONENT, type Scene, SECRET, startScene, TOKEN } from '../test/scene.ts';

const TOKEN_PATH = '/cgi-bin/component/api_component_token';
const START_PATH = '/cgi-bin/component/api_start_push_ticket';
const HOUR_MS = 3_600_000;

describe('component_verify_ticket', () => {
  let scene: Scene;
  afterEach(async () => scene.stop());

  const tokenWith = async (ticket: string | null): Promise<Record<string, unknown>> =>
    scene.post(TOKEN_PATH, {
      component_appid: COMPONENT,
      component_appsecret: SECRET,
      component_verify_ticket: ticket,
    });

  it('arrives signed, encrypted for the platform and in the captured shape', async () => {
    scene = await startScene();
    const delivery = await scene.world.pushTicket(COMPONENT);
    expect(delivery).toMatchObject({ ok: true, status: 200, body: 'success', error: null });
    const [push] = scene.received;
    expect(push?.signatureHolds).toBe(true);
    expect(push?.query.get('encrypt_type')).toBe('aes');
    expect(push?.query.get('signature')).toMatch(/^[0-9a-f]{40}$/);
    expect(push?.query.get('openid')).toBeNull();
    expect(push?.fields).toMatchObject({ AppId: COMPONENT, InfoType: 'component_verify_ticket' });
    expect(push?.fields['ComponentVerifyTicket']).toMatch(/^ticket@@@[A-Za-z0-9_-]{86}$/);
    expect(Number(push?.fields['CreateTime'])).toBeCloseTo(scene.world.clock.nowSeconds(), -1);
  });

  it('is good for less than twelve hours; foreign and invented ones are 61006', async () => {
    scene = await startScene({ ticketIntervalSeconds: 0 });
    scene.world.clock.setRate(0);
    await scene.world.pushTicket(COMPONENT);
    const ticket = scene.world.platform(COMPONENT).lastTicket;
    await scene.world.advance(12 * HOUR_MS - 1_000);
    expect(await tokenWith(ticket)).toMatchObject({ expires_in: 7200 });
    await scene.world.advance(1_000);
    expect(await tokenWith(ticket)).toMatchObject({ errcode: 61005 });
    expect(await tokenWith(`${ticket?.slice(0, -1)}!`)).toMatchObject({ errcode: 61006 });
    expect(await tokenWith(null)).toMatchObject({ errcode: 61006 });
    const other = scene.world.addPlatform({
      componentAppid: 'wxc0000000000000002',
      componentAppsecret: 'x',
      token: TOKEN,
      encodingAesKey: AES_KEY,
      eventsUrl: `${scene.receiverUrl}/other`,
      pushTickets: false,
    });
    await scene.world.pushTicket(other.componentAppid);
    expect(await tokenWith(other.lastTicket)).toMatchObject({ errcode: 61006 });
  });

  it('comes at once and then every ten simulated minutes, a new one each time', async () => {
    scene = await startScene({}, { pushTickets: true });
    scene.world.clock.setRate(0);
    await scene.world.pusher.idle();
    await scene.world.advance(599_000);
    expect(scene.received).toHaveLength(1);
    await scene.world.advance(2_000);
    expect(scene.received).toHaveLength(2);
    const tickets = scene.received.map(({ fields }) => fields['ComponentVerifyTicket']);
    expect(new Set(tickets).size).toBe(2);
    for (const ticket of tickets) expect(await tokenWith(String(ticket))).not.toHaveProperty('errcode');
  });

  it('counts everything but 200 and "success" as failed, stops after many and starts again on request', async () => {
    scene = await startScene({ stopAfterFailures: 3 }, { pushTickets: true });
    scene.world.clock.setRate(0);
    await scene.world.pusher.idle();
    const start = async (): Promise<unknown> =>
      (await scene.post(START_PATH, { component_appid: COMPONENT, component_secret: SECRET }))['errmsg'];
    expect(await start()).toBe('in a normal state');
    const answers: [number, string][] = [
      [500, 'success'],
      [200, 'ok'],
      [200, ''],
    ];
    for (const [status, body] of answers) {
      scene.respond((_push, response) => response.writeHead(status).end(body));
      await scene.world.advance(600_000);
    }
    expect(scene.world.pushes().map(({ ok }) => ok)).toEqual([true, false, false, false]);
    expect(scene.world.platform(COMPONENT).pushing).toBe(false);
    await scene.world.advance(6_000_000);
    expect(scene.received).toHaveLength(4);
    expect(await start()).toBe('ok');
    await scene.world.pusher.idle();
    expect(scene.received).toHaveLength(5);
    expect(await start()).toBe('in a normal state');
    expect(await scene.post(START_PATH, { component_appid: 'wxnone', component_secret: SECRET })).toMatchObject({
      errcode: 40013,
    });
  });

  it('reports a receiver that cannot be reached', async () => {
    scene = await startScene({}, { eventsUrl: 'http://127.0.0.1:9/' });
    const delivery = await scene.world.pushTicket(COMPONENT);
    expect(delivery).toMatchObject({ ok: false, status: null });
    expect(delivery.error).toContain('ECONNREFUSED');
  });
});
