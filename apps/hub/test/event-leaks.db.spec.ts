import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { EVENT_DATA, eventTypes, type EventType } from '#libs/contract';
import { EventWriter, type NewEvent } from '#libs/events';
import { Receiver, eventually } from '#libs/testing';
import { TwoTenants, type Viewer } from './two-tenants.ts';

type Shape = Record<string, unknown> & { properties?: Record<string, Shape>; anyOf?: Shape[]; enum?: unknown[] };

/** A value that the schema accepts; texts hold `mark` where they may. */
function sampleOf(given: Shape, mark: string, root = given): unknown {
  const reference = given['$ref'] as string | undefined;
  const named = (root['$defs'] ?? root['definitions']) as Record<string, Shape> | undefined;
  const shape = reference === undefined ? given : (named?.[reference.split('/').pop() ?? ''] as Shape);
  if ('const' in shape) return shape['const'];
  if (shape.enum) return shape.enum[0];
  if (shape.anyOf) return sampleOf(shape.anyOf[0] as Shape, mark, root);
  switch (shape['type']) {
    case 'object':
      return Object.fromEntries(
        Object.entries(shape.properties ?? {}).map(([name, each]) => [name, sampleOf(each, mark, root)]),
      );
    case 'array':
      return [sampleOf(shape['items'] as Shape, mark, root)];
    case 'integer':
    case 'number':
      return Math.max(1, Number(shape['minimum'] ?? 1));
    case 'boolean':
      return false;
    default:
      return shape['format'] === 'date-time' ? '2026-01-01T00:00:00.000Z' : mark;
  }
}

/** Two platforms, each with two merchants: 48 events of every type that exists, and everybody who may read some of them. */
describe('events of every type', () => {
  let tenants: TwoTenants;
  let receivers: Map<Viewer, Receiver>;
  const written: { platformId: number; merchantId: string | null; type: EventType; mark: string }[] = [];
  beforeAll(async () => {
    tenants = await TwoTenants.start({ WEBHOOK_NETWORKS: '127.0.0.0/8' });
    receivers = new Map();
    for (const viewer of tenants.viewers) {
      const receiver = await Receiver.start();
      receivers.set(viewer, receiver);
      const { merchantIds } = viewer.tenant;
      const made = await tenants.world.call('POST', `/v1/platforms/${viewer.componentAppid}/webhook-endpoints`, {
        key: viewer.key,
        body: { url: receiver.url, event_types: eventTypes, ...(merchantIds ? { merchant_ids: merchantIds } : {}) },
      });
      if (made.status !== 201) throw new Error(made.text);
    }
    for (const platformId of new Set(tenants.viewers.map(({ tenant }) => tenant.platformId as number))) {
      for (const merchantId of ['m1', 'm2', null]) {
        for (const type of eventTypes) {
          const mark = `leak-${platformId}-${merchantId}-${type}`.slice(0, 30);
          written.push({ platformId, merchantId, type, mark });
        }
      }
    }
    await new EventWriter().write(
      tenants.world.hub.db,
      written.map(({ platformId, merchantId, type, mark }): NewEvent => {
        const data = sampleOf(z.toJSONSchema(EVENT_DATA[type], { unrepresentable: 'any' }) as Shape, mark);
        return { platformId, type, merchantId, authorizerAppid: null, occurredAt: new Date(0), data } as NewEvent;
      }),
    );
  }, 120_000);
  afterAll(async () => {
    await tenants.stop();
    for (const receiver of receivers.values()) await receiver.stop();
  });

  /** What a viewer must meet of them: type and merchant, once each. */
  const expected = ({ tenant }: Viewer) =>
    written
      .filter(
        ({ platformId, merchantId }) =>
          platformId === tenant.platformId &&
          (tenant.merchantIds === null || tenant.merchantIds.includes(merchantId as string)),
      )
      .map(({ type, merchantId }) => `${type} ${merchantId}`)
      .sort();
  const named = (
    items: readonly { type: string; merchant_id: string | null; occurred_at?: string; timestamp?: string }[],
  ) =>
    items
      .filter((item) => (item.occurred_at ?? item.timestamp) === new Date(0).toISOString())
      .map(({ type, merchant_id: merchant }) => `${type} ${merchant}`)
      .sort();
  const foreign = ({ tenant, name }: Viewer, text: string) => ({
    name,
    foreign: written
      .filter(({ platformId, merchantId }) => {
        const isOwn = platformId === tenant.platformId;
        return !isOwn || (tenant.merchantIds !== null && !tenant.merchantIds.includes(merchantId as string));
      })
      // Marks of long types are cut alike: those that a viewer's own events share say nothing.
      .map(({ mark }) => mark)
      .filter((mark) => !written.some((own) => own.mark === mark && expectedHas(tenant, own)))
      .filter((mark) => text.includes(mark)),
  });
  const expectedHas = (tenant: Viewer['tenant'], own: (typeof written)[0]) =>
    own.platformId === tenant.platformId &&
    (tenant.merchantIds === null || tenant.merchantIds.includes(own.merchantId as string));

  it('reach a key by list exactly as far as its platform and its merchants go', async () => {
    expect(tenants.viewers).toHaveLength(6);
    for (const viewer of tenants.viewers) {
      const items: { type: string; merchant_id: string | null; occurred_at: string }[] = [];
      let after = '0';
      let text = '';
      for (;;) {
        const page = await tenants.world.call<{ items: typeof items; last_event_id: string }>(
          'GET',
          `/v1/platforms/${viewer.componentAppid}/events?after=${after}&limit=500`,
          { key: viewer.key },
        );
        expect(page.status).toBe(200);
        items.push(...page.body.items);
        text += page.text;
        if (page.body.last_event_id === after) break;
        after = page.body.last_event_id;
      }
      expect({ name: viewer.name, events: named(items) }).toEqual({ name: viewer.name, events: expected(viewer) });
      expect(foreign(viewer, text)).toEqual({ name: viewer.name, foreign: [] });
    }
  }, 60_000);

  it('reach it by the database alone no further, without any filter', async () => {
    for (const viewer of tenants.viewers) {
      const rows = await tenants.world.hub.db.forTenant(viewer.tenant, (sql) =>
        sql.query<{ type: string; merchant_id: string | null; occurred_at: string }>(
          `SELECT type, merchant_id, to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS occurred_at FROM events.event`,
        ),
      );
      expect({ name: viewer.name, events: named(rows) }).toEqual({ name: viewer.name, events: expected(viewer) });
    }
  });

  it('reach its webhook no further', async () => {
    // Tests are sent by the endpoint's own button; first looks are told where they are asked for by name, as here.
    for (const viewer of tenants.viewers) {
      const receiver = receivers.get(viewer) as Receiver;
      await eventually(
        `the deliveries of ${viewer.name}`,
        () => named(receiver.bodies as never).length >= expected(viewer).length,
        60_000,
      );
      const text = receiver.received.map(({ body }) => body).join('\n');
      expect({ name: viewer.name, events: named(receiver.bodies as never) }).toEqual({
        name: viewer.name,
        events: expected(viewer),
      });
      expect(foreign(viewer, text)).toEqual({ name: viewer.name, foreign: [] });
    }
  }, 120_000);
});
