import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/testing';
import { AES_KEY, APPSECRET, HubWorld, PUSH_TOKEN } from './hub-world.ts';

const SILENT = 'wxsilentplatform';
const OURS = 'wxticketplatform';

describe('the schedule', () => {
  let world: HubWorld;
  beforeAll(async () => {
    world = await HubWorld.start();
  }, 60_000);
  afterAll(() => world.stop());

  it('compares platforms with the list of WeChat once they have had a ticket', async () => {
    const body = {
      component_appid: SILENT,
      component_appsecret: APPSECRET,
      token: PUSH_TOKEN,
      encoding_aes_key: AES_KEY,
      name: 'Not yet at WeChat',
    };
    expect((await world.call('POST', '/v1/platforms', { body })).status).toBe(201);
    await world.platform(OURS);
    // A process ticks as it starts, and goes through the platforms in the order of their creation.
    await world.addHub();
    const compared = await eventually('the first comparison', async () => {
      const rows = await world.db.query<{ appid: string }>(
        `SELECT component_appid AS appid FROM authorizers.reconciliation JOIN custody.component_account USING (platform_id)`,
      );
      return rows.length > 0 && rows.map(({ appid }) => appid);
    });
    expect(compared).toEqual([OURS]);
  });
});
