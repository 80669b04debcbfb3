import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AuditTrail } from '#libs/access';
import { TokenInvalidationChannel } from '#libs/custody';
import type { Sql } from '#libs/kernel';
import { FakeClock, type TestDatabase, cloneDatabase, eventually, testLog } from '#libs/testing';
import { type Process, Scene } from '../../test/scene.ts';
import { EventWriter } from '#libs/events';
import { AccountFacts } from './account-facts.ts';
import { AuthorizerRefs } from './authorizer-refs.ts';
import { AuthorizerStore } from './authorizer-store.ts';
import { AuthorizerDirectory, type AuthorizerFilter } from './directory.ts';
import { Merchants } from '../merchants/merchants.ts';
import { slotOf } from './slot.ts';

const PLATFORM = 1;
const ANYBODY = { merchantIds: null, actor: 'operator:spec' };
let database: TestDatabase;
let directory: AuthorizerDirectory;
let merchants: Merchants;

beforeAll(async () => {
  database = await cloneDatabase();
  const news = new TokenInvalidationChannel(database.db, testLog().log);
  const facts = new AccountFacts(new AuditTrail(database.db, testLog().log), new EventWriter());
  const refs = new AuthorizerRefs(database.db, new FakeClock(), news);
  const store = new AuthorizerStore(news, facts);
  directory = new AuthorizerDirectory(refs, store, facts);
  merchants = new Merchants(store, facts);
  for (const merchantId of ['m1', 'm2', 'M3']) {
    await merchants.create(database.db, PLATFORM, { merchantId, name: `Merchant ${merchantId}` });
  }
  await merchants.create(database.db, 2, { merchantId: 'm1', name: 'of another platform' });
  const rows: [string, string, string | null, number[], string, string][] = [
    ['wxa', 'authorized', 'm1', [17, 18], '小店', '示例有限公司'],
    ['wxb', 'authorized', 'm1', [118, 180], '50% off_shop', 'Other Ltd'],
    ['wxc', 'unauthorized', 'm2', [18], 'Cafe', 'Other Ltd'],
    ['wxd', 'reauthorization_required', null, [], 'Depot', '示例有限公司'],
    ['wxe', 'authorized', null, [18], 'Élan', 'Third'],
  ];
  for (const [appid, state, merchantId, sets, nick, principal] of rows)
    await insert(appid, state, merchantId, sets, nick, principal);
  await database.db.run(
    `INSERT INTO authorizers.authorizer (platform_id, authorizer_appid, slot, state, merchant_id)
     VALUES (2, 'wxa', 0, 'authorized', 'm1')`,
  );
});
afterAll(() => database.drop());

function insert(
  appid: string,
  state: string,
  merchantId: string | null,
  sets: number[],
  nick: string,
  principal: string,
) {
  return database.db.run(
    `INSERT INTO authorizers.authorizer
            (platform_id, authorizer_appid, slot, state, merchant_id, permission_sets, nick_name, principal_name, kind)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'mini_program')`,
    [PLATFORM, appid, slotOf(appid), state, merchantId, sets, nick, principal],
  );
}

async function found(filter: AuthorizerFilter): Promise<string> {
  const { items } = await directory.list(database.db, PLATFORM, filter, { limit: 100 });
  return items.map((row) => row.authorizerAppid.slice(2)).join('');
}

