import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { AuditTrail } from '#libs/access';
import { ComponentAccounts } from '#libs/custody';
import { DAY_MS, Database, Ticks } from '#libs/kernel';
import { LedgerOptions } from '../ledger-options.ts';
import { DomainRetention } from './retention.ts';
import { UnusedLists } from './unused-lists.ts';

/** Thinning reads every history of a platform, and what became old meanwhile is not urgent. */
const PLATFORM_EVERY_MS = 7 * DAY_MS;

/** Requests retention runs where the operator has switched them on, and works on those that were requested. */
@Injectable()
export class RetentionSchedule implements OnApplicationBootstrap {
  constructor(
    private readonly db: Database,
    private readonly retention: DomainRetention,
    private readonly accounts: ComponentAccounts,
    private readonly audit: AuditTrail,
    private readonly ticks: Ticks,
    private readonly options: LedgerOptions,
    private readonly unused: UnusedLists,
  ) {}

  onApplicationBootstrap(): void {
    void this.scheduleTick();
    void this.unusedTick();
  }

  @Interval('retention_schedule', 600_000)
  scheduleTick(): Promise<void> {
    return this.ticks.run('retention_schedule', () => this.schedule());
  }

  @Interval('retention_runs', 5000)
  workTick(): Promise<void> {
    return this.ticks.run('retention_runs', (signal) => this.retention.work({ signal }));
  }

  @Interval('unused_lists', 3_600_000)
  unusedTick(): Promise<void> {
    return this.ticks.run('unused_lists', (signal) => this.unused.collectDaily({ signal }));
  }

  /** Requests the runs that are due; each is in the audit trail. Nothing without the setting. */
  async schedule(): Promise<void> {
    const policy = this.options.retention;
    if (!policy) return;
    for (const platform of await this.retention.due(await this.accounts.refs(), PLATFORM_EVERY_MS)) {
      await this.db.transaction(async (sql) => {
        const { id, isNew } = await this.retention.request(sql, platform.platformId, policy, 'system');
        if (!isNew) return;
        await this.audit.record(sql, {
          platformId: platform.platformId,
          actor: 'system',
          action: 'retention.started',
          subject: `retention_run:${id}`,
          detail: { ...policy },
        });
      });
    }
  }
}
