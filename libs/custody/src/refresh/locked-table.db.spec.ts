import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakeClock, Gate, eventually } from '#libs/testing';
import { PATH, Stage, type Process } from '../../test/stage.ts';

jest.setTimeout(60_000);

describe('a locked table of tokens', () => {
  let stage: Stage;
  let hub: Process;
  let clock: FakeClock;
  let unlock: () => Promise<void>;

  beforeEach(async () => {
    stage = await Stage.open();
    clock = new FakeClock();
    hub = await stage.process({ clock });
    unlock = async () => undefined;
  });
  afterEach(async () => {
    await unlock();
    await stage.close();
  });

  const lock = async () => {
    const gate = new Gate();
    const holder = await stage.database.another();
    const locking = holder.transaction(async (sql) => {
      await sql.query("SELECT set_config('statement_timeout', '0', true)");
      await sql.query('LOCK TABLE custody.authorizer_token IN ACCESS EXCLUSIVE MODE');
      await gate.pass();
    });
    await gate.waiting;
    unlock = async () => {
      gate.release();
      await locking;
    };
  };

  it('leaves valid tokens in memory in service', async () => {
    const [appid] = (await stage.authorize(1)) as [string];
    const first = await hub.authorizerTokens.lease(stage.platform, appid);
    await lock();
    clock.advance(250_000); // old enough that the row is read first
    const again = await hub.authorizerTokens.lease(stage.platform, appid);
    expect(again.token.equals(first.token)).toBe(true);
  });

  it('does not cost a rotated refresh token, however long it stays locked', async () => {
    stage.world.quirks.rotateRefreshTokens = true;
    const [appid] = (await stage.authorize(1)) as [string];
    await hub.componentTokens.lease(stage.platform);
    const reply = new Gate();
    const off = stage.world.onReply((call) => (call.path === PATH.authorizerToken ? reply.pass() : undefined));
    const leased = hub.authorizerTokens.lease(stage.platform, appid);
    leased.catch(() => undefined);
    await reply.waiting;
    off();
    await lock();
    reply.release();
    await eventually(
      'a write ran into the lock',
      () => hub.lines.some((line) => line.includes('commit_retried')),
      20_000,
    );
    clock.advance(600_000);
    await expect(leased).rejects.toMatchObject({ code: 'unavailable' }); // after further tries
    await unlock();
    await eventually(
      'it is written',
      async () => stage.opened(await stage.row(appid), 'sealed_refresh_token') === stage.refreshToken(appid).reveal(),
      20_000,
    );
  });

  it('does not take every connection, however many callers wait for it', async () => {
    const appids = await stage.authorize(25);
    await lock();
    const ends: string[] = [];
    const callers = appids.map((appid) =>
      hub.authorizerTokens.lease(stage.platform, appid).catch((error: { code: string }) => ends.push(error.code)),
    );
    const waiting = async () =>
      (
        await stage.db.query<{ count: number }>(
          `SELECT count(*) AS count FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        )
      )[0]!.count;
    await eventually('they wait for the lock', async () => (await waiting()) >= 6);
    expect(await waiting()).toBe(6);
    await hub.db.query('SELECT 1');
    expect(ends).toEqual([]); // answered before the first of them gave up
    await Promise.all(callers);
    expect(new Set(ends)).toEqual(new Set(['unavailable']));
  });
});
