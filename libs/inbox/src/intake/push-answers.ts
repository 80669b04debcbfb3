import { Inject, Injectable, Optional, type OnApplicationShutdown } from '@nestjs/common';
import { ComponentAccounts } from '#libs/custody';
import { Database, Log, type Sql } from '#libs/kernel';

/** Upper ends of the buckets in ms. WeChat gives up after 5 s. */
const BUCKETS_MS = [50, 100, 250, 500, 1000, 2000, 3000, 4000, 5000] as const;
/** Of the bucket for everything longer. */
const NO_END = 2_147_483_647;
/** Answers above this, in ms, are counted as slow. One of the bucket ends, so that their count is exact. */
export const SLOW_ANSWER_MS = 4000;
/** Counts are written at most this often, one statement for all platforms. */
const FLUSH_MS = 10_000;
/** Rows are kept for this long; the day that is asked about begins within an hour. */
const KEPT_HOURS = 26;

/** Where most of the time went; `backend`: to that of a relay. */
export type WaitedFor = 'hub' | 'backend';

/** Answers of the last 24 hours to pushes that were accepted. */
export interface AnswerTimes {
  answers: number;
  /** 99 of 100 took at most this long, ms; null: no answers, or it is in the bucket without an end. */
  p99Ms: number | null;
  /** Longer than `SLOW_ANSWER_MS`. */
  slow: number;
}

/** How long WeChat waited for the answers to its pushes: counted in memory, added up in the database over all processes. */
@Injectable()
export class PushAnswers implements OnApplicationShutdown {
  private unwritten = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> = Promise.resolve();

  constructor(
    private readonly db: Database,
    private readonly log: Log,
    /** Null: all platforms are taken to be there. */
    @Optional() @Inject(ComponentAccounts) private readonly accounts: Pick<ComponentAccounts, 'refs'> | null = null,
  ) {}

  /** @param ms between the beginning of the request and its answer */
  note(platformId: number, waitedFor: WaitedFor, ms: number): void {
    const upTo = BUCKETS_MS.find((end) => ms <= end) ?? NO_END;
    const key = `${platformId} ${waitedFor} ${upTo}`;
    this.unwritten.set(key, (this.unwritten.get(key) ?? 0) + 1);
    this.timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
    this.timer.unref();
  }

  async lastDay(sql: Sql, platformId: number): Promise<Record<WaitedFor, AnswerTimes>> {
    const rows = await sql.query<{ waitedFor: WaitedFor; upTo: number; answers: number }>(
      `SELECT waited_for AS "waitedFor", up_to_ms AS "upTo", sum(answers)::float8 AS answers FROM inbox.answer_hour
        WHERE platform_id = $1 AND hour > wxfleet.now() - interval '1 day' GROUP BY waited_for, up_to_ms ORDER BY up_to_ms`,
      [platformId],
    );
    const of = (by: WaitedFor) => summed(rows.filter(({ waitedFor }) => waitedFor === by));
    return { hub: of('hub'), backend: of('backend') };
  }

  /** Writes what was counted since the last time. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.flushing = this.flushing.then(() => this.write());
    return this.flushing;
  }

  onApplicationShutdown(): Promise<void> {
    return this.flush();
  }

  /** A platform that was removed since leaves no row. */
  private async ofPresentPlatforms<Count extends { platformId: number }>(counts: Count[]): Promise<Count[]> {
    if (!this.accounts) return counts;
    const present = new Set((await this.accounts.refs().catch(() => [])).map(({ platformId }) => platformId));
    return counts.filter(({ platformId }) => present.has(platformId));
  }

  private async write(): Promise<void> {
    const noted = [...this.unwritten].map(([key, answers]) => {
      const [platformId, waitedFor, upTo] = key.split(' ') as [string, WaitedFor, string];
      return { platformId: Number(platformId), waitedFor, upTo: Number(upTo), answers };
    });
    this.unwritten = new Map();
    const counts = noted.length > 0 ? await this.ofPresentPlatforms(noted) : [];
    if (counts.length === 0) return;
    // Rows in one order, so that processes that write the same ones wait for each other and do not block each other.
    counts.sort((a, b) => a.platformId - b.platformId || a.waitedFor.localeCompare(b.waitedFor) || a.upTo - b.upTo);
    const platformIds = [...new Set(counts.map(({ platformId }) => platformId))];
    try {
      await this.db.run(
        `INSERT INTO inbox.answer_hour AS a (platform_id, hour, waited_for, up_to_ms, answers)
         SELECT c.platform_id, date_trunc('hour', wxfleet.now(), 'UTC'), c.waited_for, c.up_to_ms, c.answers
           FROM unnest($1::int[], $2::text[], $3::int[], $4::bigint[]) AS c (platform_id, waited_for, up_to_ms, answers)
         ON CONFLICT (platform_id, hour, waited_for, up_to_ms) DO UPDATE SET answers = a.answers + excluded.answers`,
        [
          counts.map(({ platformId }) => platformId),
          counts.map(({ waitedFor }) => waitedFor),
          counts.map(({ upTo }) => upTo),
          counts.map(({ answers }) => answers),
        ],
      );
      await this.db.run(
        `DELETE FROM inbox.answer_hour WHERE platform_id = ANY ($1) AND hour < wxfleet.now() - interval '${KEPT_HOURS} hours'`,
        [platformIds],
      );
    } catch (error) {
      // They help a person to find what is slow; nothing depends on them.
      this.log.warn('push.answer_times_not_kept', { error });
    }
  }
}

/** @param rows by ascending end of their bucket */
function summed(rows: readonly { upTo: number; answers: number }[]): AnswerTimes {
  const total = rows.reduce((sum, { answers }) => sum + answers, 0);
  let before = 0;
  const p99 = rows.find(({ answers }) => (before += answers) >= total * 0.99)?.upTo ?? NO_END;
  return {
    answers: total,
    p99Ms: p99 === NO_END ? null : p99,
    slow: rows.reduce((sum, { upTo, answers }) => (upTo > SLOW_ANSWER_MS ? sum + answers : sum), 0),
  };
}
