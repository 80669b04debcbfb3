import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cloneDatabase, type TestDatabase } from '#libs/testing';
import { DUE_DELIVERIES } from './webhooks.sql.ts';

const PENDING = 5000;
const PAGE = 512;

/** A table that has just been filled has no statistics: plans that are right by them alone come too late. */
describe('the look for what is due', () => {
  let test: TestDatabase;
  beforeAll(async () => {
    test = await cloneDatabase();
    await test.db.run(
      `INSERT INTO events.event (platform_id, seq, type, authorizer_appid, occurred_at, data)
       SELECT 1, n, 'quota.parked', 'wx-' || n, now(), '{}' FROM generate_series(1, $1) n`,
      [PENDING],
    );
    await test.db.run(
      `INSERT INTO events.delivery (platform_id, endpoint_id, seq, type, authorizer_appid, trigger)
       SELECT 1, 'e', seq, type, authorizer_appid, 'event' FROM events.event ORDER BY seq`,
    );
  });
  afterAll(() => test.drop());

  it('reads a few pages for each delivery, not all that wait', async () => {
    const values: Record<string, string> = { $1: '1', $2: `'e'`, $3: 'true', $4: `'{1,2,3}'`, $5: String(PAGE) };
    const text = DUE_DELIVERIES.text.replace(/\$[1-5]/g, (name) => values[name] as string);
    const plan = await test.db.query<Record<string, string>>(`EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) ${text}`);
    const lines = plan.map((row) => Object.values(row)[0] as string);
    const touched = /shared hit=(\d+)(?: read=(\d+))?/.exec(lines[1] ?? '') ?? [];
    const pages = Number(touched[1] ?? 0) + Number(touched[2] ?? 0);
    expect(lines[0]).toContain(`rows=${PAGE}`);
    expect(pages).toBeGreaterThan(0);
    expect({ pages: pages < 12 * PAGE, plan: pages < 12 * PAGE ? [] : lines }).toEqual({ pages: true, plan: [] });
  });
});
