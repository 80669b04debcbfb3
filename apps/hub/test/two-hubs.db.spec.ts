import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AuthorizerTokens } from '#libs/custody';
import { eventually } from '#libs/testing';
import type { Hub } from '../src/hub.ts';
import { HubWorld } from './hub-world.ts';

const PLATFORM = 'wxplatform00000a';
const base = `/v1/platforms/${PLATFORM}`;

describe('two hubs on one database', () => {
  let world: HubWorld;
  let other: Hub;
  beforeAll(async () => {
    world = await HubWorld.start();
    other = await world.addHub({ ROLES: 'api' });
    await world.platform(PLATFORM);
  }, 60_000);
  afterAll(async () => {
    await world.stop();
    expect(world.lines.filter((line) => /"event":"nest"|not_stopped/.test(line))).toEqual([]);
  });

  it('fetch one token from WeChat for 200 callers of a cold merchant', async () => {
    const shop = 'wxshop0000000200';
    await world.miniProgram(PLATFORM, shop);
    // Cold: as if two hours had passed. The memory of both processes is told like any other process would be.
    const platformId = await world.db.transaction(async (sql) => {
      await sql.run(
        `UPDATE custody.authorizer_token SET access_token_expires_at = wxfleet.now() - interval '1 minute', generation = generation + 1`,
      );
      const [platform] = await sql.query<{ id: number }>('SELECT platform_id AS id FROM custody.component_account');
      await world.db.notify('wxfleet_custody', `${platform?.id}:${shop}`, sql);
      return platform!.id;
    });
    await eventually('both have heard of it', () =>
      [world.hub, other].every(
        (hub) => !hub.get(AuthorizerTokens).cached({ platformId, componentAppid: PLATFORM }, shop),
      ),
    );
    const refreshes = () => world.simulator.world.refreshes(PLATFORM, shop);
    const before = refreshes();
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        world.call<{ access_token: string }>(
          'POST',
          `${base}/authorizers/${shop}/access-token`,
          {},
          index % 2 === 0 ? world.hub : other,
        ),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.access_token)).size).toBe(1);
    expect(refreshes() - before).toBe(1);
  });

  it('refuse a revoked key both, and know a new platform both', async () => {
    const key = await world.apiKey(PLATFORM);
    expect((await world.call('GET', base, { key }, other)).status).toBe(200);
    const { body } = await world.call<{ items: { id: string }[] }>('GET', `${base}/api-keys?limit=1`);
    await world.call('DELETE', `${base}/api-keys/${body.items[0]?.id}`);
    await eventually(
      'the other refuses it',
      async () => (await world.call('GET', base, { key }, other)).status === 401,
    );
    await world.platform('wxplatform00000b');
    expect((await world.call('GET', '/v1/platforms/wxplatform00000b', {}, other)).status).toBe(200);
  });

  it('finish what they have begun when one is told to stop', async () => {
    const third = await world.addHub({ ROLES: 'api' });
    const asked = Array.from({ length: 20 }, () => world.call('GET', `${base}/authorizers`, {}, third));
    // One answer has come: the others are under way.
    await asked[0];
    const stopping = third.stop();
    const answers = await Promise.allSettled(asked);
    for (const answer of answers) {
      if (answer.status === 'fulfilled') expect([200, 503]).toContain(answer.value.status);
    }
    expect(answers.filter((answer) => answer.status === 'fulfilled').length).toBeGreaterThan(0);
    await stopping;
    await third.stop();
    await expect(world.call('GET', '/health/live', {}, third)).rejects.toThrow();
    expect((await world.call('GET', '/health/ready', {}, other)).status).toBe(200);
  });

  it('as a worker alone answers health and metrics, nothing else', async () => {
    const worker = await world.addHub({ ROLES: 'worker' });
    expect((await world.call('GET', '/health/ready', {}, worker)).status).toBe(200);
    expect((await world.call('GET', '/metrics', {}, worker)).status).toBe(200);
    expect((await world.call('GET', '/v1/platforms', {}, worker)).status).toBe(404);
  });

  it('never wrote a token, key or secret into a log line', () => {
    const text = world.lines.join('\n');
    expect(world.lines.length).toBeGreaterThan(5);
    for (const secret of [
      /wxf_(op|pk)_\w{20}/,
      /refreshtoken@@@/,
      /ticket@@@/,
      /queryauthcode@@@/,
      /"operator-key-of-the-specs/,
    ]) {
      expect(text).not.toMatch(secret);
    }
  });
});