describe('AuthorizerDirectory', () => {
  it.each<[AuthorizerFilter, string]>([
    [{}, 'abcde'],
    [{ state: 'authorized' }, 'abe'],
    [{ merchantId: 'm1' }, 'ab'],
    [{ permissionSet: 18 }, 'ace'],
    [{ lacksPermissionSet: 18 }, 'bd'],
    [{ lacksPermissionSet: 18, state: 'authorized' }, 'b'],
    [{ appids: ['wxb', 'wxd', 'wxother'] }, 'bd'],
    [{ appids: ['wxb', 'wxd'], merchantIds: ['m1'] }, 'b'],
    [{ appids: ['wxb', 'wxd'], state: 'authorized' }, 'b'],
    [{ q: '示例' }, 'ad'],
    [{ q: 'OTHER' }, 'bc'],
    [{ q: 'WXD' }, 'd'],
    [{ q: '%' }, 'b'],
    [{ q: '_' }, 'b'],
    [{ q: '\\' }, ''],
    [{ q: "' OR true --" }, ''],
    [{ merchantIds: ['m1'] }, 'ab'],
    [{ merchantIds: ['m1'], merchantId: 'm2' }, ''],
    [{ merchantIds: [] }, ''],
    [{ merchantIds: null }, 'abcde'],
  ])('finds by %j', async (filter, expected) => expect(await found(filter)).toBe(expected));

  describe('searches by part of a text', () => {
    const ALPHABET = ['小', '店', '餐', 'é', 'a', 'B', 'c', 'wx', '9', '%', '_', '\\', "'", ' '];
    const text = fc.string({ unit: fc.constantFrom(...ALPHABET), maxLength: 6 });
    const part = fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: 1, maxLength: 4 });
    const accounts = fc.uniqueArray(fc.record({ appid: text, nick: fc.option(text), principal: fc.option(text) }), {
      selector: ({ appid }) => appid,
      minLength: 1,
      maxLength: 12,
    });
    const search = (sql: Sql, platformId: number, q: string, merchantIds: string[] | null = null) =>
      directory
        .list(sql, platformId, { q, merchantIds }, { limit: 100 })
        .then(({ items }) => items.map((row) => row.authorizerAppid));

    it('as a look at every account would, by either index and by none', async () => {
      const { url } = database;
      const indexed = await database.another({
        url: `${url}${url.includes('?') ? '&' : '?'}options=${encodeURIComponent('-c enable_seqscan=off -c enable_indexscan=off')}`,
      });
      await fc.assert(
        fc.asyncProperty(accounts, part, async (rows, q) => {
          await database.db.run('DELETE FROM authorizers.authorizer WHERE platform_id = 77');
          await database.db.run(
            `INSERT INTO authorizers.authorizer (platform_id, authorizer_appid, slot, state, nick_name, principal_name)
             SELECT 77, * FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[])`,
            [
              rows.map((row) => row.appid),
              rows.map(() => 0),
              rows.map(() => 'authorized'),
              rows.map((row) => row.nick),
              rows.map((row) => row.principal),
            ],
          );
          const expected = rows
            .filter((row) =>
              [row.appid, row.nick, row.principal].some((each) => each?.toLowerCase().includes(q.toLowerCase())),
            )
            .map((row) => row.appid);
          expect(await search(database.db, 77, q)).toEqual(expected);
          expect(await search(indexed, 77, q)).toEqual(expected);
        }),
        { numRuns: 60 },
      );
    });

    it('within the platform and the merchants of the request, whatever is asked', async () => {
      const as = (platformId: number, merchantIds: string[] | null, work: (sql: Sql) => Promise<unknown>) =>
        database.db.forTenant({ platformId, merchantIds }, work);
      expect(await as(PLATFORM, null, (sql) => search(sql, PLATFORM, 'wx'))).toHaveLength(5);
      expect(await as(PLATFORM, ['m1'], (sql) => search(sql, PLATFORM, 'wx'))).toEqual(['wxa', 'wxb']);
      expect(await as(2, null, (sql) => search(sql, 2, 'wx'))).toEqual(['wxa']);
      const ids = (sql: Sql) =>
        sql.query('SELECT authorizers.search($1, $2, 0, 100, NULL, NULL, NULL, NULL, NULL)', [PLATFORM, 'wx']);
      expect(await as(2, null, ids)).toEqual([]);
      expect(await as(PLATFORM, ['m2'], ids)).toHaveLength(1);
      expect(await as(PLATFORM, null, ids)).toHaveLength(5);
    });

    it('in pages', async () => {
      const first = await directory.list(database.db, PLATFORM, { q: 'wx' }, { limit: 2 });
      const cursor = first.next_cursor as string;
      const second = await directory.list(database.db, PLATFORM, { q: 'wx' }, { limit: 3, cursor });
      expect([...first.items, ...second.items].map((row) => row.authorizerAppid)).toEqual([
        'wxa',
        'wxb',
        'wxc',
        'wxd',
        'wxe',
      ]);
      expect(second.next_cursor).toBeNull();
    });
  });

  it('pages by keyset: what is added meanwhile neither shifts nor repeats anything', async () => {
    const first = await directory.list(database.db, PLATFORM, {}, { limit: 2 });
    await insert('wxz', 'authorized', null, [], 'late', 'late');
    const seen = first.items.map((row) => row.authorizerAppid);
    for (let cursor = first.next_cursor; cursor !== null;) {
      const page = await directory.list(database.db, PLATFORM, {}, { limit: 2, cursor });
      seen.push(...page.items.map((row) => row.authorizerAppid));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual(['wxa', 'wxb', 'wxc', 'wxd', 'wxe', 'wxz']);
    await database.db.run("DELETE FROM authorizers.authorizer WHERE authorizer_appid = 'wxz'");
    await expect(directory.list(database.db, PLATFORM, {}, { limit: 2, cursor: 'forged' })).rejects.toThrow();
  });

  it('does not show what is another merchant’s or another platform’s', async () => {
    expect(await directory.get(database.db, PLATFORM, 'wxc', ['m1'])).toBeNull();
    expect(await directory.get(database.db, PLATFORM, 'wxd', ['m1'])).toBeNull();
    expect((await directory.get(database.db, PLATFORM, 'wxa', ['m1']))?.permissionSets).toEqual([17, 18]);
    expect(await directory.get(database.db, 3, 'wxa')).toBeNull();
  });

  it('assigns within what the caller may see, to merchants that exist', async () => {
    expect(await directory.assign(database.db, PLATFORM, 'wxd', 'm2', ANYBODY)).toMatchObject({ merchantId: 'm2' });
    expect(await directory.assign(database.db, PLATFORM, 'wxd', null, ANYBODY)).toMatchObject({ merchantId: null });
    expect(await directory.assign(database.db, PLATFORM, 'wxc', 'm1', { ...ANYBODY, merchantIds: ['m1'] })).toBeNull();
    expect(await directory.assign(database.db, PLATFORM, 'wxnobody', 'm1', ANYBODY)).toBeNull();
    for (const [merchantId, limit] of [
      ['nobody', null],
      ['m2', ['m1']],
    ] as const) {
      await expect(
        directory.assign(database.db, PLATFORM, 'wxa', merchantId, { ...ANYBODY, merchantIds: limit }),
      ).rejects.toMatchObject({
        details: { errors: [{ path: 'merchant_id' }] },
      });
    }
  });

  it('walks the mini programs of a slot range for a sweep: each once, only authorized ones', async () => {
    const seen: string[] = [];
    for (let after: { slot: number; authorizerId: number } | null = null; ;) {
      const range = { slotFrom: 0, slotTo: 65_535, after, limit: 1 };
      const [subject] = await directory.sweepPage(database.db, PLATFORM, range);
      if (!subject) break;
      seen.push(subject.authorizerAppid);
      expect(subject.hasPermissionSet18).toBe(subject.authorizerAppid !== 'wxb');
      after = subject;
    }
    expect(seen.sort()).toEqual(['wxa', 'wxb', 'wxe']);
    const slot = slotOf('wxa');
    const one = await directory.sweepPage(database.db, PLATFORM, {
      slotFrom: slot,
      slotTo: slot,
      after: null,
      limit: 10,
    });
    expect(one.map((subject) => subject.authorizerAppid)).toEqual(['wxa']);
  });
});

