import { Injectable } from '@nestjs/common';
import { ComponentAccounts } from '#libs/custody';
import { Clock, Database, Metrics } from '#libs/kernel';
import type { ReconciliationState } from './reconciliation.entity.ts';

/** What was read serves every reading of the metrics for this long. */
const KEPT_MS = 2000;
/** A scrape does not wait longer for the database; it then shows what was last known. */
const PATIENCE_MS = 1000;

/**
 * The metric that tells whether the latest reconciliation of a platform got to its end. It is read from the runs
 * themselves, so that every process shows the same, the one that ran it and all others, whether it has been restarted since.
 */
@Injectable()
export class ReconciliationAlarm {
  private readonly gauge;
  private readMs = Number.NEGATIVE_INFINITY;
  private reading: Promise<void> | undefined;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly accounts: ComponentAccounts,
    metrics: Metrics,
  ) {
    this.gauge = metrics.gauge(
      'wxfleet_reconciliation_alarm',
      '1 while the latest reconciliation of a platform did not get to its end',
      ['platform'],
      () => this.refresh(),
    );
  }

  /** A run has ended here: the next scrape reads again. */
  outdate(): void {
    this.readMs = Number.NEGATIVE_INFINITY;
  }

  private async refresh(): Promise<void> {
    if (this.clock.monotonicMs() - this.readMs < KEPT_MS) return;
    // One at a time: a database that does not answer must not be asked once more by every scrape.
    this.reading ??= this.read()
      .catch(() => undefined)
      .finally(() => (this.reading = undefined));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, PATIENCE_MS)));
    await Promise.race([this.reading, late]);
    clearTimeout(timer);
  }

  private async read(): Promise<void> {
    const startMs = this.clock.monotonicMs();
    const rows = await this.db.query<{ platformId: number; state: ReconciliationState }>(
      `SELECT DISTINCT ON (platform_id) platform_id AS "platformId", state FROM authorizers.reconciliation
        WHERE state <> 'running' ORDER BY platform_id, reconciliation_id DESC`,
    );
    for (const { platformId, state } of rows) {
      const platform = await this.accounts.refOf(platformId);
      if (platform) this.gauge.set({ platform: platform.componentAppid }, state === 'done' ? 0 : 1);
    }
    this.readMs = startMs;
  }
}
