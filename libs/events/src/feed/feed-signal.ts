import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Database, Metrics } from '#libs/kernel';
import { NUMBERED_CHANNEL } from './feed.sql.ts';

/**
 * Tells readers in this process that a platform has new events. A notification wakes and carries nothing: a reader that is woken
 * reads the table. Lost ones cost a reader the rest of its wait, no event.
 */
@Injectable()
export class FeedSignal implements OnModuleInit, OnApplicationShutdown {
  private readonly listeners = new Map<number, Set<() => void>>();
  private unlisten: (() => Promise<void>) | undefined;

  constructor(
    private readonly db: Database,
    metrics: Metrics,
  ) {
    metrics.gauge('wxfleet_event_readers', 'Readers of events that this process serves', [], (gauge) => {
      gauge.set([...this.listeners.values()].reduce((sum, listeners) => sum + listeners.size, 0));
    });
  }

  async onModuleInit(): Promise<void> {
    this.unlisten = await this.db.listen(
      NUMBERED_CHANNEL,
      (payload) => this.heard(payload),
      () => this.heard(''),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.unlisten?.();
    this.heard('');
  }

  /**
   * Calls `onEvent` after new events of the platform, until the returned function is called.
   * Subscribe before reading: what comes between the two is then not missed.
   */
  subscribe(platformId: number, onEvent: () => void): () => void {
    let listeners = this.listeners.get(platformId);
    if (!listeners) this.listeners.set(platformId, (listeners = new Set()));
    listeners.add(onEvent);
    return () => {
      listeners.delete(onEvent);
      if (listeners.size === 0 && this.listeners.get(platformId) === listeners) this.listeners.delete(platformId);
    };
  }

  private heard(payload: string): void {
    const platforms = payload === '' ? [...this.listeners.keys()] : payload.split(',').map(Number);
    for (const platformId of platforms) for (const listener of [...(this.listeners.get(platformId) ?? [])]) listener();
  }
}