describe('Merchants', () => {
  it('lists bytewise by id, in pages, within limits', async () => {
    const first = await merchants.list(database.db, PLATFORM, { limit: 2 });
    expect(first.items.map((row) => row.merchantId)).toEqual(['M3', 'm1']);
    const second = await merchants.list(database.db, PLATFORM, { limit: 2, cursor: first.next_cursor ?? '' });
    expect(second.items.map((row) => row.merchantId)).toEqual(['m2']);
    expect(second.next_cursor).toBeNull();
    const limited = await merchants.list(database.db, PLATFORM, { limit: 9, merchantIds: ['m2'] });
    expect(limited.items.map((row) => row.merchantId)).toEqual(['m2']);
  });

  it('is created once, renamed, and hidden from others', async () => {
    const again = merchants.create(database.db, PLATFORM, { merchantId: 'm1', name: 'again' });
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
    expect(await merchants.rename(database.db, PLATFORM, 'm1', 'New name')).toMatchObject({ name: 'New name' });
    expect(await merchants.rename(database.db, PLATFORM, 'm1', 'x', ['m2'])).toBeNull();
    expect(await merchants.get(database.db, PLATFORM, 'm1', ['m2'])).toBeNull();
    expect(await merchants.get(database.db, 2, 'm1')).toMatchObject({ name: 'of another platform' });
  });
});

