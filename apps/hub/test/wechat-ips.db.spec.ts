import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TwoTenants } from './two-tenants.ts';

const CALLBACK_IPS = '/cgi-bin/getcallbackip';
const TAKE = '/v1/wechat-ips/callback/snapshots';

describe("WeChat's addresses, asked for by tenants", () => {
  let tenants: TwoTenants;
  beforeAll(async () => {
    tenants = await TwoTenants.start();
    // The schedule may have looked meanwhile; what it saw is old.
    await tenants.world.db.run('DELETE FROM api_ip_ledger.ip_snapshot');
    await tenants.world.db.run(
      `UPDATE api_ip_ledger.ip_watch SET last_observed_at = NULL, last_attempt_at = wxfleet.now(), failures = 10,
         last_failure = '{"at": "2026-01-01T00:00:00.000Z", "code": "platform_misconfigured",
           "wechat": {"errcode": 40125, "errmsg": "invalid appsecret of bravo-platform", "rid": "r"}, "reason": "bravo-platform"}'`,
    );
  }, 120_000);
  afterAll(() => tenants.stop());

  const viewer = (name: string) => tenants.viewers.find((each) => each.name === name) as (typeof tenants.viewers)[0];
  const take = (name: string) => tenants.world.call('POST', TAKE, { key: viewer(name).key });
  const callers = () => tenants.world.simulator.world.calls(CALLBACK_IPS).map((call) => call.componentAppid);

  it('are fetched with the token of who asks, and what another platform met stays with it', async () => {
    const { faults } = tenants.world.simulator.world;
    const before = callers().length;
    const fault = faults.add({
      kind: 'errcode',
      errcode: 45009,
      match: { path: CALLBACK_IPS, componentAppid: 'wx-alfa-platform' },
    });
    expect(await take('alfa')).toMatchObject({ status: 503, body: { code: 'upstream_quota_exhausted' } });
    faults.remove(fault.id);
    const taken = await take('bravo');
    expect(taken.status).toBe(201);
    expect(callers().slice(before)).toEqual(['wx-alfa-platform', 'wx-bravo-platform']);
    for (let time = 0; time < 20; time += 1)
      expect(await take('alfa')).toMatchObject({ status: 200, body: taken.body });
    expect(callers()).toHaveLength(before + 2);
  });

  it('are not fetched for a key that is limited to merchants', async () => {
    const before = callers().length;
    for (const name of ['alfa limited to one', 'bravo limited to two']) expect((await take(name)).status).toBe(403);
    expect(callers()).toHaveLength(before);
  });

  it('tell no tenant how fetching them failed', async () => {
    for (const { tenant } of tenants.viewers) {
      await expect(
        tenants.world.hub.db.forTenant(tenant, (sql) => sql.query('SELECT last_failure FROM api_ip_ledger.ip_watch')),
      ).rejects.toMatchObject({ code: '42501' });
    }
  });
});
