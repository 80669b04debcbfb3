import { Injectable } from '@nestjs/common';
import type { HealthView } from '#libs/contract';
import { ClockCheck, Database, SharedReading } from '#libs/kernel';

/** Monitoring needs no credentials: however often it asks, the database is asked once in this time. */
const SHARED_MS = 1000;

/** A database that answers later than this is not usable. */
const ANSWER_WITHIN_MS = 2000;

/** Whether this process can serve requests. */
@Injectable()
export class Readiness {
  private readonly reading = new SharedReading(SHARED_MS, () => this.check());

  constructor(
    private readonly db: Database,
    private readonly clockCheck: ClockCheck,
  ) {}

  /** What `/health/ready` answers; 503 unless `status` is `ok`. */
  async view(): Promise<HealthView> {
    const reason = await this.unavailableBecause();
    const { wrong, databaseOffsetSeconds, wechatOffsetSeconds } = this.clockCheck.current();
    return {
      ...(reason === null ? { status: 'ok' } : { status: 'unavailable', reason }),
      ...(wrong === null
        ? {}
        : {
            clocks: {
              wrong,
              database_offset_seconds: databaseOffsetSeconds,
              wechat_offset_seconds: wechatOffsetSeconds,
            },
          }),
    };
  }

  /** Why this process cannot serve; null when it can. At most a second old. */
  unavailableBecause(): Promise<string | null> {
    return this.reading.get();
  }

  private async check(): Promise<string | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve('the database does not answer'), ANSWER_WITHIN_MS);
    });
    try {
      return await Promise.race([this.db.query('SELECT 1').then(() => null), late]);
    } catch {
      return 'the database cannot be reached';
    } finally {
      clearTimeout(timer);
    }
  }
}
