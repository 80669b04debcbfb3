import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from '@jest/globals';

import { COMPONENT, DAY_MS, type Scene, SECRET, startScene } from '../test/scene.ts';
import { WechatSimulator } from './simulator.ts';

const APPID = 'wxa000000000000001';
const EFFECTIVE = '/wxa/get_effective_domain';

describe('saved state', () => {
  const open: { stop(): Promise<void> }[] = [];
  const folders: string[] = [];
  afterEach(async () => {
    for (const running of open.splice(0)) await running.stop();
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });

  async function post(url: string, path: string, body: object): Promise<Record<string, unknown>> {
    const response = await fetch(url + path, { method: 'POST', body: JSON.stringify(body) });
    return (await response.json()) as Record<string, unknown>;
  }

  async function livedIn(options = {}): Promise<{ scene: Scene; accessToken: string; unused: string }> {
    const scene = await startScene({ ticketIntervalSeconds: 0, seed: 'of this spec', ...options });
    const { world } = scene;
    await world.advance(30 * DAY_MS);
    world.addMiniProgram({ appid: APPID, nickName: '小店' });
    world.setDomainLists(APPID, 'effective_domain', { requestdomain: ['https://a.example.com'] });
    world.setPlatformServerDomains(COMPONENT, ['a.example.com']);
    world.setPlatformJumpDomains(COMPONENT, ['h5.example.com']);
    world.addFleet({ platform: COMPONENT, count: 1_000 });
    world.changeFleetDomains(0.5);
    const { accessToken } = await scene.exchange(world.authorize(COMPONENT, APPID, { push: false }).authCode);
    const unused = world.newAuthCode(COMPONENT, APPID);
    world.unauthorize(COMPONENT, world.fleets[0]?.appidOf(7) ?? '', { push: false });
    return { scene, accessToken, unused };
  }

  it('brings back clock, tokens, tickets, codes, domains and fleets', async () => {
    const { scene, accessToken, unused } = await livedIn();
    const state = scene.simulator.exportState();
    const nowBefore = scene.world.clock.nowMs();
    const body = scene.world.fleets[0]?.domainBody(3);
    await scene.stop();

    const next = await WechatSimulator.start({ state: JSON.parse(JSON.stringify(state)) });
    open.push(next);
    expect(next.restored).toBe(true);
    expect(Math.abs(next.world.clock.nowMs() - nowBefore)).toBeLessThan(60_000);
    expect(await post(next.url, `${EFFECTIVE}?access_token=${accessToken}`, {})).toMatchObject({
      effective_domain: { requestdomain: ['https://a.example.com'] },
    });
    const component = await post(next.url, '/cgi-bin/component/api_component_token', {
      component_appid: COMPONENT,
      component_appsecret: SECRET,
      component_verify_ticket: state.platforms[0]?.lastTicket,
    });
    const token = `access_token=${String(component['component_access_token'])}`;
    const exchange = { component_appid: COMPONENT, authorization_code: unused };
    expect(await post(next.url, `/cgi-bin/component/api_query_auth?${token}`, exchange)).toHaveProperty(
      'authorization_info',
    );
    expect(next.world.grants.total(COMPONENT)).toBe(1_000);
    expect(next.world.fleets[0]?.domainBody(3)).toBe(body);
    expect(next.world.platform(COMPONENT).jumpDomains?.published).toEqual(['h5.example.com']);
    expect(next.world.platform(COMPONENT).serverDomains).toEqual({
      testing: ['a.example.com'],
      published: ['a.example.com'],
    });
  });

  it('keeps a file, readable by its owner only, and finds it again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'simulator-state-'));
    folders.push(folder);
    const stateFile = join(folder, 'deeper', 'state.json');
    const { scene, accessToken } = await livedIn({ stateFile });
    expect(scene.simulator.restored).toBe(false);
    await scene.stop();
    expect((await stat(stateFile)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(stateFile, 'utf8'))).toMatchObject({ version: 1, seed: 'of this spec' });

    const next = await startScene({ stateFile, ticketIntervalSeconds: 0 });
    open.push(next);
    expect(next.simulator.restored).toBe(true);
    expect(next.world.seed).toBe('of this spec');
    const reply = await post(next.simulator.url, `${EFFECTIVE}?access_token=${accessToken}`, {});
    expect(reply).toMatchObject({ errcode: 0 });
    // The platform was added again with a new receiver and still knows its tokens.
    expect(next.world.platform(COMPONENT).eventsUrl).toBe(`${next.receiverUrl}/events`);
    expect(await next.world.pushTicket(COMPONENT)).toMatchObject({ ok: true });
    expect(() => next.world.addMiniProgram({ appid: APPID })).toThrow('already');
    expect(next.world.addFleet({ platform: COMPONENT, count: 1_000 })).toBe(next.world.fleets[0]);
  });

  it('believes the tokens of its seed even without state, until a newer one has outlived their grace', async () => {
    const fleet = { platform: COMPONENT, count: 10 };
    const before = await startScene({ ticketIntervalSeconds: 0, seed: 's' });
    before.world.addFleet(fleet);
    await before.componentToken();
    const old = await before.componentToken();
    await before.stop();

    const after = await startScene({ ticketIntervalSeconds: 0, seed: 's' });
    open.push(after);
    after.world.addFleet(fleet);
    const list = async (token: string): Promise<Record<string, unknown>> =>
      after.post(
        '/cgi-bin/component/api_get_authorizer_list',
        { component_appid: COMPONENT, offset: 0, count: 1 },
        `access_token=${token}`,
      );
    await after.world.advance(1_000);
    const current = await after.componentToken();
    expect(await list(old)).toMatchObject({ total_count: 10 });
    expect(await list(current)).toMatchObject({ total_count: 10 });
    await after.world.advance(300_000);
    expect(await list(old)).toMatchObject({ errcode: 40001 });
    expect(await list(current)).toMatchObject({ total_count: 10 });
  });
});
