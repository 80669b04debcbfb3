import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Gate, eventually } from '#libs/testing';
import { HubWorld } from './hub-world.ts';

const LARGE = 'wxlargeplatform';
const SMALL = 'wxsmallplatform';
const LIST = '/cgi-bin/component/api_get_authorizer_list';
const INFO = '/cgi-bin/component/api_get_authorizer_info';

/** A process has three slots for work over many accounts, and a platform takes two of them at most. */
describe('the reconciliation of a platform', () => {
  let world: HubWorld;
  beforeAll(async () => {
    world = await HubWorld.start({ WECHAT_TIMEOUT_MS: '60000' });
    await world.platform(LARGE);
    await world.platform(SMALL);
    const { world: wechat } = world.simulator;
    for (const [platform, count] of [
      [LARGE, 1200],
      [SMALL, 3],
    ] as const) {
      for (let index = 0; index < count; index += 1) {
        const appid = `wx${platform.slice(2, 7)}${String(index).padStart(8, '0')}`;
        wechat.addMiniProgram({ appid });
        wechat.seedGrant(platform, appid);
      }
    }
  }, 120_000);
  afterAll(() => world.stop());

  const start = async (platform: string) => {
    const { body } = await world.call('POST', `/v1/platforms/${platform}/reconciliations`, { body: {} });
    return async () =>
      (await world.call('GET', `/v1/platforms/${platform}/reconciliations/${String(body['id'])}`)).body;
  };

  it('does not wait for that of another one, which onboards a fleet and has details to read besides', async () => {
    const list = new Gate();
    const info = new Gate();
    let pages = 0;
    const off = world.simulator.world.onCall(async ({ path, componentAppid }) => {
      if (componentAppid !== LARGE) return;
      if (path === INFO) await info.pass();
      if (path === LIST && (pages += 1) === 2) await list.pass();
    });
    const large = await start(LARGE);
    await list.waiting;
    // The first page is stored, with its jobs for the details of 500 accounts; they wait their turn, or hang at WeChat.
    await eventually('the details to be asked for', async () => {
      const rows = await world.db.query(
        `SELECT FROM graphile_worker.jobs WHERE task_identifier = 'authorizers.read_details'`,
      );
      return rows.length === 5;
    });
    const small = await start(SMALL);
    await eventually('the small one is done', async () => (await small())['state'] === 'done', 20_000);
    expect(await large()).toMatchObject({ state: 'running', listed: 500 });
    expect(await small()).toMatchObject({ listed: 3, created: 3 });
    off();
    list.release();
    info.release();
    await eventually('the large one is done', async () => (await large())['state'] === 'done', 60_000);
    expect(await large()).toMatchObject({ listed: 1200, created: 1200 });
  }, 120_000);
});
