import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Secret, type NamedStatement } from '#libs/kernel';
import { FakeClock, Gate, eventually } from '#libs/testing';
import { WechatApiError } from '#libs/wechat';
import { PATH, Stage, type Process } from '../../test/stage.ts';
import { READ_STATE } from '../authorizer-tokens/authorizer-token-rows.ts';

jest.setTimeout(30_000);

describe('rejected tokens', () => {
  let stage: Stage;
  let hub: Process;
  let appid: string;
  const clock = new FakeClock();

  beforeEach(async () => {
    stage = await Stage.open();
    [appid] = (await stage.authorize(1)) as [string];
    hub = await stage.process({ clock });
  });

  afterEach(() => stage.close());

  const refused = () =>
    new WechatApiError('/wxa/get_effective_domain', { errcode: 40001, errmsg: 'invalid credential', raw: '' });

  it('force one refresh, however many report the same token in however many processes', async () => {
    const other = await stage.process();
    const first = await hub.authorizerTokens.lease(stage.platform, appid);
    stage.world.latencyMs = 50;
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        (index % 2 ? hub : other).authorizerTokens.reportRejected(stage.platform, appid, first.token),
      ),
    );
    expect(stage.world.log.total(PATH.authorizerToken)).toBe(2);
    expect(new Set(answers.map((answer) => answer.token.reveal())).size).toBe(1);
    expect(answers[0]!.token.equals(first.token)).toBe(false);
  });

  it('of the past, or invented, cost nothing', async () => {
    const first = await hub.authorizerTokens.lease(stage.platform, appid);
    const second = await hub.authorizerTokens.reportRejected(stage.platform, appid, first.token);
    for (const token of [first.token, Secret.of('invented'), first.token]) {
      const answer = await hub.authorizerTokens.reportRejected(stage.platform, appid, token);
      expect(answer.token.equals(second.token)).toBe(true);
    }
    expect(stage.world.log.total(PATH.authorizerToken)).toBe(2);
  });

  it('are not the answer to their own report, in any order of two looks at the row', async () => {
    const deaf = await stage.process({ clock, listen: false });
    const first = await deaf.authorizerTokens.lease(stage.platform, appid);
    clock.advance(130_000); // of an age at which the row is looked at in the background
    const gate = new Gate();
    const query = deaf.db.query.bind(deaf.db);
    let looks = 0;
    let lookedInBackground = false;
    deaf.db.query = async <Row>(text: string | NamedStatement, values?: readonly unknown[]) => {
      const isFirst = text === READ_STATE && (looks += 1) === 1;
      if (isFirst) await gate.pass();
      const rows = await query<Row>(text, values);
      if (text === READ_STATE && !isFirst) lookedInBackground = true;
      return rows;
    };
    const report = deaf.authorizerTokens.reportRejected(stage.platform, appid, first.token);
    await gate.waiting;
    clock.advance(1);
    // Began later, sees the token that is refused, and is back before the look that will see its successor.
    expect((await deaf.authorizerTokens.lease(stage.platform, appid)).token.equals(first.token)).toBe(true);
    await eventually('the second look has ended', () => lookedInBackground);
    await new Promise((resolve) => setImmediate(resolve));
    const second = await hub.authorizerTokens.reportRejected(stage.platform, appid, first.token);
    gate.release();
    expect((await report).token.equals(second.token)).toBe(true);
    expect((await deaf.authorizerTokens.lease(stage.platform, appid)).token.equals(second.token)).toBe(true);
  });

  describe('when every new one is refused too', () => {
    /** Time passes, for the processes and for what was forced. */
    const later = async (seconds: number) => {
      clock.advance(seconds * 1000);
      await stage.db.run('UPDATE custody.authorizer_token SET forced_at = forced_at - make_interval(secs => $1)', [
        seconds,
      ]);
    };
    /**
     * Reports whatever a process holds to be the current token, `times` times; how many refreshes that cost. Answers with another
     * token are not counted: a process that has not yet heard of a refresh elsewhere is told the new token for nothing.
     */
    const report = async (process: Process, times: number) => {
      const before = stage.world.log.total(PATH.authorizerToken);
      for (let n = 0; n < times; n += 1) {
        const { token } = await process.authorizerTokens.lease(stage.platform, appid);
        await process.authorizerTokens.reportRejected(stage.platform, appid, token).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'upstream_busy', retryAfterSeconds: expect.any(Number) });
        });
      }
      return stage.world.log.total(PATH.authorizerToken) - before;
    };

    beforeEach(async () => {
      await hub.authorizerTokens.lease(stage.platform, appid);
    });

    it('cost ever fewer refreshes, however many processes report them and however often they start', async () => {
      const other = await stage.process({ clock });
      expect((await report(hub, 2)) + (await report(other, 10)) + (await report(hub, 10))).toBe(3);
      for (const seconds of [60, 120, 240, 480, 960, 1920, 3600, 3600]) {
        // The machine may take seconds of its own for what comes between.
        await later(seconds - 20);
        expect(await report(await stage.process({ clock }), 2)).toBe(0);
        await later(20);
        expect((await report(other, 2)) + (await report(hub, 2))).toBe(1);
      }
      expect(stage.world.log.total(PATH.authorizerToken)).toBe(1 + 3 + 8);
    });

    it('cost three at once again after two hours without one', async () => {
      expect(await report(hub, 10)).toBe(3);
      await later(7200);
      expect(await report(hub, 10)).toBe(3);
    });

    it('ask the database no more often than to know whether they are current', async () => {
      await report(hub, 4);
      const { token } = await hub.authorizerTokens.lease(stage.platform, appid);
      const asked: (string | NamedStatement)[] = [];
      const query = hub.db.query.bind(hub.db);
      hub.db.query = <Row>(text: string | NamedStatement, values?: readonly unknown[]) => {
        asked.push(text);
        return query<Row>(text, values);
      };
      await expect(hub.authorizerTokens.reportRejected(stage.platform, appid, token)).rejects.toMatchObject({
        code: 'upstream_busy',
      });
      expect(asked).toHaveLength(1);
    });
  });

  it('are replaced once inside call(), and the second refusal is the caller’s', async () => {
    const used: string[] = [];
    const answer = await hub.authorizerTokens.call(stage.platform, appid, {}, async (token) => {
      used.push(token.reveal());
      if (used.length === 1) throw refused();
      return 'done';
    });
    expect(answer).toBe('done');
    expect(new Set(used).size).toBe(2);

    let calls = 0;
    await expect(
      hub.authorizerTokens.call(stage.platform, appid, {}, async () => {
        calls += 1;
        throw refused();
      }),
    ).rejects.toMatchObject({ errcode: 40001 });
    expect(calls).toBe(2);
  });

  it('of the platform are replaced in the middle of a refresh', async () => {
    await hub.componentTokens.lease(stage.platform);
    const platform = stage.world.platform(stage.componentAppid);
    platform.tokenSerial += 2; // somebody else fetched component tokens: ours is dead at WeChat
    platform.tokenIssuedAt = stage.world.clock.nowSeconds();
    const leased = await hub.authorizerTokens.lease(stage.platform, appid);
    expect(await stage.works(leased.token)).toBe(true);
    expect(stage.world.log.total(PATH.componentToken)).toBe(2);
  });

  it('do not cost the answer to a call when it cannot be written that the platform is configured again', async () => {
    await hub.componentTokens.lease(stage.platform);
    stage.world.faults.add({ kind: 'errcode', errcode: 61004, match: { path: PATH.authorizerToken }, times: 1 });
    await expect(hub.authorizerTokens.lease(stage.platform, appid)).rejects.toMatchObject({
      code: 'platform_misconfigured',
    });
    await stage.db.run('UPDATE custody.authorizer_token SET refresh_after = NULL');
    const at = async () =>
      (await stage.db.query<{ at: Date | null }>('SELECT misconfigured_at AS at FROM custody.component_account'))[0]!
        .at;
    expect(await at()).not.toBeNull();
    await stage.db.runScript(`
      CREATE FUNCTION balk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
      CREATE TRIGGER balk BEFORE UPDATE ON custody.component_account FOR EACH ROW EXECUTE FUNCTION balk();`);
    const leased = await hub.authorizerTokens.lease(stage.platform, appid);
    expect(await stage.works(leased.token)).toBe(true);
    expect(await stage.row(appid)).toMatchObject({ generation: leased.generation, failures: 0 });

    await stage.db.run('DROP TRIGGER balk ON custody.component_account');
    await hub.authorizerTokens.reportRejected(stage.platform, appid, leased.token);
    await eventually('it is written by the next call', async () => (await at()) === null);
  });

  it('of the platform cost a bounded number of calls when every new one is refused', async () => {
    stage.world.faults.add({ kind: 'errcode', errcode: 40001, match: { path: PATH.info } });
    for (let report = 0; report < 20; report += 1) {
      const componentAppid = stage.componentAppid;
      await expect(
        hub.componentTokens.call(stage.platform, (token) =>
          hub.api.getAuthorizerInfo({ componentAppid, authorizerAppid: appid, priority: 'interactive' }, token),
        ),
      ).rejects.toMatchObject({ errcode: 40001 });
    }
    expect(stage.world.log.total(PATH.componentToken)).toBe(1 + 3);
  });
});
