import pg from 'pg';
import type { Log } from './log.ts';

interface Subscription {
  channel: string;
  onMessage: (payload: string) => void;
  onGap: () => void;
}

const RECONNECT_MS = [50, 100, 200, 400, 800];
/** A half-open connection says nothing; asking it something finds out. */
const PROBE_MS = 5000;

/** One connection that hears all channels, comes back by itself, and says when messages may have been missed. */
export class Listener {
  private client: pg.Client | undefined;
  private connecting: Promise<void> | undefined;
  private readonly subscriptions = new Set<Subscription>();
  private closed = false;
  private probe: NodeJS.Timeout | undefined;

  constructor(
    private readonly config: pg.ClientConfig,
    private readonly log?: Log,
  ) {}

  async subscribe(
    channel: string,
    onMessage: (payload: string) => void,
    onGap: () => void,
  ): Promise<() => Promise<void>> {
    const subscription = { channel, onMessage, onGap };
    this.subscriptions.add(subscription);
    if (this.client) await this.client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    else await this.connect();
    return async () => {
      this.subscriptions.delete(subscription);
      const others = [...this.subscriptions].some((other) => other.channel === channel);
      if (!others && this.client)
        await this.client.query(`UNLISTEN ${pg.escapeIdentifier(channel)}`).catch(() => undefined);
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.probe);
    await this.connecting?.catch(() => undefined);
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private connect(): Promise<void> {
    this.connecting ??= this.open().finally(() => {
      this.connecting = undefined;
    });
    return this.connecting;
  }

  private async open(): Promise<void> {
    const client = new pg.Client({ ...this.config, keepAlive: true, connectionTimeoutMillis: 5000 });
    const lost = () => {
      if (this.client !== client) return;
      this.client = undefined;
      clearInterval(this.probe);
      client.end().catch(() => undefined);
      if (!this.closed) void this.reconnect();
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ channel, payload }) => {
      for (const subscription of this.subscriptions) {
        if (subscription.channel === channel) subscription.onMessage(payload ?? '');
      }
    });
    await client.connect();
    for (const channel of new Set([...this.subscriptions].map((subscription) => subscription.channel))) {
      await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    }
    this.client = client;
    this.probe = setInterval(() => {
      const late = setTimeout(lost, PROBE_MS);
      client.query('SELECT 1').then(
        () => clearTimeout(late),
        () => {
          clearTimeout(late);
          lost();
        },
      );
    }, PROBE_MS);
    this.probe.unref();
  }

  private async reconnect(): Promise<void> {
    for (let attempt = 0; !this.closed; attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, RECONNECT_MS[Math.min(attempt, RECONNECT_MS.length - 1)]));
      if (this.closed) return;
      try {
        await this.connect();
        this.log?.info('database.listener_reconnected', { attempts: attempt + 1 });
        for (const subscription of this.subscriptions) subscription.onGap();
        return;
      } catch (error) {
        if (attempt === 0) this.log?.warn('database.listener_lost', { error });
      }
    }
  }
}
