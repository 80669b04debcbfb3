import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DomainHistory, DomainLedger, bodyDigest, miscounted, miscountedEdits } from '#libs/domain-ledger';
import { cloneDatabase, describeSchema, type TestDatabase } from '#libs/testing';
import { writeHistories } from '../src/history/write-fleet.ts';

const PLATFORM = 3;
const COUNT = 2000;
const SNAPSHOTS = 5;

describe('the generated fleet', () => {
  let test: TestDatabase;
  let schema: string;
  /** The fleet has been observed until then. It is past: what is asked after it is not from the future. */
  let until: Date;
  beforeAll(async () => {
    test = await cloneDatabase();
    schema = await describeSchema(test.db);
    const [clock] = await test.db.query<{ at: Date }>(`SELECT wxfleet.now() - interval '1 hour' AS at`);
    until = (clock as { at: Date }).at;
    await writeHistories(test.db, {
      platformId: PLATFORM,
      count: COUNT,
      snapshots: SNAPSHOTS,
      days: 100,
      now: until,
    });
  });
  afterAll(() => test.drop());

  it('has its counters and its notes as the ledger would have them', async () => {
    expect(await miscounted(test.db, PLATFORM)).toBe(0);
    expect(await miscountedEdits(test.db, PLATFORM)).toBe(0);
    const [noted] = await test.db.query(
      `WITH held AS (SELECT DISTINCT content_id FROM domain_ledger.snapshot)
       SELECT (SELECT count(*)::int FROM held FULL JOIN domain_ledger.platform_content k USING (content_id)
                WHERE held.content_id IS NULL OR k.content_id IS NULL) AS contents,
              (SELECT count(*)::int FROM (
                 SELECT DISTINCT unnest(l.domain_ids) AS domain_id FROM held JOIN domain_ledger.domain_content c USING (content_id)
                   JOIN domain_ledger.domain_list l ON l.list_id = ANY (c.list_ids)) AS named
                 FULL JOIN domain_ledger.platform_domain k USING (domain_id)
                WHERE named.domain_id IS NULL OR k.domain_id IS NULL) AS domains`,
    );
    expect(noted).toEqual({ contents: 0, domains: 0 });
  });

  it('leaves schema, triggers and sequences as they were', async () => {
    expect(await describeSchema(test.db)).toBe(schema);
    const disabled = await test.db.query(`SELECT tgname FROM pg_trigger WHERE tgenabled = 'D'`);
    expect(disabled).toEqual([]);
    const [made] = await test.db.query<{ id: number }>(
      `INSERT INTO authorizers.authorizer (platform_id, authorizer_appid, slot, state) VALUES ($1, 'wxnext', 0, 'authorized')
       RETURNING authorizer_id AS id`,
      [PLATFORM],
    );
    expect(made?.id).toBeGreaterThan(COUNT);
    await test.db.run(`DELETE FROM authorizers.authorizer WHERE authorizer_appid = 'wxnext'`);
  });

  it('has some of every kind', async () => {
    const kinds = await test.db.query<{
      counted: number;
      observed: boolean;
      drift: boolean;
      blind: boolean;
      n: number;
    }>(
      `SELECT counted, content_id IS NOT NULL AS observed, drift_since IS NOT NULL AS drift, unreadable_since IS NOT NULL AS blind,
              count(*)::int AS n
         FROM domain_ledger.watch GROUP BY 1, 2, 3, 4`,
    );
    const found = kinds
      .map(({ counted, observed, drift, blind }) => [counted, observed, drift, blind].join(' '))
      .sort();
    expect(found).toEqual(
      [
        '0 true false true',
        '1 false false false',
        '1 false false true',
        '1 true false true',
        '2 true false false',
        '2 true false true',
        '2 true true false',
      ].sort(),
    );
  });

  it('is what the ledger would have written: the same answers change nothing, digest by digest', async () => {
    const ledger = new DomainLedger({ snapshotIntervalMs: 86_400_000 });
    const history = new DomainHistory();
    const members = await test.db.query<{ authorizerId: number; authorizerAppid: string }>(
      `SELECT authorizer_id AS "authorizerId", authorizer_appid AS "authorizerAppid"
         FROM domain_ledger.watch JOIN authorizers.authorizer USING (platform_id, authorizer_id)
        WHERE counted = 2 ORDER BY authorizer_id`,
    );
    const bodies = new Map<number, Buffer>();
    for (const subject of members) {
      const latest = await history.latest(test.db, PLATFORM, subject);
      bodies.set(subject.authorizerId, await history.raw(test.db, PLATFORM, subject, latest?.id ?? ''));
    }
    const again = (spelling: (body: Buffer) => Buffer, afterMs: number) =>
      test.db.transaction((sql) =>
        ledger.record(
          sql,
          PLATFORM,
          members.map(({ authorizerId }) => {
            const body = spelling(bodies.get(authorizerId) as Buffer);
            const askedAt = new Date(until.getTime() + afterMs);
            return { authorizerId, askedAt, answeredAt: askedAt, body, bodyDigest: bodyDigest(body) };
          }),
        ),
      );
    const outcomes = (recorded: { outcome: string }[]) => new Set(recorded.map(({ outcome }) => outcome));
    expect(members.length).toBeGreaterThan(COUNT / 2);
    expect(outcomes(await again((body) => body, 60_000))).toEqual(new Set(['unchanged']));
    // Other bytes with the same meaning: now the digest of the content has to agree.
    const reworded = (body: Buffer) => Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 1));
    expect(outcomes(await again(reworded, 120_000))).toEqual(new Set(['unchanged']));
  });

  it('has histories without holes, newest last', async () => {
    const [wrong] = await test.db.query(
      `WITH runs AS (
         SELECT s.*, lead(s.first_observed_at) OVER (PARTITION BY s.authorizer_id ORDER BY s.no) AS next_at, w.latest_no,
                w.last_observed_at AS seen_at
           FROM domain_ledger.snapshot s JOIN domain_ledger.watch w USING (platform_id, authorizer_id))
       SELECT count(*) FILTER (WHERE next_at IS NOT NULL AND NOT (first_observed_at <= last_observed_at AND last_observed_at < next_at))::int AS crossed,
              count(*) FILTER (WHERE next_at IS NULL AND (no <> latest_no OR last_observed_at IS NOT NULL OR seen_at < first_observed_at))::int AS open,
              count(*) FILTER (WHERE (change_id IS NULL) <> (no = 1))::int AS unexplained,
              count(*) FILTER (WHERE next_at IS NULL)::int AS members
         FROM runs`,
    );
    expect(wrong).toEqual({ crossed: 0, open: 0, unexplained: 0, members: expect.any(Number) });
  });
});
