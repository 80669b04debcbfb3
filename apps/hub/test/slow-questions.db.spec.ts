import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/testing';
import { HubWorld } from './hub-world.ts';

const PLATFORM = 'wxslowquestions';
const base = `/v1/platforms/${PLATFORM}`;

describe('a question that the database does not answer in time', () => {
  let world: HubWorld;

  beforeAll(async () => {
    world = await HubWorld.start();
    await world.platform(PLATFORM);
  }, 120_000);
  afterAll(() => world.stop());

  /** Ends it as `statement_timeout` does, without the thirty seconds. */
  async function endIt(text: string): Promise<void> {
    await eventually(`${text} runs`, async () => {
      const [ended] = await world.db.query<{ done: boolean }>(
        `SELECT pg_cancel_backend(pid) AS done FROM pg_stat_activity
          WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid() AND query LIKE $1`,
        [`%${text}%`],
      );
      return ended?.done === true;
    });
  }

  it('is answered with 503, a problem document and Retry-After: a search', async () => {
    await world.db.run(
      `CREATE OR REPLACE FUNCTION authorizers.characters(text text) RETURNS text[] LANGUAGE sql VOLATILE AS
         $$ SELECT ARRAY[pg_sleep(60)::text] $$`,
    );
    const asked = world.call('GET', `${base}/authorizers?q=anything`);
    await endIt('authorizers.search');
    const answer = await asked;
    expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable', status: 503 } });
    expect(answer.body['detail']).toContain('in time');
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it.each([
    'domain-gauges',
    'domain-coverage?domain=https://a.example&list=requestdomain',
    'domain-drift',
    'domain-changes',
  ])('or waits for a lock: %s', async (path) => {
    await world.db.transaction(async (sql) => {
      await sql.run('LOCK TABLE authorizers.authorizer, domain_ledger.watch, domain_ledger.domain_use');
      const answer = await world.call('GET', `${base}/${path}`);
      expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    });
    expect((await world.call('GET', `${base}/${path}`)).status).toBe(200);
  });
});
