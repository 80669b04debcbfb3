import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, lockAwaited } from '#libs/testing';
import { ADMIN_KEY, HubWorld } from './hub-world.ts';
import { StatementsOf } from './statements-of.ts';

const LIST = '/v1/platforms/wx-gone-platform/merchants?limit=500';

describe('a client that has gone', () => {
  let world: HubWorld;
  let statementsOf: StatementsOf;
  beforeAll(async () => {
    world = await HubWorld.start();
    await world.platform('wx-gone-platform');
    await world.db.query(
      `INSERT INTO authorizers.merchant (platform_id, merchant_id, name)
       SELECT platform_id, 'm' || n, 'Merchant' FROM custody.component_account, generate_series(1, 300) AS n`,
    );
    statementsOf = new StatementsOf();
  }, 60_000);
  afterAll(async () => {
    statementsOf?.stop();
    await world.stop();
  });

  const readings = (statements: readonly { text: string }[]) =>
    statements.filter(({ text }) => text.includes('FROM authorizers.merchant')).length;

  it('is read no more of a large list than what was under way', async () => {
    const whole = await statementsOf.request((headers) => world.call('GET', LIST, { headers }));
    expect((whole.answer.body['items'] as unknown[]).length).toBe(300);
    expect(readings(whole.statements)).toBe(6);

    const { port, hostname } = new URL(world.hub.url);
    const left = await world.db.transaction(async (sql) => {
      await sql.query('LOCK TABLE authorizers.merchant IN ACCESS EXCLUSIVE MODE');
      return statementsOf.request(async (headers) => {
        const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
        const socket = connect({ host: hostname, port: Number(port) });
        socket.write(`GET ${LIST} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer ${ADMIN_KEY}\r\n${more.join('')}\r\n`);
        await lockAwaited('the first portion waits for the table', world.db);
        socket.resetAndDestroy();
        // The hub hears of it before the table is free: it asks the hub something else on the way.
        await eventually('the hub has heard of it', async () => (await world.call('GET', '/v1/me')).status === 200);
        await new Promise((resolve) => setTimeout(resolve, 50));
      });
    });
    await eventually('nothing waits for the table', async () => {
      const waiting = await world.db.query(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND usename IS NOT NULL
          AND pid <> pg_backend_pid() AND (state = 'active' OR state = 'idle in transaction')`,
      );
      return waiting.length === 0;
    });
    // What was asked behind the first portion would have been asked by now.
    await world.call('GET', LIST);
    expect(readings(left.statements)).toBe(1);
  });
});
