import pg from 'pg';
import type { Log } from '../log/log.ts';
import { sever } from './pg-internals.ts';

interface Subscription {
  channel: string;
  onMessage: (payload: string) => void;
  onGap: () => void;
}

/** What the listener finds out about the server beside the news. */
export interface ServerHealth {
  /** It neither answers nor refuses: a machine that hangs, a network that swallows packets. */
  onSilence(): void;
  /** It answers, again or for the first time. */
  onAnswer(): void;
}

const RECONNECT_MS = [50, 100, 200, 400, 800];
const CONNECT_TIMEOUT_MS = 3000;
/**
 * This many connections in a row that time out are a silence. Not one: it may have been this process that stood still, and timers
 * run before sockets are read.
 */
const SILENT_CONNECTS = 2;
/** A connection to a server that hangs looks as always; asking it something finds out. */
const PROBE_MS = 1000;
/** Far longer than a busy server takes for nothing at all. */
const SILENT_MS = 5000;

/**
 * One connection that hears all channels, comes back by itself, says when messages may have been missed, and when the server
 * does not answer any more.
 */
export class Listener {
  private client: pg.Client | undefined;
  private connecting: Promise<void> | undefined;
  private readonly subscriptions = new Set<Subscription>();
  private closed = false;
  private probe: NodeJS.Timeout | undefined;
  private saying: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly config: pg.ClientConfig,
    private readonly health: ServerHealth,
    private readonly log?: Log,
  ) {}

  async subscribe(
    channel: string,
    onMessage: (payload: string) => void,
    onGap: () => void,
  ): Promise<() => Promise<void>> {
    const subscription = { channel, onMessage, onGap };
    this.subscriptions.add(subscription);
    if (this.client) await this.say(this.client, `LISTEN ${pg.escapeIdentifier(channel)}`);
    else await this.connect();
    return async () => {
      this.subscriptions.delete(subscription);
      const others = [...this.subscriptions].some((other) => other.channel === channel);
      if (!others && this.client)
        await this.say(this.client, `UNLISTEN ${pg.escapeIdentifier(channel)}`).catch(() => undefined);
    };
  }

  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.probe);
    await this.connecting?.catch(() => undefined);
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  /** One statement at a time: services of one module start and stop together. */
  private say(client: pg.Client, text: string): Promise<unknown> {
    const said = this.saying.then(() => client.query(text));
    this.saying = said.catch(() => undefined);
    return said;
  }

  private connect(): Promise<void> {
    this.connecting ??= this.open().finally(() => {
      this.connecting = undefined;
    });
    return this.connecting;
  }

  private async open(): Promise<void> {
    const client = new pg.Client({
      ...this.config,
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: SILENT_MS,
    });
    const lost = () => {
      if (this.client !== client) return;
      this.client = undefined;
      clearTimeout(this.probe);
      sever(client);
      if (!this.closed) void this.reconnect();
    };
    client.on('error', lost);
    client.on('end', lost);
    client.on('notification', ({ channel, payload }) => {
      for (const subscription of this.subscriptions) {
        if (subscription.channel === channel) subscription.onMessage(payload ?? '');
      }
    });
    try {
      await client.connect();
      // Also those that are subscribed to meanwhile.
      const heard = new Set<string>();
      for (;;) {
        const next = [...this.subscriptions].find(({ channel }) => !heard.has(channel));
        if (!next) break;
        await client.query(`LISTEN ${pg.escapeIdentifier(next.channel)}`);
        heard.add(next.channel);
      }
    } catch (error) {
      sever(client);
      throw error;
    }
    this.saying = Promise.resolve();
    this.client = client;
    this.health.onAnswer();
    this.watch(client, lost);
  }

  /** Asks now and then; who does not answer in time has not refused either. */
  private watch(client: pg.Client, lost: () => void): void {
    this.probe = setTimeout(() => {
      let answered = false;
      const late = setTimeout(() => {
        // Timers run before sockets are read: if it was this process that stood still, the answer is here by now.
        setImmediate(() => {
          if (answered || this.client !== client) return;
          this.log?.warn('database.silent', { seconds: SILENT_MS / 1000 });
          this.health.onSilence();
          lost();
        });
      }, SILENT_MS);
      const answer = () => {
        answered = true;
        clearTimeout(late);
      };
      client.query({ text: 'SELECT 1', query_timeout: SILENT_MS * 2 } as pg.QueryConfig).then(
        () => {
          answer();
          if (this.client === client) this.watch(client, lost);
        },
        () => {
          answer();
          lost();
        },
      );
    }, PROBE_MS);
    this.probe.unref();
  }

  private async reconnect(): Promise<void> {
    let timeouts = 0;
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
        timeouts = isTimeout(error) ? timeouts + 1 : 0;
        // Said again at every further one: who has come by a connection meanwhile waits on it.
        if (timeouts < SILENT_CONNECTS || this.closed) continue;
        if (timeouts === SILENT_CONNECTS) {
          this.log?.warn('database.silent', { seconds: (SILENT_CONNECTS * CONNECT_TIMEOUT_MS) / 1000 });
        }
        this.health.onSilence();
      }
    }
  }
}

/** Neither welcomed nor refused. node-postgres has no code for these. */
function isTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    (error as { code?: unknown }).code === 'ETIMEDOUT' ||
    /timeout expired|connection timeout|read timeout/.test(error.message)
  );
}
