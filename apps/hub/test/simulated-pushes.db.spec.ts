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

  it('passes on what comes to the events URL, but never a ticket', async () => {
    const path = `/v1/platforms/${PLATFORM}/relays/authorizations`;
    const body = {
      url: backend.url,
      source: 'events',
      mode: 'notify',
      match: { info_types: ['updateauthorized', 'unauthorized'] },
    };
    expect((await world.call('PUT', path, { body })).status).toBe(200);
    expect(
      (await world.call('PUT', `${path}-all`, { body: { ...body, url: `${backend.url}?all`, match: {} } })).status,
    ).toBe(200);
    const before = backend.received.length;
    backend.answer = () => 200;
    const { world: wechat } = world.simulator;
    expect(await wechat.pushTicket(PLATFORM)).toMatchObject({ ok: true });
    await wechat.authorize(PLATFORM, APPID, { permissionSets: [17, 18] }).pushed;
    await wechat.unauthorize(PLATFORM, APPID).pushed;
    await wechat.authorize(PLATFORM, APPID, { permissionSets: [17, 18] }).pushed;
    const received = () =>
      backend.received.slice(before).map((each) => ({
        path: each.path,
        ...(JSON.parse(each.body) as { data: { info_type: string; authorizer_appid: string } }).data,
      }));
    await eventually('all of them', () => received().length === 5);
    const of = (all: boolean) =>
      received()
        .filter((each) => each.path.includes('all') === all)
        .map(({ info_type: type, authorizer_appid: appid }) => `${type} ${appid}`)
        .sort();
    expect(of(false)).toEqual([`unauthorized ${APPID}`, `updateauthorized ${APPID}`]);
    expect(of(true)).toEqual([`authorized ${APPID}`, `unauthorized ${APPID}`, `updateauthorized ${APPID}`]);
    for (const name of [path, `${path}-all`]) await world.call('DELETE', name);
  }, 30_000);

  it('leaves no plaintext of a message anywhere in the database: while it waits, and after it', async () => {
    const path = `/v1/platforms/${PLATFORM}/relays/quiet`;
    const body = { url: backend.url, mode: 'notify' };
    await world.call('PUT', path, { body });
    await world.call('PUT', `/v1/platforms/${PLATFORM}/relays/answers`, { body: { ...body, mode: 'reply' } });
    const [content, openid, answer] = [
      'plain-words-of-a-customer',
      'o-plain-openid-of-a-customer',
      'plain-answer-to-a-customer',
    ];
    let isDown = true;
    const before = backend.received.length;
    backend.answer = ({ headers }) =>
      'wxfleet-reply-by' in headers
        ? { status: 200, body: JSON.stringify({ reply: { MsgType: 'text', Content: answer } }) }
        : isDown
          ? 503
          : 200;
    expect((await simulate('messages', { content, openid })).ok).toBe(true);
    await eventually(
      'an attempt that was refused',
      async () => (await world.db.query('SELECT 1 FROM events.relay_message WHERE attempts = 1')).length === 1,
    );
    const found = async () => {
      const tables = await world.db.query<{ name: string }>(
        `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
          WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
      );
      expect(tables.length).toBeGreaterThan(40);
      const marks = [content, openid, answer].flatMap((mark) => [
        mark,
        Buffer.from(mark).toString('hex'),
        Buffer.from(mark).toString('base64').slice(0, -4),
      ]);
      const hits: string[] = [];
      for (const { name } of tables) {
        const rows = await world.db.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
        hits.push(...rows.filter(({ row }) => marks.some((mark) => row.includes(mark))).map(() => name));
      }
      return hits;
    };
    expect(await found()).toEqual([]);
    // It is there, sealed: the search would find it otherwise.
    expect(await world.db.query('SELECT 1 FROM events.relay_message')).toHaveLength(1);
    expect(await world.db.query('SELECT 1 FROM events.relay_call WHERE sealed_answer IS NOT NULL')).not.toEqual([]);
    isDown = false;
    await eventually(
      'the delivery',
      async () => (await world.db.query('SELECT 1 FROM events.relay_message')).length === 0,
      20_000,
    );
    expect(backend.received.length).toBe(before + 3);
    expect(await found()).toEqual([]);
    for (const line of world.lines) for (const mark of [content, openid, answer]) expect(line).not.toContain(mark);
  }, 60_000);
});
