import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { QueryRunner } from 'typeorm';
import { DomainLedger, bodyDigest, miscounted } from '#libs/domain-ledger';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { DirectDomainsInForce1764000024000 } from '../../../migrations/1764000024000-direct-domains-in-force.ts';

describe('domains both direct and in force, counted when the counter came', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await cloneDatabase();
  });
  afterAll(() => test.drop());

  it('are as many as if it had always been there, and go on from there', async () => {
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
      return { authorizerId: id, observedAt: new Date(), body, bodyDigest: bodyDigest(body) };
    });
    await test.db.transaction((sql) => ledger.record(sql, 1, observations));
    const runner = { query: (text: string) => test.db.runScript(text) } as unknown as QueryRunner;
    const migration = new DirectDomainsInForce1764000024000();
    expect(await miscounted(test.db, 1)).toBe(0);
    await migration.down(runner);
    expect(await miscounted(test.db, 1)).toBe(4);
    await migration.up(runner);
    expect(await miscounted(test.db, 1)).toBe(0);
    await test.db.run(
      `UPDATE authorizers.authorizer SET state = 'unauthorized' WHERE slot = 0 AND authorizer_id % 3 = 0`,
    );
    expect(await miscounted(test.db, 1)).toBe(0);
  });
});
