import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CallQuota } from '#libs/quota';
import { eventually } from '#libs/testing';
import { HubWorld } from './hub-world.ts';

const OURS = 'wxupkeepplatform';
const SHOP = 'wxupkeepshop0001';
const base = `/v1/platforms/${OURS}`;
const DOMAINS = '/wxa/get_effective_domain';

interface Quota {
  day: string;
  parks: { authorizer_appid: string | null; path: string; errcode: number; parked_until: string }[];
  parked_count: number;
  calls: { path: string; calls: number; errors: number }[];
  budgets: { path: string; per_day: number; reserve: number; used: number; remaining: number }[];
}

describe('quotas over REST', () => {
  let world: HubWorld;
  beforeAll(async () => {
    world = await HubWorld.start();
    await world.platform(OURS);
    await world.merchant(OURS, 'm1');
    await world.miniProgram(OURS, SHOP, { merchantId: 'm1' });
  }, 60_000);
  afterAll(() => world.stop());

  const quota = async () => (await world.call<Quota>('GET', `${base}/quota`)).body;
  const snapshot = () => world.call('POST', `${base}/authorizers/${SHOP}/snapshots`);
  const written = () => world.hub.get(CallQuota).flush();
  const auditOf = async (action: string) =>
    (await world.call<{ items: Record<string, unknown>[] }>('GET', `${base}/audit-events?action=${action}`)).body.items;

  it('counts the calls of today by path, and of one account', async () => {
    await snapshot();
    // The first look after the authorization may come in between.
    const counted = await eventually('every call to be counted', async () => {
      await written();
      const shown = (await quota()).calls.find(({ path }) => path === DOMAINS)?.calls;
      return shown === world.simulator.world.log.total(DOMAINS) && shown;
    });
    const calls = await world.call<{ items: unknown[] }>('GET', `${base}/authorizers/${SHOP}/calls?days=2`);
    expect(calls.body.items).toContainEqual({
      day: (await quota()).day,
      path: DOMAINS,
      calls: counted,
      errors: 0,
    });
  });

  it('does not tell a key that is limited to merchants what all of them use', async () => {
    const key = await world.apiKey(OURS, { merchantIds: ['m1'] });
    for (const path of ['quota', 'pushes', 'push-backlog', `authorizers/${SHOP}/calls`, 'retention-runs/1']) {
      expect([path, (await world.call('GET', `${base}/${path}`, { key })).status]).toEqual([path, 403]);
    }
  });

  it('sets a budget, which is in force at once, and takes it away', async () => {
    const put = (body: Record<string, unknown>) =>
      world.call<{ items: Quota['budgets'] }>('PUT', `${base}/quota/budgets`, { body });
    const used = world.simulator.world.log.total(DOMAINS);
    expect((await put({ path: DOMAINS, per_day: used, reserve: 1 })).body.items).toEqual([
      { path: DOMAINS, per_day: used, reserve: 1, used, remaining: 0, remaining_background: 0 },
    ]);
    await world.hub.get(CallQuota).pass();
    expect(await snapshot()).toMatchObject({ status: 503, body: { code: 'upstream_quota_exhausted' } });
    expect(world.simulator.world.log.total(DOMAINS)).toBe(used);
    expect((await put({ path: DOMAINS, per_day: 5, reserve: 6 })).status).toBe(400);
    expect((await put({ path: 'wxa', per_day: 5 })).status).toBe(400);
    expect((await put({ path: DOMAINS, per_day: null })).body.items).toEqual([]);
    await world.hub.get(CallQuota).pass();
    expect((await snapshot()).status).toBe(200);
    expect((await auditOf('quota_budget.set'))[0]).toMatchObject({
      subject: `path:${DOMAINS}`,
      detail: { per_day: used, reserve: 1 },
    });
    expect(await auditOf('quota_budget.removed')).toHaveLength(1);
  });

  it('shows what waits after 45009 in REST and metrics, and resets it only when told twice', async () => {
    const { quotas } = world.simulator.world;
    quotas.set(DOMAINS, { perDay: 1 });
    await eventually('the used-up quota', async () => (await snapshot()).status === 503);
    const [park] = (await quota()).parks;
    expect(park).toMatchObject({ authorizer_appid: SHOP, path: DOMAINS, errcode: 45009 });
    expect(new Date(park?.parked_until ?? 0).getTime()).toBeGreaterThan(Date.now());
    const metrics = await world.call('GET', '/metrics', { key: null });
    expect(metrics.text).toMatch(/wxfleet_wechat_parked_paths\{[^}]*errcode="45009"[^}]*\} 1/);

    const reset = (body: Record<string, unknown>) => world.call('POST', `${base}/quota/resets`, { body });
    const asked = () => world.simulator.world.log.total('/cgi-bin/component/clear_quota/v2');
    expect((await reset({ authorizer_appid: SHOP })).status).toBe(400);
    expect((await reset({ authorizer_appid: SHOP, confirm: OURS })).status).toBe(400);
    expect((await reset({ authorizer_appid: 'wxnobody', confirm: 'wxnobody' })).status).toBe(404);
    expect(asked()).toBe(0);
    const key = await world.apiKey(OURS);
    expect((await world.call('POST', `${base}/quota/resets`, { key, body: { confirm: OURS } })).status).toBe(403);

    expect(await reset({ authorizer_appid: SHOP, confirm: SHOP })).toMatchObject({
      status: 200,
      body: { appid: SHOP, lifted: 1 },
    });
    expect((await quota()).parked_count).toBe(0);
    quotas.set(DOMAINS, null);
    expect((await snapshot()).status).toBe(200);
    expect(await auditOf('quota.reset')).toMatchObject([{ subject: `quota:${SHOP}`, outcome: 'ok' }]);
    expect(await auditOf('quota.reset_asked')).toHaveLength(1);
  });

  it('says so when the resets of the month are used', async () => {
    const reset = () => world.call('POST', `${base}/quota/resets`, { body: { confirm: OURS } });
    for (let use = 0; use < 10; use += 1) expect((await reset()).status).toBe(200);
    expect(await reset()).toMatchObject({
      status: 502,
      body: { code: 'upstream_failed', detail: expect.stringContaining('ten resets'), wechat: { errcode: 48006 } },
    });
    expect((await auditOf('quota.reset'))[0]).toMatchObject({ outcome: 'limit_reached' });
  });
});

