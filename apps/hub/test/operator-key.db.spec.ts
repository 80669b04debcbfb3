import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { generateKey } from '#libs/access';
import { ADMIN_KEY, HubWorld } from './hub-world.ts';

describe('the operator key of the environment', () => {
  let world: HubWorld;
  beforeEach(async () => {
    world = await HubWorld.start();
  }, 60_000);
  afterEach(() => world.stop());

  const statusOf = async (key: string) => (await world.call('GET', '/v1/platforms', { key })).status;
  const made = generateKey('op');

  it.each<[string, string, RegExp]>([
    ['cut off', made.slice(0, -1), /^ADMIN_API_KEY .*mistyped or cut off/],
    ['mistyped', made.slice(0, 20) + (made[20] === 'a' ? 'b' : 'a') + made.slice(21), /^ADMIN_API_KEY .*mistyped/],
    ['made by hand', 'wxf_thought-up-at-the-keyboard', /^ADMIN_API_KEY begins with wxf_/],
    ['of a platform', generateKey('pk'), /^ADMIN_API_KEY is the API key of a platform/],
  ])('stops the start when it is %s, and the one before stays', async (_, key, message) => {
    await expect(world.addHub({ ADMIN_API_KEY: key })).rejects.toThrow(message);
    await expect(world.addHub({ ADMIN_API_KEY: key })).rejects.not.toThrow(key);
    expect(await statusOf(ADMIN_KEY)).toBe(200);
    const keys = await world.db.query('SELECT expires_at FROM access.api_key WHERE platform_id IS NULL');
    expect(keys).toEqual([{ expires_at: null }]);
  });

  it.each([
    ['generated', made],
    ['thought up', 'correct-horse-battery-staple'],
  ])('is taken when it is %s', async (_, key) => {
    await world.addHub({ ADMIN_API_KEY: key });
    expect(await statusOf(key)).toBe(200);
  });
});
