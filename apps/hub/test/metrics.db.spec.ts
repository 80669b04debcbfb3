import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '#libs/testing';
import { HubWorld } from './hub-world.ts';

jest.setTimeout(60_000);

const PLATFORM = 'wxplatform00000a';

describe('the metrics of what waits', () => {
  let world: HubWorld;
  beforeAll(async () => {
    world = await HubWorld.start();
    await world.platform(PLATFORM);
    await world.miniProgram(PLATFORM, 'wxshop0000000001');
  });
  afterAll(() => world.stop());

  const read = async (name: string): Promise<Record<string, number>> => {
    const { text } = await world.call('GET', '/metrics', { key: null });
    const found = [...text.matchAll(new RegExp(`^${name}(?:\\{[^}]*="([^"]*)"\\})? ([0-9.e+-]+)$`, 'gm'))];
    return Object.fromEntries(found.map(([, label = '', value]) => [label, Number(value)]));
  };

  it('show connections and tokens by state', async () => {
    expect(await read('wxfleet_database_connections')).toMatchObject({ busy: expect.any(Number), waiting: 0 });
    expect(await read('wxfleet_authorizer_tokens')).toEqual({ fresh: 1, expired: 0, suspended: 0, lost: 0 });
  });

  it('show for how long jobs, events and snapshots have waited', async () => {
    await world.db.run(`SELECT graphile_worker.add_job('nobody.does', run_at => now() - interval '1 hour')`);
    await world.db.run(
      `WITH sweep AS (
         INSERT INTO domain_ledger.sweep (platform_id, expected) SELECT platform_id, 1 FROM custody.component_account
         RETURNING platform_id, sweep_id)
       INSERT INTO domain_ledger.sweep_shard (platform_id, sweep_id, shard_no, slot_from, slot_to, not_before, lease_until)
       SELECT platform_id, sweep_id, 9999, 0, 0, wxfleet.now() - interval '2 hours', wxfleet.now() + interval '1 hour'
         FROM sweep`,
    );
    await eventually('the shard that is late', async () => {
      const seconds = (await read('wxfleet_oldest_due_snapshot_seconds'))[''];
      return seconds !== undefined && seconds >= 7200 && seconds < 7300;
    });
    // A job that no process knows is not waited for; a lane without jobs waits for nothing.
    expect(await read('wxfleet_job_delay_seconds')).toMatchObject({ push: 0, bulk: 0 });
    expect(await read('wxfleet_feed_lag_seconds')).toEqual({ '': expect.any(Number) });
  });
});
