import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { FakeClock, cloneDatabase, eventually, testLog, type TestDatabase } from '#libs/testing';
import { Secret, type Database } from '#libs/kernel';
import { ApiKeys } from './api-keys.ts';
import { AuditTrail } from './audit-trail.ts';
import { generateKey } from './key-format.ts';

describe('API keys', () => {
  let test: TestDatabase;
  const clock = new FakeClock();
  const started: ApiKeys[] = [];
  let audit: AuditTrail;
  beforeAll(async () => {
    test = await cloneDatabase();
    audit = new AuditTrail(test.db, testLog().log);
  });
  afterEach(() => Promise.all(started.splice(0).map((keys) => keys.stop())));
  afterAll(() => test.drop());

  /** What one process has. */
  async function keysOn(db: Database): Promise<ApiKeys> {
    const keys = new ApiKeys(db, clock, testLog().log);
    await keys.start();
    started.push(keys);
    return keys;
  }
  const aKey = { platformId: 1, name: 'backend', scopes: ['tokens:issue'] as const, createdBy: 'operator:x' };

  it('are stored as digests and tell who holds them', async () => {
    const keys = await keysOn(test.db);
    const { view, key } = await keys.create(test.db, { ...aKey, merchantIds: ['m1'] });
    expect(await keys.authenticate(key.reveal())).toEqual({
      kind: 'platform',
      keyId: view.id,
      platformId: 1,
      merchantIds: ['m1'],
      scopes: new Set(['tokens:issue']),
      expiresAt: null,
      actor: `api_key:${view.id}`,
    });
    const stored = await test.db.query('SELECT api_key::text AS row FROM access.api_key');
    expect(JSON.stringify(stored)).not.toContain(key.reveal());
    expect(JSON.stringify(view)).not.toContain(key.reveal());
    expect(key.reveal().startsWith(view.prefix)).toBe(true);
  });

  it('answer from memory, without a promise, once known', async () => {
    const keys = await keysOn(test.db);
    const { key } = await keys.create(test.db, aKey);
    const first = await keys.authenticate(key.reveal());
    expect(keys.authenticate(key.reveal())).toBe(first);
  });

  it('that nobody issued are refused, malformed ones without a look-up', async () => {
    const keys = await keysOn(test.db);
    const { key } = await keys.create(test.db, aKey);
    expect(await keys.authenticate(generateKey('pk'))).toBeNull();
    const mistyped = key.reveal().slice(0, -1) + (key.reveal().endsWith('a') ? 'b' : 'a');
    expect(keys.authenticate(mistyped)).toBeNull();
    expect(keys.authenticate('x')).toBeNull();
    expect(keys.authenticate('x'.repeat(100_000))).toBeNull();
  });

  it('revoked in one process are refused in another that had them cached', async () => {
    const here = await keysOn(test.db);
    const there = await keysOn(await test.another());
    const { view, key } = await here.create(test.db, aKey);
    expect(await there.authenticate(key.reveal())).not.toBeNull();
    await test.db.transaction((sql) => here.revoke(sql, 1, view.id));
    await eventually('the other process refuses', async () => (await there.authenticate(key.reveal())) === null);
    expect(await here.authenticate(key.reveal())).toBeNull();
  });

  it('of another platform or outside the merchants of the revoker cannot be revoked', async () => {
    const keys = await keysOn(test.db);
    const { view, key } = await keys.create(test.db, { ...aKey, merchantIds: ['m1', 'm2'] });
    expect(await keys.revoke(test.db, 2, view.id)).toBe(false);
    expect(await keys.revoke(test.db, 1, view.id, ['m1'])).toBe(false);
    expect(await keys.authenticate(key.reveal())).not.toBeNull();
    expect(await keys.revoke(test.db, 1, view.id, ['m1', 'm2', 'm3'])).toBe(true);
  });

  it('expire by what the database said, even if the clock of the machine jumps', async () => {
    const keys = await keysOn(test.db);
    const { key } = await keys.create(test.db, { ...aKey, expiresAt: new Date(Date.now() + 60_000) });
    expect(await keys.authenticate(key.reveal())).not.toBeNull();
    clock.jump(86_400_000);
    expect(keys.authenticate(key.reveal())).not.toBeNull();
    clock.advance(61_000);
    expect(keys.authenticate(key.reveal())).toBeNull();
  });

  it('keep working while the database is away, and are asked about again afterwards', async () => {
    const db = await test.another({ connectTimeoutMs: 500 });
    const keys = await keysOn(db);
    const { view, key } = await keys.create(test.db, aKey);
    expect(await keys.authenticate(key.reveal())).not.toBeNull();
    // Every connection of that process dies; the revocation happens in the gap.
    await test.db.transaction(async (sql) => {
      await sql.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
      );
      await sql.run('UPDATE access.api_key SET revoked_at = now() WHERE id = $1', [view.id]); // no NOTIFY: missed
    });
    expect(keys.authenticate(key.reveal())).not.toBeNull();
    await eventually('refused after the gap', async () => (await keys.authenticate(key.reveal())) === null);
  });

  it('show when they were used last', async () => {
    const keys = await keysOn(test.db);
    const { view, key } = await keys.create(test.db, { ...aKey, platformId: 7 });
    await keys.authenticate(key.reveal());
    await keys.flushUse();
    const { items } = await keys.list(test.db, 7, { limit: 10 });
    expect(items).toMatchObject([{ id: view.id, last_used_at: expect.any(String) }]);
  });

  it('are listed in pages that inserts do not shift', async () => {
    const keys = await keysOn(test.db);
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1)
      ids.push((await keys.create(test.db, { ...aKey, platformId: 9 })).view.id);
    const first = await keys.list(test.db, 9, { limit: 2 });
    await keys.create(test.db, { ...aKey, platformId: 9 });
    const second = await keys.list(test.db, 9, { limit: 9, cursor: first.next_cursor ?? '' });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids.reverse());
    expect(second.next_cursor).toBeNull();
  });

  describe('of the operator', () => {
    it('are generated once, and once only when two processes start together', async () => {
      await test.db.run('DELETE FROM access.api_key WHERE platform_id IS NULL');
      const here = await keysOn(test.db);
      const there = await keysOn(await test.another());
      const made = await Promise.all([here.bootstrap(undefined, audit), there.bootstrap(undefined, audit)]);
      const [key] = made.filter((value) => value !== null);
      expect(made.filter((value) => value !== null)).toHaveLength(1);
      expect(await here.authenticate((key as Secret).reveal())).toMatchObject({ kind: 'operator', platformId: null });
      expect(await here.bootstrap(undefined, audit)).toBeNull();
    });

    it('from the environment replace the one before, which goes on for a quarter of an hour', async () => {
      const [here, there] = [await keysOn(test.db), await keysOn(await test.another())];
      const [first, second] = ['first-admin-key-0001', 'second-admin-key-0002'];
      const lives = async (keys: ApiKeys, key: string) => (await keys.authenticate(key))?.expiresAt ?? null;
      await here.bootstrap(new Secret(first), audit);
      expect(await there.authenticate(first)).toMatchObject({ kind: 'operator', expiresAt: null });
      // One process after the other is restarted with the second key: those that have the first one go on.
      await there.bootstrap(new Secret(second), audit);
      expect(await lives(there, second)).toBeNull();
      await eventually('the first one is to end', async () => (await lives(here, first)) !== null);
      const [row] = await test.db.query<{ minutes: number }>(
        `SELECT extract(epoch FROM expires_at - wxfleet.now())::float8 / 60 AS minutes FROM access.api_key WHERE id = $1`,
        [(await here.authenticate(first))?.keyId],
      );
      expect(Math.ceil(row?.minutes ?? 0)).toBe(15);
      // One that still has the first is restarted, for whatever reason: it has its key, and the second one time enough.
      await here.bootstrap(new Secret(first), audit);
      await eventually('the first one stays', async () => (await lives(there, first)) === null);
      await eventually('the second one is to end', async () => (await lives(there, second)) !== null);
      // The last start decides.
      await here.bootstrap(new Secret(second), audit);
      await eventually('the second one stays', async () => (await lives(there, second)) === null);
      await eventually('the first one is to end', async () => (await lives(there, first)) !== null);
      await test.db.run(`UPDATE access.api_key SET expires_at = wxfleet.now() WHERE expires_at IS NOT NULL`);
      await here.revalidate();
      expect(await here.authenticate(first)).toBeNull();
      expect(await here.authenticate(second)).not.toBeNull();
    });

    it('leave a trace when they are made, replaced and put back, and none at a start that changes nothing', async () => {
      await test.db.run(`DELETE FROM access.api_key WHERE platform_id IS NULL`);
      const keys = await keysOn(test.db);
      const [before] = await test.db.query<{ id: number }>('SELECT coalesce(max(id), 0) AS id FROM access.audit_event');
      await keys.bootstrap(undefined, audit);
      for (const key of [
        'third-admin-key-0003',
        'third-admin-key-0003',
        'fourth-admin-key-0004',
        'third-admin-key-0003',
      ]) {
        await keys.bootstrap(new Secret(key), audit);
      }
      const events = await test.db.query<{ action: string; actor: string; subject: string }>(
        'SELECT action, actor, subject FROM access.audit_event WHERE id > $1 AND platform_id IS NULL ORDER BY id',
        [before?.id],
      );
      expect(events.map(({ action }) => action)).toEqual(
        ['created', 'created', 'replaced', 'created', 'replaced', 'restored'].map((what) => `operator_key.${what}`),
      );
      expect(new Set(events.map(({ actor }) => actor))).toEqual(new Set(['system']));
      expect(JSON.stringify(events)).not.toContain('admin-key');
    });
  });
});
