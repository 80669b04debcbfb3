import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ClockCheck } from '#libs/kernel';
import { HubWorld } from './hub-world.ts';

const PLATFORM = 'wxplatform00000a';

describe('a hub that starts', () => {
  let world: HubWorld;
  beforeAll(async () => {
    world = await HubWorld.start();
  });
  afterAll(() => world.stop());

  it('says what runs, on which database and with which keys, and no secret', () => {
    const line = world.lines.find((text) => text.includes('"event":"hub.started"')) as string;
    const database = new URL(world.hub.db.url);
    expect(JSON.parse(line)).toMatchObject({
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      database: `${database.username}@${database.host}${database.pathname}`,
      key_ids: [expect.any(String)],
    });
    expect(line).not.toContain(database.password);
  });

  it('compares its clock with those of the database and of WeChat, and says which one is wrong', async () => {
    const ready = async () => (await world.call('GET', '/health/ready', { key: null })).body;
    await world.platform(PLATFORM);
    await world.miniProgram(PLATFORM, 'wxshop0000000001');
    const clockCheck = world.hub.get(ClockCheck);
    const seen = clockCheck.current();
    expect(Math.abs(seen.wechatOffsetSeconds as number)).toBeLessThan(10);
    expect(Math.abs(seen.databaseOffsetSeconds as number)).toBeLessThan(10);
    expect(await ready()).toEqual({ status: 'ok' });
    clockCheck.sawWechat(new Date(Date.now() + 11 * 60_000).toUTCString(), 0);
    expect(await ready()).toMatchObject({ status: 'ok', clocks: { wrong: 'hub_and_database' } });
  });
});
