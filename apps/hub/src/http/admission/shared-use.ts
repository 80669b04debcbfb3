import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Database, Log } from '#libs/kernel';
import type { TokenBuckets } from './token-buckets.ts';

/** NOTIFY with what the callers of one process have used. */
const USE_CHANNEL = 'wxfleet_use';
/** A payload is under 8000 bytes. */
const PAYLOAD_CHARS = 7000;
const TELL_EVERY_MS = 250;

const heard = z.strictObject({
  from: z.string(),
  used: z.record(z.string(), z.record(z.string(), z.number().int().positive())),
});

/**
 * Makes the limits of callers those of the whole installation: each process tells the others, some times a second, what busy
 * callers took from its buckets, and takes what it hears from its own. No request waits for it, and whoever is not busy costs
 * nothing. What is told late may be used twice: in all by no more than each process lets through within that time. While
 * the database is away every process goes on with what it sees itself.
 */
export class SharedUse {
  private readonly source = randomUUID();
  private timer: NodeJS.Timeout | undefined;
  private stopListening: (() => Promise<void>) | undefined;

  /** @param buckets by a name that all processes have for them */
  constructor(
    private readonly db: Pick<Database, 'listen' | 'notify'>,
    private readonly log: Log,
    private readonly buckets: Readonly<Record<string, TokenBuckets>>,
  ) {}

  async start(): Promise<void> {
    this.stopListening = await this.db.listen(
      USE_CHANNEL,
      (payload) => this.hear(payload),
      () => undefined, // what was missed is over by now
    );
    const turn = () => {
      this.timer = setTimeout(() => void this.tell().finally(() => this.timer && turn()), TELL_EVERY_MS);
      this.timer.unref();
    };
    turn();
  }

  async stop(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    await this.stopListening?.();
  }

  /** One turn of what `start` repeats; never rejects. */
  async tell(): Promise<void> {
    try {
      for (const payload of this.payloads()) await this.db.notify(USE_CHANNEL, payload);
    } catch (error) {
      this.log.debug('limits.not_told', { error });
    }
  }

  private *payloads(): Generator<string> {
    let used: Record<string, Record<string, number>> = {};
    let chars = 0;
    for (const [kind, buckets] of Object.entries(this.buckets)) {
      for (const [name, count] of buckets.used()) {
        (used[kind] ??= {})[name] = count;
        chars += name.length + 20;
        if (chars < PAYLOAD_CHARS) continue;
        yield JSON.stringify({ from: this.source, used });
        used = {};
        chars = 0;
      }
    }
    if (chars > 0) yield JSON.stringify({ from: this.source, used });
  }

  private hear(payload: string): void {
    let said;
    try {
      said = heard.parse(JSON.parse(payload));
    } catch (error) {
      // Another version of ours, perhaps.
      this.log.debug('limits.not_understood', { error });
      return;
    }
    if (said.from === this.source) return;
    for (const [kind, used] of Object.entries(said.used)) {
      for (const [name, count] of Object.entries(used)) this.buckets[kind]?.spend(name, count);
    }
  }
}
