import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { COMPONENT, type Scene, startScene } from '../test/scene.ts';
import { fullDomains } from './domains.ts';
import { Fleet } from './fleet.ts';

const EFFECTIVE = '/wxa/get_effective_domain';
const BASE = '/cgi-bin/component/';
const COUNT = 1_000_000;

describe('a fleet of a million', () => {
  let scene: Scene;
  let component: string;
  beforeEach(async () => {
    scene = await startScene({ ticketIntervalSeconds: 0 });
    scene.world.clock.setRate(0);
    scene.world.addFleet({ platform: COMPONENT, count: COUNT });
    component = await scene.componentToken();
  });
  afterEach(async () => scene.stop());

  const call = async (name: string, body: object): Promise<Record<string, unknown>> =>
    scene.post(BASE + name, { component_appid: COMPONENT, ...body }, `access_token=${component}`);
  const list = async (offset: number, count: number): Promise<{ total_count: number; list: Listed[] }> =>
    (await call('api_get_authorizer_list', { offset, count })) as never;
  interface Listed {
    authorizer_appid: string;
    refresh_token: string;
    auth_time: number;
  }
  const tokenOf = async ({ authorizer_appid, refresh_token }: Listed): Promise<string> =>
    String(
      (
        await call('api_authorizer_token', {
          authorizer_appid,
          authorizer_refresh_token: refresh_token,
        })
      )['authorizer_access_token'],
    );

  it('is listed page by page without storing anything per account', async () => {
    const last = await list(COUNT - 3, 500);
    expect(last.total_count).toBe(COUNT);
    expect(last.list).toHaveLength(3);
    expect(new Set(last.list.map(({ authorizer_appid }) => authorizer_appid)).size).toBe(3);
    for (let offset = 0; offset < COUNT; offset += 10_007) {
      const [entry] = (await list(offset, 1)).list;
      expect(scene.world.fleetAccount(entry?.authorizer_appid ?? '')?.index).toBe(offset);
      if (offset % 5 > 0) continue;
      const token = await tokenOf(entry as Listed);
      expect(await scene.post(EFFECTIVE, {}, `access_token=${token}`)).toMatchObject({ errcode: 0 });
    }
    expect(scene.world.accounts.size).toBe(0);
    expect(scene.world.grants.explicitOf(COMPONENT).size).toBe(0);
    expect(scene.world.fleets[0]?.cachedBodies).toBeLessThanOrEqual(40);
  });

  it('has tokens that expire and supersede like any other', async () => {
    const [entry] = (await list(77, 1)).list as [Listed];
    const first = await tokenOf(entry);
    const second = await tokenOf(entry);
    expect(scene.world.refreshes(COMPONENT, entry.authorizer_appid)).toBe(2);
    await scene.world.advance(300_000);
    expect(await scene.post(EFFECTIVE, {}, `access_token=${first}`)).toMatchObject({ errcode: 40001 });
    expect(await scene.post(EFFECTIVE, {}, `access_token=${second}`)).toMatchObject({ errcode: 0 });
    await scene.world.advance(7_200_000);
    expect(await scene.post(EFFECTIVE, {}, `access_token=${second}`)).toMatchObject({ errcode: 42001 });
  });

  it('keeps only the accounts that were touched', async () => {
    const gone = scene.world.fleets[0]?.appidOf(10) ?? '';
    await scene.world.unauthorize(COMPONENT, gone).pushed;
    const page = await list(9, 3);
    expect(page.total_count).toBe(COUNT - 1);
    expect(page.list.map(({ authorizer_appid }) => scene.world.fleetAccount(authorizer_appid)?.index)).toEqual([
      9, 11, 12,
    ]);
    expect(await call('api_get_authorizer_info', { authorizer_appid: gone })).toMatchObject({ errcode: 61003 });
    const changed = page.list[0] as Listed;
    scene.world.setDomainLists(changed.authorizer_appid, 'third_domain', {
      requestdomain: ['https://own.example.com'],
    });
    scene.world.release(changed.authorizer_appid);
    expect(await scene.post(EFFECTIVE, {}, `access_token=${await tokenOf(changed)}`)).toMatchObject({
      effective_domain: { requestdomain: ['https://own.example.com'] },
    });
    expect(scene.world.accounts.size).toBe(1);
    expect(scene.world.grants.explicitOf(COMPONENT).size).toBe(1);
    scene.world.authorize(COMPONENT, gone, { push: false });
    expect((await list(0, 1)).total_count).toBe(COUNT);
  });

  it('stands before single accounts in the list, newest first on demand', async () => {
    scene.world.addMiniProgram({ appid: 'wxa000000000000001' });
    scene.world.seedGrant(COMPONENT, 'wxa000000000000001');
    const page = await list(COUNT - 1, 5);
    expect(page.list.map(({ authorizer_appid }) => authorizer_appid)).toEqual([
      scene.world.fleets[0]?.appidOf(COUNT - 1),
      'wxa000000000000001',
    ]);
    scene.world.quirks.listOrder = 'newest_first';
    expect((await list(0, 2)).list.map(({ authorizer_appid }) => authorizer_appid)).toEqual([
      'wxa000000000000001',
      scene.world.fleets[0]?.appidOf(COUNT - 1),
    ]);
  });
});

