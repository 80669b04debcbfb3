import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DomainLedger, bodyDigest, miscounted } from '#libs/domain-ledger';
import type { Sql } from '#libs/kernel';
import { cloneDatabase, type TestDatabase } from '#libs/testing';

describe('the counters of domains both direct and in force', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await cloneDatabase();
  });
  afterAll(() => test.drop());

  it('follow what is recorded and who loses the authorization', async () => {
    const made = await test.db.query<{ id: number }>(
      `INSERT INTO authorizers.authorizer (platform_id, authorizer_appid, slot, state, kind, permission_sets)
       SELECT 1, 'wxd' || n, 0, 'authorized', 'mini_program', '{18}' FROM generate_series(0, 19) n RETURNING authorizer_id AS id`,
    );
    const ledger = new DomainLedger({ snapshotIntervalMs: 86_400_000 });
    const observations = made.map(({ id }, n) => {
      const own = [`https://own${n % 3}.cn`, 'https://all.cn', 'https://all.cn/'];
      const body = Buffer.from(
        JSON.stringify({
          direct_domain: { requestdomain: own, uploaddomain: ['https://up.cn'] },
          effective_domain: { requestdomain: n % 2 ? own : ['https://all.cn'], downloaddomain: ['https://up.cn'] },
        }),
      );
      const at = new Date();
      return { authorizerId: id, askedAt: at, answeredAt: at, body, bodyDigest: bodyDigest(body) };
    });
    await test.db.transaction((sql) => ledger.record(sql, 1, observations));
    expect(await miscounted(test.db, 1)).toBe(0);
    await test.db
      .transaction(async (sql) => {
        const removed = [await removeCounters(sql, 'domain_use'), await removeCounters(sql, 'domain_use_delta')];
        expect(removed[0]! + removed[1]!).toBeGreaterThan(0);
        expect(await miscounted(sql, 1)).toBe(4);
        throw new Rollback();
      })
      .catch((error) => expect(error).toBeInstanceOf(Rollback));
    await test.db.run(
      `UPDATE authorizers.authorizer SET state = 'unauthorized' WHERE slot = 0 AND authorizer_id % 3 = 0`,
    );
    expect(await miscounted(test.db, 1)).toBe(0);
  });
});

class Rollback extends Error {}

function removeCounters(sql: Sql, table: string): Promise<number> {
  return sql.run(`DELETE FROM domain_ledger.${table} WHERE place BETWEEN 32 AND 37`);
}