describe('accounts in memory', () => {
  let scene: Scene;
  let one: Process;
  let two: Process;
  const APPID = 'wxmerchant00000001';
  beforeAll(async () => {
    scene = await Scene.open();
    one = await scene.process();
    two = await scene.process();
    scene.addMiniProgram(APPID);
    await one.authorizers.lifecycle.apply((await scene.authorize(APPID)).event, scene.platform);
  });
  afterAll(() => scene.close());

  it('a withdrawal seen by one process is known to the other', async () => {
    expect(await two.authorizers.directory.ref(scene.platform, APPID)).toMatchObject({ state: 'authorized' });
    scene.pass(5, one, two);
    await one.authorizers.lifecycle.apply(await scene.unauthorize(APPID), scene.platform);
    await eventually('the other process knows', async () => {
      const ref = await two.authorizers.directory.ref(scene.platform, APPID);
      return ref?.state === 'unauthorized';
    });
  });

  it('an assignment too', async () => {
    await one.authorizers.merchants.create(one.db, scene.platform.platformId, { merchantId: 'm1', name: 'm1' });
    await one.authorizers.directory.assign(one.db, scene.platform.platformId, APPID, 'm1', ANYBODY);
    await eventually('the other process knows', async () => {
      const ref = await two.authorizers.directory.ref(scene.platform, APPID);
      return ref?.merchantId === 'm1';
    });
  });

  it('who is limited to other merchants finds nothing, also while somebody else finds it, and makes nobody forget it', async () => {
    const { directory } = two.authorizers;
    for (const outdated of [true, false]) {
      if (outdated) two.authorizers.refs.outdateAll();
      const [whole, own, others, none] = await Promise.all([
        directory.ref(scene.platform, APPID),
        directory.ref(scene.platform, APPID, ['m1', 'm2']),
        directory.ref(scene.platform, APPID, ['m2']),
        directory.ref(scene.platform, APPID, []),
      ]);
      expect([whole?.merchantId, own?.merchantId, others, none]).toEqual(['m1', 'm1', null, null]);
    }
    expect(directory.refAtHand(scene.platform, APPID)).toMatchObject({ merchantId: 'm1' });
  });

  it('without the database what was known is served, even when it is doubtful; what was not known fails', async () => {
    const own = await scene.process({ doomed: true });
    expect(await own.authorizers.directory.ref(scene.platform, 'wxnobody')).toBeNull();
    const known = await own.authorizers.directory.ref(scene.platform, APPID);
    await own.db.close();
    own.authorizers.refs.outdateAll();
    expect(await own.authorizers.directory.ref(scene.platform, APPID)).toEqual(known);
    await expect(own.authorizers.directory.ref(scene.platform, 'wxnobody')).rejects.toThrow();
  });
});

describe('what an account had granted', () => {
  it('is kept from change to change, and shown newest first', async () => {
    const scene = await Scene.open();
    try {
      const hub = await scene.process();
      const appid = scene.addMiniProgram('wxmerchant00000009');
      const { lifecycle, directory: its } = hub.authorizers;
      for (const permissionSets of [
        [17, 18],
        [17, 25],
      ]) {
        await lifecycle.apply((await scene.authorize(appid, { permissionSets })).event, scene.platform);
        await hub.runJobs();
        scene.pass(60, hub);
      }
      await lifecycle.apply(await scene.unauthorize(appid), scene.platform);
      const { platformId } = scene.platform;
      const account = await its.get(hub.db, platformId, appid);
      const first = await its.grants(hub.db, platformId, account!.authorizerId, { limit: 2 });
      const rest = await its.grants(hub.db, platformId, account!.authorizerId, {
        limit: 2,
        cursor: first.next_cursor as string,
      });
      expect(rest.next_cursor).toBeNull();
      expect([...first.items, ...rest.items].map((row) => [row.state, row.permissionSets, row.previousSets])).toEqual([
        ['unauthorized', [17, 25], [17, 25]],
        ['authorized', [17, 25], [17, 18]],
        ['authorized', [17, 18], []],
      ]);
    } finally {
      await scene.close();
    }
  });
});

describe('a merchant that is removed', () => {
  it('leaves its accounts to nobody, and is on record', async () => {
    const platformId = 77;
    await merchants.create(database.db, platformId, { merchantId: 'gone', name: 'Gone' });
    await database.db.run(
      `INSERT INTO authorizers.authorizer (platform_id, authorizer_appid, slot, state, merchant_id)
       VALUES ($1, 'wxhad', 0, 'authorized', 'gone'), ($1, 'wxother', 0, 'authorized', NULL)`,
      [platformId],
    );
    await database.db.run(
      `INSERT INTO authorizers.authorization_link (platform_id, link_id, merchant_id, page, auth_type, expires_at)
       VALUES ($1, 'l', 'gone', 'pc', 2, wxfleet.now())`,
      [platformId],
    );
    expect(await merchants.remove(database.db, platformId, 'gone', { actor: 'operator:spec' })).toEqual(['wxhad']);
    expect(await merchants.get(database.db, platformId, 'gone')).toBeNull();
    expect(await directory.get(database.db, platformId, 'wxhad')).toMatchObject({ merchantId: null });
    const trail = await database.db.query<{ action: string; merchant_id: string | null }>(
      'SELECT action, merchant_id FROM access.audit_event WHERE platform_id = $1 ORDER BY id',
      [platformId],
    );
    expect(trail).toEqual([
      { action: 'authorizer.unassigned', merchant_id: 'gone' },
      { action: 'authorizer.assigned', merchant_id: null },
    ]);
    expect(await merchants.remove(database.db, platformId, 'gone', { actor: 'operator:spec' })).toBeNull();
  });
});
