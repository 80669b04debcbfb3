import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database, Log } from '#libs/kernel';
import type { TokenBuckets } from './token-buckets.ts';

/** NOTIFY channel for usage reports. */
const USAGE_CHANNEL = 'wxfleet_use';
/** PostgreSQL limits a payload to 8000 bytes. */
const PAYLOAD_CHARS = 7000;
const PUBLISH_EVERY_MS = 250;

const usageReport = z.strictObject({
  from: z.string(),
  used: z.record(z.string(), z.record(z.string(), z.number().int().positive())),
});

/**
 * Applies rate limits across processes: each process publishes the usage of busy callers four times a second, and subtracts what
 * the others report from its own buckets. No request waits for it, and idle callers cost nothing. Usage that is not published
 * yet can be admitted twice. While the database is unreachable, each process limits by what it sees itself.
 */
export class RateLimitGossip {
  private readonly source = randomUUID();
  private timer: NodeJS.Timeout | undefined;
  private stopListening: (() => Promise<void>) | undefined;

  /** @param buckets by a name that all processes use for them */
  constructor(
    private readonly db: Pick<Database, 'listen' | 'notify'>,
    private readonly log: Log,
    private readonly buckets: Readonly<Record<string, TokenBuckets>>,
  ) {}

  async start(): Promise<void> {
    this.stopListening = await this.db.listen(
      USAGE_CHANNEL,
      (payload) => this.apply(payload),
      // Missed reports have expired by the time the connection is back.
      () => undefined,
    );
    const publishLater = () => {
      this.timer = setTimeout(() => void this.publish().finally(() => this.timer && publishLater()), PUBLISH_EVERY_MS);
      this.timer.unref();
    };
    publishLater();
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.stopListening?.();
  }

  /** Publishes what was used since the last time; never rejects. */
  async publish(): Promise<void> {
    try {
      for (const payload of this.payloads()) await this.db.notify(USAGE_CHANNEL, payload);
    } catch (error) {
      this.log.debug('rate_limits.publish_failed', { error });
    }
  }

  private *payloads(): Generator<string> {
    let used: Record<string, Record<string, number>> = {};
    let chars = 0;
    for (const [kind, buckets] of Object.entries(this.buckets)) {
      for (const [key, count] of buckets.drainUsage()) {
        (used[kind] ??= {})[key] = count;
        chars += key.length + 20;
        if (chars < PAYLOAD_CHARS) continue;
        yield JSON.stringify({ from: this.source, used });
        used = {};
        chars = 0;
      }
    }
    if (chars > 0) yield JSON.stringify({ from: this.source, used });
  }

  private apply(payload: string): void {
    let report;
    try {
      report = usageReport.parse(JSON.parse(payload));
    } catch (error) {
      // Possibly from a hub of another version.
      this.log.debug('rate_limits.report_unreadable', { error });
      return;
    }
    if (report.from === this.source) return;
    for (const [kind, used] of Object.entries(report.used)) {
      for (const [key, count] of Object.entries(used)) this.buckets[kind]?.debit(key, count);
    }
  }
}
