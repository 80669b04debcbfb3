import { Module } from '@nestjs/common';
import { ScheduleModule, SchedulerRegistry } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { JobHandlers } from '#libs/jobs';
import { KeyRing } from '#libs/kernel';
import { eventually, testKernel } from '#libs/testing';
import { Scene } from '../test/scene.ts';
import { DomainLedgerModule } from './domain-ledger.module.ts';
import {
  ChangeGroups,
  DomainAssertions,
  DomainChanges,
  DomainCoverage,
  DomainDrift,
  DomainGaugeReader,
  DomainHistory,
  DomainRetention,
  DomainSnapshots,
  DomainSpread,
  DomainSweeps,
  ObservationTimes,
  PlatformOverview,
} from './index.ts';

jest.setTimeout(30_000);

/** What a module above may ask for. */
@Module({ imports: [DomainLedgerModule] })
class AboveModule {
  constructor(
    readonly changeGroups: ChangeGroups,
    readonly assertions: DomainAssertions,
    readonly changes: DomainChanges,
    readonly coverage: DomainCoverage,
    readonly drift: DomainDrift,
    readonly gauges: DomainGaugeReader,
    readonly history: DomainHistory,
    readonly retention: DomainRetention,
    readonly snapshots: DomainSnapshots,
    readonly spread: DomainSpread,
    readonly sweeps: DomainSweeps,
    readonly observationTimes: ObservationTimes,
    readonly overview: PlatformOverview,
  ) {}
}

describe('DomainLedgerModule', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = await Scene.open();
  });
  afterEach(() => scene.close());

  const build = async (roles: string) => {
    const kernel = testKernel(
      { db: await scene.database.another() },
      { env: { WECHAT_API_URL: scene.simulator.url, ROLES: roles }, masterKeys: KeyRing.parse(scene.masterKeys) },
    );
    return Test.createTestingModule({ imports: [kernel, ScheduleModule.forRoot(), AboveModule] }).compile();
  };

  it('is made of the modules it imports; its timers and its job are known', async () => {
    const app = await build('api');
    await app.init();
    expect(app.get(SchedulerRegistry).getIntervals()).toEqual(
      expect.arrayContaining([
        'domain_rounds',
        'domain_sweeps',
        'platform_lists',
        'principal_limits',
        'retention_runs',
        'unused_lists',
        'retention_schedule',
      ]),
    );
    const jobs = app.get(JobHandlers).all();
    expect(jobs.map(({ definition }) => definition.name)).toContain('domains.first_snapshots');
    await app.close();
  });

  it('takes a snapshot on request in the api role, and sweeps right after the start of a worker', async () => {
    const platform = await scene.addPlatform();
    const [one, two] = await scene.addMiniPrograms(platform, [{ appid: 'wxone' }, { appid: 'wxtwo' }]);
    const api = await build('api');
    await api.init();
    const { snapshots, history } = api.get(AboveModule);
    await snapshots.take(platform, one!, { priority: 'interactive' });
    expect(await history.latest(scene.db, platform.platformId, one!)).toMatchObject({ observations: 1 });
    await api.close();

    const worker = await build('worker');
    await worker.init();
    // The first tick has opened the round, whose shards are spread over the interval.
    await eventually('the sweep of the other', async () => {
      await scene.makeDue(platform.platformId);
      return scene.asked().has(two!.authorizerAppid);
    });
    await worker.close();
  });
});
