import { Module } from '@nestjs/common';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { KeyRing, SealError, SealedTables } from '#libs/kernel';
import { testKernel } from '#libs/testing';
import { CuttableLine } from '../test/cuttable-line.ts';
import { PATH, Stage } from '../test/stage.ts';
import { AuthorizerTokens } from './authorizer-tokens/authorizer-tokens.ts';
import { ComponentTokens } from './component-tokens/component-tokens.ts';
import { CustodyModule } from './custody.module.ts';
import { KeyRotations } from './master-keys/key-rotations.ts';
import { MasterKeyRegister } from './master-keys/master-key-register.ts';
import { ComponentAccounts } from './platforms/component-accounts.ts';
import { ComponentTickets } from './platforms/component-tickets.ts';
import { TicketGuard } from './platforms/ticket-guard.ts';
import { TokenInvalidationChannel } from './token-invalidation-channel.ts';

jest.setTimeout(30_000);

describe('CustodyModule', () => {
  let stage: Stage;
  let line: CuttableLine;
  beforeEach(async () => {
    stage = await Stage.open();
    line = await CuttableLine.to(stage.database.url);
  });
  afterEach(async () => {
    await line.close();
    await stage.close();
  });

  const build = async (options: { masterKeys?: string; roles?: string } = {}) => {
    const db = await stage.database.another({ url: line.url });
    const kernel = testKernel(
      { db },
      {
        env: { WECHAT_API_URL: stage.simulator.url, ...(options.roles ? { ROLES: options.roles } : {}) },
        masterKeys: KeyRing.parse(options.masterKeys ?? stage.masterKeys),
      },
    );
    @Module({ imports: [CustodyModule] })
    class AboveModule {
      constructor(
        readonly accounts: ComponentAccounts,
        readonly tickets: ComponentTickets,
        readonly componentTokens: ComponentTokens,
        readonly authorizerTokens: AuthorizerTokens,
        readonly ticketGuard: TicketGuard,
        readonly channel: TokenInvalidationChannel,
        readonly sealedTables: SealedTables,
        readonly masterKeys: MasterKeyRegister,
        readonly keyRotations: KeyRotations,
      ) {}
    }
    const app = await Test.createTestingModule({ imports: [kernel, ScheduleModule.forRoot(), AboveModule] }).compile();
    return { app, above: app.get(AboveModule) };
  };

  it('issues tokens, hears of changes elsewhere, and refreshes by timers', async () => {
    const [appid] = (await stage.authorize(1)) as [string];
    const { app, above } = await build({ roles: 'api' });
    await app.init();
    const first = await above.authorizerTokens.lease(stage.platform, appid);
    expect(await stage.works(first.token)).toBe(true);
    const heard = new Promise<string>((resolve) => above.channel.onToken((_platformId, of) => resolve(of)));
    const other = await stage.process();
    await stage.db.transaction((sql) => other.authorizerTokens.suspend(sql, stage.platform.platformId, appid));
    expect(await heard).toBe(appid);
    expect(app.get(SchedulerRegistry).getIntervals()).toEqual(
      expect.arrayContaining(['master_key_rotation', 'ticket_guard', 'token_refresh']),
    );
    await app.close();
  });

  it('refreshes what is due right after the start of a worker', async () => {
    const [appid] = (await stage.authorize(1)) as [string];
    const { app } = await build({ roles: 'worker' });
    await app.init();
    while ((await stage.row(appid)).generation < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(stage.world.log.total(PATH.authorizerToken)).toBe(1);
    await app.close();
  });

  it('does not start without the master key of what is sealed', async () => {
    const { app } = await build({ masterKeys: KeyRing.generate('k2') });
    await expect(app.init()).rejects.toThrow(SealError);
    await app.close();
  });

  it('writes a rotated refresh token at the stop, before the database closes', async () => {
    stage.world.quirks.rotateRefreshTokens = true;
    const [appid] = (await stage.authorize(1)) as [string];
    const { app, above } = await build({ roles: 'api' });
    await app.init();
    await above.componentTokens.lease(stage.platform);
    stage.world.latencyMs = 100;
    const leased = above.authorizerTokens.lease(stage.platform, appid);
    leased.catch(() => undefined);
    while (stage.world.log.total(PATH.authorizerToken) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    line.cut();
    await new Promise((resolve) => setTimeout(resolve, 300)); // the reply is here, and cannot be written
    const closing = app.close();
    line.restore();
    await closing;
    const row = await stage.row(appid);
    expect(stage.opened(row, 'sealed_refresh_token')).toBe(stage.refreshToken(appid).reveal());
  });
});