describe('pushes over REST', () => {
  let world: HubWorld;
  beforeAll(async () => {
    world = await HubWorld.start();
    await world.platform(OURS);
  }, 60_000);
  afterAll(() => world.stop());

  interface Push {
    id: string;
    state: string;
    authorizer_appid: string | null;
    failure: { code: string | null; message: string } | null;
  }
  const list = async (query = '') =>
    (await world.call<{ items: Push[]; next_cursor: string | null }>('GET', `${base}/pushes${query}`)).body;

  it('shows what failed without what it says, and lets it be tried again', async () => {
    const { simulator } = world;
    const codes: string[] = [];
    simulator.world.onCall(async ({ body }) => {
      const code = /"authorization_code":"([^"]+)"/.exec(body)?.[1];
      if (code) codes.push(code);
    });
    const fault = simulator.world.faults.add({
      match: { path: '/cgi-bin/component/api_query_auth' },
      kind: 'errcode',
      errcode: 40013,
    });
    simulator.world.addMiniProgram({ appid: SHOP });
    simulator.world.authorize(OURS, SHOP, { permissionSets: [18] });
    const pending = await eventually('a failed try', async () => {
      const [push] = (await list(`?state=pending&authorizer_appid=${SHOP}`)).items;
      return push?.failure ? push : undefined;
    });
    expect(pending).toMatchObject({ info_type: 'authorized', authorizer_appid: SHOP });
    expect((await world.call('GET', `${base}/push-backlog`)).body).toMatchObject({ pending: 1, failed: 0 });
    expect((await world.call('GET', '/metrics', { key: null })).text).toContain(
      'wxfleet_push_backlog{state="pending"} 1',
    );
    // As after the last of its tries, some minutes later.
    await world.db.run(`UPDATE inbox.push SET state = 'failed', lease_until = NULL WHERE push_id = $1`, [pending.id]);
    expect((await list('?state=failed')).items.map(({ id }) => id)).toEqual([pending.id]);
    expect((await world.call('GET', `${base}/push-backlog`)).body).toMatchObject({ pending: 0, failed: 1 });

    simulator.world.faults.remove(fault.id);
    expect(await world.call('POST', `${base}/pushes/${pending.id}/replays`)).toMatchObject({
      status: 202,
      body: { id: pending.id },
    });
    await eventually('the push to be handled', async () =>
      (await list('?state=handled')).items.some((push) => push.id === pending.id),
    );
    expect((await world.call('GET', `${base}/authorizers/${SHOP}`)).body).toMatchObject({ state: 'authorized' });
    expect(await world.call('POST', `${base}/pushes/${pending.id}/replays`)).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    expect((await world.call('POST', `${base}/pushes/999999/replays`)).status).toBe(404);
    const audit = await world.call<{ items: unknown[] }>('GET', `${base}/audit-events?action=push.replayed`);
    expect(audit.body.items).toMatchObject([
      { subject: 'push:999999', outcome: 'not_found' },
      { subject: `push:${pending.id}`, outcome: 'conflict' },
      { subject: `push:${pending.id}`, outcome: 'ok' },
    ]);
    expect(codes.length).toBeGreaterThan(0);
    const shown = (await world.call('GET', `${base}/pushes?limit=500`)).text;
    for (const code of codes) expect(shown).not.toContain(code);
    expect(shown).not.toContain('ticket@@@');
  });

  it('gives them page by page, newest first', async () => {
    for (let more = 0; more < 4; more += 1) await world.simulator.world.pushTicket(OURS);
    const all = (await list('?limit=500')).items.map(({ id }) => id);
    expect(all.length).toBeGreaterThan(5);
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof list>> = await list(
        `?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`,
      );
      paged.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(paged).toEqual(all);
  });
});
