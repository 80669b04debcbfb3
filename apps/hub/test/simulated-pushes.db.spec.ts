import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Receiver, eventually } from '#libs/testing';
import { HubWorld } from './hub-world.ts';

const PLATFORM = 'wxplatform00000a';
const APPID = 'wxshop0000000001';

interface Attempt {
  status: number | null;
  body: string;
  error: string | null;
}

/** The simulated WeChat pushes, a hub answers, and people see it on the simulator's page. */
describe('what WeChat pushes beside authorizations', () => {
  let world: HubWorld;
  let backend: Receiver;
  beforeAll(async () => {
    world = await HubWorld.start({ WEBHOOK_NETWORKS: '127.0.0.0/8' });
    backend = await Receiver.start();
    await world.platform(PLATFORM);
    await world.merchant(PLATFORM, 'm1');
    await world.miniProgram(PLATFORM, APPID, { merchantId: 'm1' });
  }, 60_000);
  afterAll(async () => {
    await world.stop();
    await backend.stop();
  });

  const simulate = async (path: string, body: object) => {
    const response = await fetch(`${world.simulator.url}/_control/platforms/${PLATFORM}/${path}/${APPID}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return (await response.json()) as { ok: boolean; attempts: Attempt[] };
  };
  const events = async (type: string) =>
    (await world.call<{ items: object[] }>('GET', `/v1/platforms/${PLATFORM}/events?type=${type}`)).body.items;

  it('asks a backend once for a message that WeChat delivers three times, and gives its one answer', async () => {
    const relay = `/v1/platforms/${PLATFORM}/relays/slow`;
    await world.call('PUT', relay, { body: { url: backend.url, mode: 'reply', deadline_ms: 14_000 } });
    const attempts = () =>
      world.simulator.world.pushes({ infoType: 'message' }).filter(({ about }) => about === 'text');
    // The backend works until WeChat has given up twice.
    backend.answer = async () => {
      await eventually('two attempts without an answer', () => attempts().length === 2, 13_000);
      return { status: 200, body: '{"reply":{"MsgType":"text","Content":"tomorrow"}}' };
    };
    const { ok, attempts: sent } = await simulate('messages', { content: 'when will it come?' });
    expect(ok).toBe(true);
    expect(sent.map(({ status }) => status)).toEqual([null, null, 200]);
    expect(backend.received).toHaveLength(1);
    expect(JSON.parse(backend.received[0]?.body ?? '')).toMatchObject({
      type: 'message.received',
      data: { authorizer_appid: APPID, merchant_id: 'm1', msg_type: 'text', fields: { Content: 'when will it come?' } },
    });
    const page = await (await fetch(`${world.simulator.url}/?lang=en`)).text();
    expect(page).toContain('tomorrow');
    expect(page).toContain('attempt 3');
    await world.call('DELETE', relay);
    // Nothing of it is kept where pushes are.
    expect(await world.db.query(`SELECT 1 FROM inbox.push WHERE info_type = 'text'`)).toEqual([]);
  }, 40_000);

  it('keeps an audit result sealed, lists it, writes it to the feed, and replays it', async () => {
    const { attempts } = await simulate('account-events', { event: 'weapp_audit_fail' });
    expect(attempts).toMatchObject([{ status: 200, body: 'success' }]);
    const pushes = `/v1/platforms/${PLATFORM}/pushes`;
    const listed = (await world.call<{ items: { id: string; info_type: string; state: string }[] }>('GET', pushes))
      .body;
    const push = listed.items.find(({ info_type: type }) => type === 'weapp_audit_fail');
    expect(push).toMatchObject({ authorizer_appid: APPID, state: 'unhandled' });
    const [row] = await world.db.query<{ sealed_body: Buffer }>(
      `SELECT sealed_body FROM inbox.push WHERE info_type = 'weapp_audit_fail'`,
    );
    expect(row?.sealed_body.length).toBeGreaterThan(100);
    expect(row?.sealed_body.toString('latin1')).not.toContain('weapp_audit_fail');
    await eventually('the events', async () => (await events('push.received')).length === 1);
    expect(await events('audit.*')).toMatchObject([
      { type: 'audit.refused', authorizer_appid: APPID, merchant_id: 'm1', data: { version: null } },
    ]);
    expect(await events('push.received')).toMatchObject([
      { data: { info_type: 'weapp_audit_fail', push_id: push?.id }, authorizer_appid: APPID },
    ]);
    const replayed = await world.call('POST', `${pushes}/${push?.id}/replays`);
    expect(replayed.status).toBe(202);
    // There is nothing to be done with it here: it is told once, and stays.
    await eventually('the end of its replay', async () => {
      const { items } = (await world.call<{ items: { id: string; state: string; attempts: number }[] }>('GET', pushes))
        .body;
      return items.some(({ id, state }) => id === push?.id && state === 'unhandled');
    });
    expect(await events('push.received')).toHaveLength(1);
  });

  it('does so with the other results about accounts', async () => {
    const before = (await events('push.received')).length;
    const names = [
      'weapp_audit_success',
      'weapp_audit_delay',
      'wxa_privacy_apply',
      'wxa_category_audit',
      'wxa_nickname_audit',
      'wxa_appeal_record',
    ];
    for (const event of names) expect((await simulate('account-events', { event })).ok).toBe(true);
    await eventually('the events', async () => (await events('push.received')).length === before + names.length);
    const told = (await events('push.received')).slice(before) as { data: { info_type: string } }[];
    expect(told.map(({ data }) => data.info_type)).toEqual(names);
    expect((await events('audit.*')).map((event) => (event as { type: string }).type)).toEqual([
      'audit.refused',
      'audit.passed',
      'audit.delayed',
    ]);
  });
});
