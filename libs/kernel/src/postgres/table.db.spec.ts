import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Column, Entity, In, PrimaryColumn } from 'typeorm';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { isDatabaseUnavailable } from './errors.ts';

@Entity({ schema: 'authorizers', name: 'merchant' })
class Merchant {
  @PrimaryColumn({ name: 'platform_id', type: 'int' })
  platformId!: number;
  @PrimaryColumn({ name: 'merchant_id', type: 'text' })
  merchantId!: string;
  @Column({ type: 'text' })
  name!: string;
  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'wxfleet.now()' })
  createdAt!: Date;
}

@Entity({ schema: 'access', name: 'api_key' })
class Key {
  @PrimaryColumn({ type: 'text' })
  id!: string;
  @Column({ name: 'key_digest', type: 'bytea' })
  digest!: Buffer;
}

const merchant = (platformId: number, merchantId: string) => ({
  platformId,
  merchantId,
  name: `${merchantId} of ${platformId}`,
});

describe('a repository', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await cloneDatabase();
    await test.db.repository(Merchant).insert([merchant(1, 'a'), merchant(1, 'b'), merchant(2, 'a')]);
  });
  afterAll(() => test.drop());

  it('sees and changes only the rows of the tenant', async () => {
    const tenant = { platformId: 1, merchantIds: ['a'] };
    const seen = await test.db.forTenant(tenant, async (sql) => {
      const merchants = sql.repository(Merchant);
      const changed = [
        (await merchants.update({ platformId: 1, merchantId: 'a' }, { name: 'changed' })).affected,
        (await merchants.update({ platformId: 1, merchantId: 'b' }, { name: 'not mine' })).affected,
        (await merchants.update({ platformId: 2, merchantId: 'a' }, { name: 'not mine' })).affected,
      ];
      return { changed, rows: await merchants.find(), count: await merchants.count() };
    });
    expect(seen).toMatchObject({
      changed: [1, 0, 0],
      rows: [{ platformId: 1, merchantId: 'a', name: 'changed' }],
      count: 1,
    });
    expect(seen.rows[0]).toBeInstanceOf(Merchant);
    expect(seen.rows[0]!.createdAt).toBeInstanceOf(Date);
    const others = await test.db
      .repository(Merchant)
      .find({ order: { platformId: 'ASC' }, where: { name: In(['b of 1', 'a of 2']) } });
    expect(others).toHaveLength(2);
  });

  it('may write no row of another tenant, and nothing that the role may not', async () => {
    const insert = test.db.forTenant({ platformId: 1, merchantIds: null }, (sql) =>
      sql.repository(Merchant).insert(merchant(2, 'stolen')),
    );
    await expect(insert).rejects.toMatchObject({ code: '42501' });
    const rename = test.db.forTenant({ platformId: 1, merchantIds: null }, (sql) =>
      sql.repository(Merchant).update({ platformId: 1 }, { merchantId: 'other' }),
    );
    await expect(rename).rejects.toMatchObject({ code: '42501' });
    const digests = test.db.forTenant({ platformId: 1, merchantIds: null }, (sql) => sql.repository(Key).find());
    await expect(digests).rejects.toMatchObject({ code: '42501' });
  });

  it('works on the connection and in the transaction of the statements beside it', async () => {
    const work = test.db.transaction(async (sql) => {
      const [[statement], { identifiers }] = await Promise.all([
        sql.query<{ xid: string }>('SELECT txid_current()::text AS xid'),
        sql.repository(Merchant).insert(merchant(3, 'x')),
      ]);
      const [row] = await sql.query<{ xid: string }>(
        'SELECT xmin::text AS xid FROM authorizers.merchant WHERE platform_id = 3',
      );
      expect(identifiers).toEqual([{ platformId: 3, merchantId: 'x' }]);
      expect(row).toEqual(statement);
      throw new Error('rolled back');
    });
    await expect(work).rejects.toThrow('rolled back');
    expect(await test.db.repository(Merchant).existsBy({ platformId: 3 })).toBe(false);
  });

  it('sends nothing when the transaction has not begun', async () => {
    const db = await test.another({ poolSize: 1 });
    db.actAs('nobody_at_all');
    const refusals: unknown[] = [];
    const write = db.transaction((sql) =>
      sql
        .repository(Merchant)
        .insert(merchant(4, 'x'))
        .catch((error: unknown) => void refusals.push(error)),
    );
    await expect(write).rejects.toMatchObject({ code: '22023' });
    expect(refusals).toEqual([expect.objectContaining({ code: '22023' })]);
    expect(await test.db.repository(Merchant).existsBy({ platformId: 4 })).toBe(false);
  });

  it('tells a database that is away from a statement at fault', async () => {
    const db = await test.another({ poolSize: 1, lockTimeoutMs: 50 });
    await test.db.transaction(async (sql) => {
      await sql.run('LOCK TABLE authorizers.merchant');
      const refusal = await db
        .repository(Merchant)
        .find()
        .catch((error: unknown) => error);
      expect(isDatabaseUnavailable(refusal)).toBe(true);
    });
    const twice = await db
      .repository(Merchant)
      .insert(merchant(1, 'a'))
      .catch((error: unknown) => error);
    expect(twice).toMatchObject({ code: '23505' });
    expect(isDatabaseUnavailable(twice)).toBe(false);
  });
});
