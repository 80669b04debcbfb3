import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '#libs/testing';
import { ADMIN_KEY, HubWorld } from './hub-world.ts';
import { StatementsOf } from './statements-of.ts';

const PLATFORM = 'wx-csv-platform';
const MANY = 12_000;
/** Rows that are read in one go. */
const STRETCH = 250;
const PATH = `/v1/platforms/${PLATFORM}/domain-coverage?domain=a.cn&list=requestdomain`;

describe('a table that is streamed as CSV', () => {
  let world: HubWorld;
  let statementsOf: StatementsOf;
  let limited: string;
  beforeAll(async () => {
    world = await HubWorld.start();
    await world.platform(PLATFORM);
    await world.merchant(PLATFORM, 'm1');
    await world.db.run(
      `INSERT INTO authorizers.authorizer (platform_id, authorizer_appid, slot, state, kind, permission_sets, merchant_id)
       SELECT platform_id, 'wxmany' || n, 0, 'authorized', 'mini_program', '{18}', 'm1'
         FROM custody.component_account, generate_series(1, ${MANY}) AS n`,
    );
    limited = await world.apiKey(PLATFORM, { merchantIds: ['m1'] });
    statementsOf = new StatementsOf();
  }, 60_000);
  afterAll(async () => {
    statementsOf?.stop();
    await world.stop();
  });

  const csv = (headers: Record<string, string> = {}, key = ADMIN_KEY) =>
    fetch(`${world.hub.url}${PATH}`, { headers: { accept: 'text/csv', authorization: `Bearer ${key}`, ...headers } });
  const stretches = (statements: readonly { text: string }[]) =>
    statements.filter(({ text }) => text.includes('AS "authorizerId"')).length;
  /** What the hub does for tenants; nothing is under way when all of it is back in the pool. */
  const underWay = () =>
    world.db.query(
      `SELECT 1 FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND (state <> 'idle') AND backend_type = 'client backend'`,
    );

  it('is counted once, with its first page, also for a key that is limited to merchants', async () => {
    const { answer, statements } = await statementsOf.request(async (headers) => (await csv(headers, limited)).text());
    expect(answer.trimEnd().split('\r\n')).toHaveLength(MANY + 1);
    expect(stretches(statements)).toBe(MANY / STRETCH);
    expect(statements.filter(({ text }) => text.includes('AS covered'))).toHaveLength(1);
  });

  it('is read no further once its reader has gone, and what read it is free again', async () => {
    const { port, hostname } = new URL(world.hub.url);
    // The pages behind the first one wait for this table while the reader goes.
    let socket: Socket | undefined;
    const left = await statementsOf.request(async (headers) => {
      const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      socket = connect({ host: hostname, port: Number(port) });
      const reader = socket;
      reader.write(
        `GET ${PATH} HTTP/1.1\r\nHost: hub\r\nAccept: text/csv\r\nAuthorization: Bearer ${ADMIN_KEY}\r\n${more.join('')}\r\n`,
      );
      await new Promise<void>((resolve) => reader.once('data', () => resolve()));
      reader.resetAndDestroy();
      await eventually('nothing is under way', async () => (await underWay()).length === 0);
      // The hub has heard of it: it has answered something else since.
      await world.call('GET', '/v1/me');
    });
    // The whole table would have been 48 stretches; for who goes after the first, no more is read than fits into the buffers.
    expect(stretches(left.statements)).toBeLessThanOrEqual(10);
    expect((await (await csv()).text()).trimEnd().split('\r\n')).toHaveLength(MANY + 1);
  });

  it('is cut off where it cannot be read any further, so that nobody takes a part for the whole', async () => {
    const moments = (last: string) =>
      world.db.run(
        `UPDATE domain_ledger.watch SET last_observed_at = $1::timestamptz
          WHERE authorizer_id = (SELECT authorizer_id FROM authorizers.authorizer WHERE authorizer_appid = 'wxmany7000')`,
        [last],
      );
    // No moment that anybody could be told.
    await moments('infinity');
    const cut = await csv();
    expect(cut.status).toBe(200);
    await expect(cut.text()).rejects.toThrow('terminated');
    await moments('2026-01-01T00:00:00Z');
    const whole = await csv();
    expect((await whole.text()).trimEnd().split('\r\n')).toHaveLength(MANY + 1);
    await eventually('nothing is under way', async () => (await underWay()).length === 0);
  });
});