describe('Fleet', () => {
  const make = (options = {}): Fleet => new Fleet({ platform: COMPONENT, count: 20_000, ...options });

  it('maps appids to indexes and back, and knows no others', () => {
    const fleet = make();
    for (const index of [0, 1, 15, 16, 19_999]) expect(fleet.indexOf(fleet.appidOf(index))).toBe(index);
    expect(fleet.appidOf(0)).toHaveLength(18);
    expect(fleet.indexOf(fleet.appidOf(20_000))).toBe(-1);
    expect(fleet.indexOf('wxf1ee7000000000zz')).toBe(-1);
    expect(() => make({ prefix: 'abc' })).toThrow(RangeError);
  });

  it('changes about the share it is told, others keep their content', () => {
    const fleet = make();
    const before = Array.from({ length: 20_000 }, (_, index) => fleet.domainBody(index));
    fleet.changeDomains(0.05);
    const changed = before.filter((body, index) => fleet.domainBody(index) !== body).length;
    expect(changed).toBeGreaterThan(800);
    expect(changed).toBeLessThan(1_200);
    fleet.changeDomains(0);
    expect(before.filter((body, index) => fleet.domainBody(index) !== body)).toHaveLength(changed);
  });

  it('grants sets and plants cases by share, the same for the same seed', () => {
    const options = { permissionSetShare: { 18: 0.9 }, pendingShare: 0.1, uniqueShare: 0.1 };
    const fleet = make(options);
    const indexes = Array.from({ length: 20_000 }, (_, index) => index);
    const with18 = indexes.filter((index) => fleet.permissionSetsOf(index).includes(18)).length;
    expect(with18).toBeGreaterThan(17_600);
    expect(with18).toBeLessThan(18_400);
    const pending = indexes.filter((index) => fleet.domainBody(index).includes('https://next.')).length;
    expect(pending).toBeGreaterThan(1_700);
    expect(pending).toBeLessThan(2_300);
    const unique = indexes.filter((index) => fleet.domainBody(index).includes(`shop${index}.example.net`)).length;
    expect(unique).toBeGreaterThan(1_700);
    const again = make(options);
    expect(indexes.every((index) => again.domainBody(index) === fleet.domainBody(index))).toBe(true);
    const other = make({ ...options, seed: 2 });
    expect(indexes.every((index) => other.domainBody(index) === fleet.domainBody(index))).toBe(false);
  });

  it('takes a function of index and version for the domains', () => {
    const contents = [fullDomains(), { effective_domain: { requestdomain: ['https://changed.example.com'] } }];
    const fleet = make({ domainsOf: (index: number, version: number) => contents[index === 3 ? version : 0] });
    expect(fleet.domainBody(3)).toBe(fleet.domainBody(4));
    fleet.changeDomains(1);
    expect(fleet.domainBody(3)).toContain('changed.example.com');
    expect(fleet.accountOf(3).domains).toEqual(contents[1]);
  });
});
