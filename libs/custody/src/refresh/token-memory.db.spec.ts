import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { NamedStatement } from '#libs/kernel';
import { FakeClock, Gate, eventually } from '#libs/testing';
import { CuttableLine } from '../../test/cuttable-line.ts';
import { PATH, Stage, type Process } from '../../test/stage.ts';
import { WRITE_REFRESHED } from '../authorizer-tokens/authorizer-commits.sql.ts';

jest.setTimeout(30_000);

describe('tokens in memory', () => {
  let stage: Stage;
  let line: CuttableLine;
  let clock: FakeClock;
  let hub: Process;
  let appid: string;

  beforeEach(async () => {
    stage = await Stage.open();
    line = await CuttableLine.to(stage.database.url);
    clock = new FakeClock();
    [appid] = (await stage.authorize(1)) as [string];
    hub = await stage.process({ url: line.url, clock });
  });

  afterEach(async () => {
    line.restore();
    await stage.close();
    await line.close();
  });

  const lease = (process = hub) => process.authorizerTokens.lease(stage.platform, appid);

  it('are served while the database is away, and only as long as they live', async () => {
    const first = await lease();
    line.cut();
    clock.advance(150_000); // beyond the age at which the database is asked in the background
    expect((await lease()).token.equals(first.token)).toBe(true);
    clock.advance(600_000); // beyond the age at which it is asked first
    expect((await lease()).token.equals(first.token)).toBe(true);
    await expect(hub.authorizerTokens.lease(stage.platform, 'wx0000000000000000')).rejects.toMatchObject({
      code: 'unavailable',
    });
    clock.advance(6_449_000);
    await expect(lease()).rejects.toMatchObject({ code: 'unavailable' }); // less than five seconds left
    line.restore();
    const again = await eventually('the database is found again', () => lease().catch(() => null));
    expect(again.token.equals(first.token)).toBe(true); // by the database's clock no time has passed
  });

  it('are checked again after the line was broken', async () => {
    await lease();
    line.cut();
    const other = await stage.process();
    await stage.db.transaction((sql) => other.authorizerTokens.suspend(sql, stage.platform.platformId, appid));
    expect((await lease()).expiresInSeconds).toBeGreaterThan(7000); // it cannot know
    line.restore();
    await eventually('it has heard that the authorization ended', () => {
      clock.advance(100);
      return lease().then(
        () => false,
        (error: { code: string }) => error.code === 'authorizer_not_authorized',
      );
    });
  });

  it('are dropped within a second of a withdrawal elsewhere', async () => {
    const other = await stage.process();
    await Promise.all([lease(), lease(other)]);
    await stage.db.transaction((sql) => other.authorizerTokens.suspend(sql, stage.platform.platformId, appid));
    for (const process of [hub, other]) {
      await eventually(
        'it is refused',
        () =>
          lease(process).then(
            () => false,
            (error: { code: string }) => error.code === 'authorizer_not_authorized',
          ),
        1000,
      );
    }
    await stage.db.transaction((sql) => other.authorizerTokens.resume(sql, stage.platform.platformId, appid));
    const again = await eventually('it is served again', () => lease().catch(() => null), 2000);
    expect(await stage.works(again.token)).toBe(true);
  });

  it('give way to an earlier one when the database was restored from a backup', async () => {
    const first = await lease();
    await stage.db.run('CREATE TABLE backup AS SELECT * FROM custody.authorizer_token');
    const second = await hub.authorizerTokens.reportRejected(stage.platform, appid, first.token);
    expect(second.token.equals(first.token)).toBe(false);
    await stage.db.run(
      `UPDATE custody.authorizer_token AS t
          SET generation = b.generation, sealed_access_token = b.sealed_access_token,
              access_token_expires_at = b.access_token_expires_at FROM backup AS b`,
    );
    clock.advance(300_000);
    expect((await lease()).token.equals(first.token)).toBe(true);
    line.cut();
    expect((await lease()).token.equals(first.token)).toBe(true);
  });

  it('do not live longer or shorter when the clock of the process jumps', async () => {
    const first = await lease();
    for (const jump of [-86_400_000, 2 * 86_400_000, -3_600_000]) {
      clock.jump(jump);
      const again = await lease();
      expect(again.token.equals(first.token)).toBe(true);
      expect(Math.abs(again.expiresInSeconds - first.expiresInSeconds)).toBeLessThanOrEqual(1);
    }
    const cold = await stage.process({ clock });
    clock.jump(5 * 86_400_000);
    expect((await lease(cold)).token.equals(first.token)).toBe(true);
    expect(stage.world.log.total(PATH.authorizerToken)).toBe(1);
  });

  it('are never handed out expired, also when WeChat cannot be asked', async () => {
    await lease();
    stage.world.faults.add({ kind: 'errcode', errcode: 40097, match: { path: PATH.authorizerToken } });
    await stage.pass(7190, [hub]);
    clock.advance(7_190_000);
    // Ten seconds are left: better than nothing.
    expect((await lease()).expiresInSeconds).toBeLessThanOrEqual(10);
    await stage.pass(6, [hub]);
    clock.advance(6_000);
    await expect(lease()).rejects.toMatchObject({ code: 'upstream_failed' });
  });

  it('are not handed out when they expire while their successor is waited for in vain', async () => {
    const others = await stage.authorize(19, stage.platform, 'b');
    const leaseOf = (of: string) => hub.authorizerTokens.lease(stage.platform, of);
    await Promise.all([appid, ...others].map(leaseOf));
    await stage.pass(7193, [hub]);
    await stage.giveTicket(hub);
    clock.advance(7_193_000);
    let asked = 0;
    const gate = new Gate();
    stage.world.onCall((call) => {
      if (call.path !== PATH.authorizerToken) return;
      asked += 1;
      return gate.pass();
    });
    stage.world.faults.add({ kind: 'errcode', errcode: 40097, match: { path: PATH.authorizerToken } });
    const waiting = Promise.allSettled([appid, ...others].map(leaseOf));
    await eventually('all are asked for', () => asked === 20);
    clock.advance(8_000);
    gate.release();
    for (const end of await waiting) {
      expect(end).toMatchObject({ status: 'rejected', reason: { code: 'upstream_failed' } });
    }
  });

  it('stop waiting when the caller does, while the others go on', async () => {
    const gate = new Gate();
    const off = stage.world.onCall((call) => (call.path === PATH.authorizerToken ? gate.pass() : undefined));
    const impatience = new AbortController();
    const impatient = hub.authorizerTokens.lease(stage.platform, appid, { signal: impatience.signal });
    const patient = lease();
    await gate.waiting;
    impatience.abort(new Error('gone'));
    await expect(impatient).rejects.toThrow('gone');
    off();
    gate.release();
    expect((await patient).expiresInSeconds).toBeGreaterThan(7000);
  });

  it('are asked for again when news of a later one came before the answer to the own commit', async () => {
    // Such answers come late to a process that stands still for a moment; two sockets, two orders.
    const gate = new Gate();
    const query = hub.db.query.bind(hub.db);
    hub.db.query = async <Row>(statement: string | NamedStatement, values?: readonly unknown[]) => {
      const rows = await query<Row>(statement, values);
      if (statement === WRITE_REFRESHED) await gate.pass();
      return rows;
    };
    const mine = lease();
    await gate.waiting;
    let heard = 0;
    hub.channel.onToken((_platformId, of) => (heard += of === appid ? 1 : 0));
    const other = await stage.process();
    const first = await lease(other);
    const heardBefore = heard;
    const later = await other.authorizerTokens.reportRejected(stage.platform, appid, first.token);
    expect(later.generation).toBe(first.generation + 1);
    await eventually('the news of the later one', () => heard > heardBefore);
    gate.release();
    await mine;
    expect((await lease()).generation).toBe(later.generation);
  });

  it('of many merchants are read in one statement, without asking WeChat', async () => {
    const [second, third, fourth] = await stage.authorize(3, stage.platform, 'b');
    await Promise.all([lease(), hub.authorizerTokens.lease(stage.platform, second!)]);
    await stage.db.transaction((sql) => hub.authorizerTokens.suspend(sql, stage.platform.platformId, third!));
    const calls = stage.world.log.total();
    const found = await hub.authorizerTokens.leaseMany(stage.platform, [appid, second!, third!, fourth!, 'wxunknown']);
    expect(stage.world.log.total()).toBe(calls);
    expect([...found].map(([, value]) => (typeof value === 'string' ? value : 'token'))).toEqual([
      'token',
      'token',
      'not_authorized',
      'to_refresh',
      'not_authorized',
    ]);
  });

  it('of many merchants are claimed in one statement; what is redeemed late is claimed afresh', async () => {
    const [second, third, fourth] = await stage.authorize(3, stage.platform, 'b');
    const tokens = hub.authorizerTokens;
    await tokens.lease(stage.platform, second!);
    await stage.db.transaction((sql) => tokens.suspend(sql, stage.platform.platformId, third!));
    const claims = await tokens.claimMany(stage.platform, [appid, second!, third!, fourth!, 'wxunknown']);
    // One is valid, one has withdrawn; and what is claimed is not claimed again.
    expect([...claims.keys()].sort()).toEqual([appid, fourth!].sort());
    expect((await tokens.claimMany(stage.platform, [appid, fourth!])).size).toBe(0);
    const calls = stage.world.log.total(PATH.authorizerToken);
    expect((await tokens.redeem(stage.platform, claims.get(appid)!)).expiresInSeconds).toBeGreaterThan(7000);
    clock.advance(15_000);
    expect((await tokens.redeem(stage.platform, claims.get(fourth!)!)).expiresInSeconds).toBeGreaterThan(7000);
    expect(stage.world.log.total(PATH.authorizerToken) - calls).toBe(2);
  });

  it('that were claimed and then refreshed by somebody else are theirs, not ours', async () => {
    const claims = await hub.authorizerTokens.claimMany(stage.platform, [appid]);
    await stage.db.run(`UPDATE custody.authorizer_token SET lease_until = wxfleet.now() - interval '1 s'`);
    const other = await stage.process();
    const theirs = await other.authorizerTokens.lease(stage.platform, appid);
    const ours = await hub.authorizerTokens.redeem(stage.platform, claims.get(appid)!);
    expect([ours.generation, ours.token.reveal()]).toEqual([theirs.generation, theirs.token.reveal()]);
  });
});
