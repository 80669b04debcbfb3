import type { Clock } from '#libs/kernel';
import { type QuotaDay, quotaDay } from './quota-day.ts';

/**
 * What the database's clock shows, without asking it: the last answer plus the time that has passed since. Goes on while
 * the database is away; before the first answer the machine's clock has to do.
 */
export class DatabaseTime {
  private sync: { databaseMs: number; monotonicMs: number } | undefined;
  private today: QuotaDay | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly resetHour: number,
  ) {}

  /** The database said `databaseMs` to a question that was asked at `monotonicMs`. */
  adjust(databaseMs: number, monotonicMs: number): void {
    this.sync = { databaseMs, monotonicMs };
    this.today = undefined;
  }

  /** Milliseconds since 1970. */
  nowMs(): number {
    if (!this.sync) return this.clock.wallMs();
    return this.sync.databaseMs + (this.clock.monotonicMs() - this.sync.monotonicMs);
  }

  /** The day of counting at `nowMs`. */
  dayAt(nowMs: number): QuotaDay {
    if (!this.today || nowMs >= this.today.endsMs) this.today = quotaDay(nowMs, this.resetHour);
    return this.today;
  }
}
