import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { DeliveryView, WebhookEndpointView } from '#libs/contract';
import { EventWriter } from '#libs/events';
import { KeyRing } from '#libs/kernel';
import { Receiver, eventually } from '#libs/testing';
import { HubWorld } from './hub-world.ts';

const PLATFORM = 'wxplatform00000a';
const BASE = `/v1/platforms/${PLATFORM}/webhook-endpoints`;
const K1 = KeyRing.generate('k1');
const K2 = KeyRing.generate('k2');

type Created = WebhookEndpointView & { secret: string };

describe('webhooks over REST', () => {
  let world: HubWorld;
  let receiver: Receiver;
  let limited: string;
  beforeAll(async () => {
    world = await HubWorld.start({ WEBHOOK_NETWORKS: '127.0.0.0/8', MASTER_KEYS: K1 });
    receiver = await Receiver.start();
    await world.platform(PLATFORM);
    await world.merchant(PLATFORM, 'm1');
    await world.merchant(PLATFORM, 'm2');
    limited = await world.apiKey(PLATFORM, { merchantIds: ['m1'] });
  }, 60_000);
  afterAll(async () => {
    await world.stop();
    await receiver.stop();
  });

  const create = async (body: object = {}, key?: string) => {
    const answer = await world.call<Created>('POST', BASE, {
      body: { url: receiver.url, event_types: ['quota.*'], ...body },
      ...(key ? { key } : {}),
    });
    expect(answer.status).toBe(201);
    return answer.body;
  };
  const happen = (path: string, merchantId: string | null = 'm1') =>
    new EventWriter().write(world.hub.db, [
      { platformId: 1, type: 'quota.parked', authorizerAppid: 'wx-a', merchantId, data: { path, until: null } },
    ]);
  const gotten = (path: string) => receiver.received.filter(({ body }) => body.includes(`"${path}"`));

  it('deliver what happens, with a secret that is shown once', async () => {
    const { id, secret } = await create();
    await happen('/rest');
    await eventually('the request', () => gotten('/rest').length === 1);
    const [received] = gotten('/rest');
    expect(new Webhook(secret).verify(received?.body ?? '', received?.headers as Record<string, string>)).toMatchObject(
      {
        type: 'quota.parked',
        platform: PLATFORM,
      },
    );
    expect((await world.call('GET', `${BASE}/${id}`)).text).not.toContain(secret);
    const deliveries = await eventually('its end', async () => {
      const { body } = await world.call<{ items: DeliveryView[] }>('GET', `${BASE}/${id}/deliveries?state=delivered`);
      return body.items.length > 0 ? body.items : null;
    });
    const detail = await world.call('GET', `${BASE}/${id}/deliveries/${deliveries[0]?.id}`);
    expect(detail.body).toMatchObject({ state: 'delivered', attempt_log: [{ no: 1, status: 200 }] });
    expect((await world.call('POST', `${BASE}/${id}/deliveries/${deliveries[0]?.id}/retries`)).status).toBe(409);
    expect((await world.call('GET', `${BASE}/${id}/attempt-hours`)).body).toMatchObject({
      delivered: 1,
      failed: 0,
      items: [{ delivered: 1, failed: 0 }],
    });
    const wrong = await world.call(
      'GET',
      `${BASE}/${id}/attempt-hours?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z`,
    );
    expect({ status: wrong.status, ...wrong.body }).toMatchObject({ status: 400, errors: [{ path: 'from' }] });
    await world.call('DELETE', `${BASE}/${id}`);
    expect((await world.call('GET', `${BASE}/${id}`)).status).toBe(404);
  });

  it('refuse addresses in private networks, and say what opens them', async () => {
    const answer = await world.call('POST', BASE, { body: { url: 'https://10.0.0.1/x' } });
    expect({ status: answer.status, ...answer.body }).toMatchObject({
      status: 400,
      errors: [{ path: 'url', message: expect.stringContaining('WEBHOOK_NETWORKS') }],
    });
  });

  it('of a key that is limited to merchants are limited too', async () => {
    const mine = await create({}, limited);
    const whole = await create();
    expect(mine.merchant_ids).toEqual(['m1']);
    expect(
      (await world.call('POST', BASE, { key: limited, body: { url: receiver.url, merchant_ids: ['m2'] } })).status,
    ).toBe(400);
    expect(
      (await world.call('PATCH', `${BASE}/${mine.id}`, { key: limited, body: { merchant_ids: null } })).body,
    ).toMatchObject({ merchant_ids: ['m1'] });
    const listed = await world.call<{ items: WebhookEndpointView[] }>('GET', BASE, { key: limited });
    expect(listed.body.items.map(({ id }) => id)).toEqual([mine.id]);
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/tests'],
      ['POST', '/secret-rotations'],
      ['GET', '/deliveries'],
      ['GET', '/attempt-hours'],
      ['POST', '/replays'],
    ] as const) {
      const answer = await world.call(method, `${BASE}/${whole.id}${path}`, {
        key: limited,
        ...(method === 'POST' || method === 'PATCH' ? { body: {} } : {}),
      });
      expect([method, path, answer.status]).toEqual([method, path, 404]);
    }
    await happen('/of-two', 'm2');
    await happen('/of-one', 'm1');
    await eventually('both to the whole', () => gotten('/of-two').length === 1 && gotten('/of-one').length === 2);
    for (const { id } of [mine, whole]) await world.call('DELETE', `${BASE}/${id}`);
  });

  it('are tested, rotated, disabled, enabled and replayed', async () => {
    const { id, secret } = await create();
    expect((await world.call('POST', `${BASE}/${id}/tests`)).body).toMatchObject({ delivered: true, status: 200 });
    const rotated = await world.call<{ secret: string }>('POST', `${BASE}/${id}/secret-rotations`, {
      body: { overlap: 'PT1H' },
    });
    expect(rotated.status).toBe(201);
    expect(rotated.body.secret).not.toBe(secret);
    expect((await world.call('PATCH', `${BASE}/${id}`, { body: { state: 'disabled' } })).body).toMatchObject({
      disabled_reason: 'request',
    });
    await happen('/while-disabled');
    await world.call('PATCH', `${BASE}/${id}`, { body: { state: 'enabled' } });
    await eventually('what came meanwhile', () => gotten('/while-disabled').length === 1);
    const [received] = gotten('/while-disabled');
    for (const each of [secret, rotated.body.secret]) {
      new Webhook(each).verify(received?.body ?? '', received?.headers as Record<string, string>);
    }
    const { body: events } = await world.call<{ last_event_id: string }>(
      'GET',
      `/v1/platforms/${PLATFORM}/events?limit=500`,
    );
    const body = { after: '0', until: events.last_event_id, only: 'all' };
    const dry = await world.call<{ matched: number }>('POST', `${BASE}/${id}/replays`, {
      body: { ...body, dry_run: true },
    });
    expect(dry.body).toMatchObject({ id: null });
    const replay = await world.call<{ id: string; matched: number }>('POST', `${BASE}/${id}/replays`, { body });
    expect(replay.body.matched).toBe(dry.body.matched);
    await eventually('the end of the replay', async () => {
      const { body: view } = await world.call('GET', `${BASE}/${id}/replays/${replay.body.id}`);
      return view['state'] === 'done' && view['delivered'] === replay.body.matched;
    });
    expect((await world.call('POST', `${BASE}/${id}/replays`, { body: { after: '0' } })).status).toBe(400);
    await world.call('DELETE', `${BASE}/${id}`);
  });

  it('keep their secrets through a rotation of the master key', async () => {
    const { id, secret } = await create();
    const hub = await world.addHub({ MASTER_KEYS: `${K2},${K1}` });
    await world.call('POST', '/v1/master-key-rotations', {}, hub);
    await eventually(
      'the rotation',
      async () => {
        const [row] = await world.db.query<{ key: string }>(
          `SELECT convert_from(substring(sealed_secret FROM 3 FOR 2), 'LATIN1') AS key FROM events.webhook_endpoint WHERE endpoint_id = $1`,
          [id],
        );
        return row?.key === 'k2';
      },
      30_000,
    );
    const before = receiver.received.length;
    expect((await world.call('POST', `${BASE}/${id}/tests`, {}, hub)).body).toMatchObject({ delivered: true });
    const received = receiver.received[before];
    new Webhook(secret).verify(received?.body ?? '', received?.headers as Record<string, string>);
  });
});
