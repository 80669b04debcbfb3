import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EVENT_DATA, eventTypes } from '#libs/contract';
import { WORKER_ROLE, type Database } from '#libs/kernel';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { EventFeed } from './event-feed.ts';
import { testSequencer } from '../../test/sequencer.ts';
import { EventWriter, type NewEvent } from './event-writer.ts';

const APPID = 'wx-shop';

describe('EventWriter', () => {
  let test: TestDatabase;
  let db: Database;
  const writer = new EventWriter();
  const feed = new EventFeed();
  beforeAll(async () => {
    test = await cloneDatabase();
    db = await test.another();
    db.actAs(WORKER_ROLE);
    await db.run(
      `INSERT INTO authorizers.merchant (platform_id, merchant_id, name) VALUES (1, 'm1', 'n'), (2, 'm9', 'n')`,
    );
    await db.run(
      `INSERT INTO authorizers.authorizer (platform_id, authorizer_appid, slot, merchant_id, state)
       VALUES (1, $1, 0, 'm1', 'authorized'), (2, $1, 0, 'm9', 'authorized')`,
      [APPID],
    );
  });
  afterAll(() => test.drop());

  const readAll = async (platformId: number, merchantIds: string[] | null = null) => {
    await testSequencer(db).extend();
    const tenant = { platformId, merchantIds };
    return (await test.db.forTenant(tenant, (sql) => feed.read(sql, platformId, { after: null, limit: 100 }))).items;
  };

  it('writes with the fact or not at all', async () => {
    const event: NewEvent = { platformId: 1, type: 'platform.ready', data: {} };
    await expect(
      db.transaction(async (sql) => {
        await writer.write(sql, [event]);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await readAll(1)).toEqual([]);
    await db.transaction((sql) => writer.write(sql, [event]));
    expect(await readAll(1)).toMatchObject([{ id: '1', type: 'platform.ready', data: {}, authorizer_appid: null }]);
  });

  it('keeps every text as it is', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 30 }).filter((each) => !each.includes('\0'));
    const odd = fc.oneof(
      text,
      fc.constantFrom('NULL', '', '{}', '"', '\\', '\\n', '\n\t\u007f\u2028', '{"a":[1,null]}', ',', "'"),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.record({ path: odd, merchant: fc.option(odd) }), { minLength: 1 }), async (all) => {
        await db
          .transaction(async (sql) => {
            await writer.write(
              sql,
              all.map(({ path, merchant }) => ({
                platformId: 3,
                type: 'quota.parked',
                merchantId: merchant,
                data: { path, until: null },
              })),
            );
            const rows = await sql.query<{ path: string; merchant: string | null }>(
              `SELECT data ->> 'path' AS path, merchant_id AS merchant FROM events.event WHERE platform_id = 3 ORDER BY event_id`,
            );
            expect(rows).toEqual(all.map(({ path, merchant }) => ({ path, merchant })));
            throw new Error('only tried');
          })
          .catch((error: unknown) => expect(error).toMatchObject({ message: 'only tried' }));
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the order of a list, and numbers each platform by itself', async () => {
    const counts = (platformId: number, n: number): NewEvent => ({
      platformId,
      type: 'quota.parked',
      data: { path: `/${n}`, until: null },
    });
    await writer.write(db, [counts(1, 1), counts(2, 1), counts(1, 2), counts(1, 3), counts(2, 2)]);
    const of = async (platformId: number) =>
      (await readAll(platformId)).flatMap((event) =>
        event.type === 'quota.parked' ? [[event.id, event.data.path]] : [],
      );
    expect(await of(1)).toEqual([
      ['2', '/1'],
      ['3', '/2'],
      ['4', '/3'],
    ]);
    expect(await of(2)).toEqual([
      ['1', '/1'],
      ['2', '/2'],
    ]);
  });

  it('looks the merchant of an account up, unless it is told one', async () => {
    const data = { from: null, to: 'm2' };
    await writer.write(db, [
      { platformId: 1, type: 'authorizer.assigned', authorizerAppid: APPID, data },
      { platformId: 2, type: 'authorizer.assigned', authorizerAppid: APPID, data },
      { platformId: 1, type: 'authorizer.assigned', authorizerAppid: APPID, merchantId: 'm2', data },
      { platformId: 1, type: 'authorizer.assigned', authorizerAppid: APPID, merchantId: null, data },
      { platformId: 1, type: 'authorizer.assigned', authorizerAppid: 'wx-unknown', data },
    ]);
    const merchants = (events: { type: string; merchant_id: string | null }[]) =>
      events.filter(({ type }) => type === 'authorizer.assigned').map((event) => event.merchant_id);
    expect(merchants(await readAll(1))).toEqual(['m1', 'm2', null, null]);
    expect(merchants(await readAll(2))).toEqual(['m9']);
    // By the database alone: the query has no filter.
    expect(merchants(await readAll(1, ['m1']))).toEqual(['m1']);
    expect(merchants(await readAll(1, ['m2', 'm9']))).toEqual(['m2']);
  });

  it('writes on behalf of a tenant, also about a merchant that the tenant does not see, and never for another platform', async () => {
    const tenant = { platformId: 3, merchantIds: ['m1'] };
    const event = (platformId: number): NewEvent => ({
      platformId,
      type: 'authorizer.assigned',
      authorizerAppid: APPID,
      merchantId: 'm2',
      data: { from: 'm1', to: 'm2' },
    });
    await test.db.forTenant(tenant, (sql) => writer.write(sql, [event(3)]));
    expect(await readAll(3, ['m1'])).toEqual([]);
    expect(await readAll(3)).toHaveLength(1);
    await expect(test.db.forTenant(tenant, (sql) => writer.write(sql, [event(1)]))).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('drops what the type does not describe, and cuts what is too long', async () => {
    const data = { info_type: 'x'.repeat(100), push_id: '1', authorization_code: 'secret', openid: 'secret' };
    await writer.write(db, [{ platformId: 4, type: 'push.received', data }]);
    expect(await readAll(4)).toMatchObject([{ data: { info_type: 'x'.repeat(64), push_id: '1' } }]);
    expect(JSON.stringify(await readAll(4))).not.toContain('secret');
  });

  it('has no type with a place for a token, a code, a ticket, an openid or the words of WeChat', () => {
    const named: string[] = [];
    const visit = (schema: unknown, path: string): void => {
      if (schema === null || typeof schema !== 'object') return;
      for (const [name, value] of Object.entries(schema as Record<string, unknown>)) {
        if (name === 'shape') for (const key of Object.keys(value as object)) named.push(`${path}.${key}`);
        if (name !== 'parent') visit(value, name === 'shape' ? path : path);
      }
    };
    for (const type of eventTypes) visit(EVENT_DATA[type].def, type);
    expect(named).toContain('push.received.info_type');
    const suspicious = named.filter((name) =>
      /token|secret|ticket|openid|errmsg|message|_code|\.code$|address/.test(name.replace(/^[a-z_]+\.[a-z_]+/, '')),
    );
    // `code` is one of a fixed list of codes, `sync_token` tells whether a list has changed, the third is a count.
    expect(new Set(suspicious)).toEqual(
      new Set([
        'platform.misconfigured.code',
        'snapshot.failed.code',
        'api_ips.changed.sync_token',
        'api_ips.held.sync_token',
        'reconciliation.finished.without_refresh_token',
      ]),
    );
  });
});
