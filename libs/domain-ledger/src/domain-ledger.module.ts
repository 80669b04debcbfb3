import { Module } from '@nestjs/common';
import { AccessModule } from '#libs/access';
import { AuthorizersModule } from '#libs/authorizers';
import { CustodyModule } from '#libs/custody';
import { EventsModule } from '#libs/events';
import { JobsModule } from '#libs/jobs';
import { Settings } from '#libs/kernel';
import { WechatModule } from '#libs/wechat';
import { ChangeGroups } from './fleet/change-groups.ts';
import { DomainAssertions } from './fleet/domain-assertions.ts';
import { DomainChanges } from './fleet/domain-changes.ts';
import { DomainCoverage } from './fleet/domain-coverage.ts';
import { DomainDrift } from './fleet/domain-drift.ts';
import { DomainGaugeReader } from './fleet/domain-gauges.ts';
import { DomainSpread } from './fleet/domain-spread.ts';
import { PlatformOverview } from './fleet/overview.ts';
import { PlatformListRefresh } from './fleet/platform-list-refresh.ts';
import { PlatformLists } from './fleet/platform-lists.ts';
import { PrincipalLimits } from './fleet/principal-limits.ts';
import { DomainHistory } from './history/domain-history.ts';
import { DomainSnapshots } from './history/domain-snapshots.ts';
import { FirstSnapshots } from './history/first-snapshots.ts';
import { ObservationTimes } from './history/observation-times.ts';
import { LedgerOptions } from './ledger-options.ts';
import { DomainLedger } from './record/domain-ledger.ts';
import { RetentionSchedule } from './retention/retention-schedule.ts';
import { DomainRetention } from './retention/retention.ts';
import { UnusedLists, UnusedListsOptions } from './retention/unused-lists.ts';
import { DomainSweeps } from './sweeps/domain-sweeps.ts';

/** The record of server domains: observed one by one or by sweeps, their history, and questions about the whole fleet. */
@Module({
  imports: [AccessModule, AuthorizersModule, CustodyModule, EventsModule, JobsModule, WechatModule],
  providers: [
    {
      provide: LedgerOptions,
      useFactory: ({ snapshotIntervalMs, wechat, retention }: Settings) =>
        new LedgerOptions({ snapshotIntervalMs, concurrency: wechat.maxConcurrency, retention }),
      inject: [Settings],
    },
    ChangeGroups,
    DomainAssertions,
    DomainChanges,
    // Its only parameter is for specs.
    { provide: DomainCoverage, useFactory: () => new DomainCoverage() },
    DomainDrift,
    DomainGaugeReader,
    DomainHistory,
    DomainLedger,
    DomainRetention,
    DomainSnapshots,
    DomainSpread,
    DomainSweeps,
    FirstSnapshots,
    ObservationTimes,
    PlatformListRefresh,
    PlatformLists,
    PlatformOverview,
    PrincipalLimits,
    RetentionSchedule,
    UnusedLists,
    UnusedListsOptions,
  ],
  exports: [
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
    PlatformLists,
    PlatformOverview,
  ],
})
export class DomainLedgerModule {}
