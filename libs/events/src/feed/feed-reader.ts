import { Injectable } from '@nestjs/common';
import type { EventView } from '#libs/contract';
import { onAbort, type Sql } from '#libs/kernel';
import { EventFeed, type EventFilter, type EventStretch } from './event-feed.ts';
import { FeedSignal } from './feed-signal.ts';

/** Runs a read in a transaction that sees what the reader may see. */
export type AsReader = <T>(work: (sql: Sql) => Promise<T>) => Promise<T>;

/** Without a notification a waiting reader looks again after this time, in ms. */
const LOOK_AGAIN_MS = 5000;

/** Reads until there is something, or for ever. No transaction is open while a reader waits. */
@Injectable()
export class FeedReader {
  constructor(
    private readonly feed: EventFeed,
    private readonly signal: FeedSignal,
  ) {}

  /**
   * One page. When nothing matches it waits up to `waitMs` for something that does.
   * @throws AppError as `EventFeed.read`
   */
  async page(
    as: AsReader,
    platformId: number,
    query: EventFilter & { after: number | null; limit: number; waitMs: number },
    signal: AbortSignal,
  ): Promise<{ items: EventView[]; lastSeq: number }> {
    const deadline = performance.now() + query.waitMs;
    const wakeUp = new WakeUp(this.signal, platformId);
    try {
      let after = query.after;
      for (;;) {
        const found = await this.untilHead(as, platformId, { ...query, after }, signal);
        const remaining = deadline - performance.now();
        if (found.items.length > 0 || remaining <= 0 || signal.aborted) return found;
        after = found.lastSeq;
        await wakeUp.wait(Math.min(remaining, LOOK_AGAIN_MS), signal);
      }
    } finally {
      wakeUp.end();
    }
  }

  /**
   * Events as they come, in pages that are never empty, until `signal` is aborted.
   * @param after null: only new ones
   */
  async *follow(
    as: AsReader,
    platformId: number,
    { after, ...filter }: EventFilter & { after: number | null },
    signal: AbortSignal,
    limit = 250,
  ): AsyncGenerator<EventView[], void> {
    const wakeUp = new WakeUp(this.signal, platformId);
    try {
      let position = after ?? (await as((sql) => this.feed.head(sql, platformId))).head;
      while (!signal.aborted) {
        const found = await this.untilHead(as, platformId, { ...filter, after: position, limit }, signal);
        if (found.items.length > 0) yield found.items;
        position = found.lastSeq;
        if (position >= found.head) await wakeUp.wait(LOOK_AGAIN_MS, signal);
      }
    } finally {
      wakeUp.end();
    }
  }

  /** Stretch after stretch, each in a transaction of its own, until something matches or the head is reached. */
  private async untilHead(
    as: AsReader,
    platformId: number,
    query: EventFilter & { after: number | null; limit: number },
    signal: AbortSignal,
  ): Promise<EventStretch> {
    let after = query.after;
    for (;;) {
      const found = await as((sql) => this.feed.read(sql, platformId, { ...query, after }));
      if (found.items.length > 0 || found.lastSeq >= found.head || signal.aborted) return found;
      after = found.lastSeq;
    }
  }
}

/** Remembers a signal that comes while nobody waits for it. */
class WakeUp {
  private woken = false;
  private resolve: (() => void) | undefined;
  readonly end: () => void;

  constructor(signal: FeedSignal, platformId: number) {
    this.end = signal.subscribe(platformId, () => {
      this.woken = true;
      this.resolve?.();
    });
  }

  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.woken && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, ms);
        const unhook = onAbort(signal, done);
        this.resolve = done;
        function done(): void {
          clearTimeout(timer);
          unhook();
          resolve();
        }
      });
      this.resolve = undefined;
    }
    this.woken = false;
  }
}
