import { Injectable } from '@nestjs/common';
import { Database, Log, type Sql } from '#libs/kernel';

const CHANNEL = 'wxfleet_custody';
/** PostgreSQL takes payloads of less than 8000 bytes. */
const MAX_PAYLOAD = 7000;

type TokenListener = (platformId: number, authorizerAppid: string) => void;

/**
 * Tells the other processes that tokens or platforms changed, over LISTEN/NOTIFY. Payloads on the channel:
 * `<platformId>:<appid>[,<appid>…]` tokens of merchants changed, `<platformId>:` the component token changed,
 * `platforms` a platform was registered or changed. Never a secret.
 */
@Injectable()
export class TokenInvalidationChannel {
  private readonly tokenListeners: TokenListener[] = [];
  private readonly platformListeners: (() => void)[] = [];
  private readonly gapListeners: (() => void)[] = [];
  private stopListening: (() => Promise<void>) | undefined;

  constructor(
    private readonly db: Database,
    private readonly log: Log,
  ) {}

  /** Listens to the other processes. Optional: without notifications, entries are re-read more often. */
  async start(): Promise<void> {
    this.stopListening ??= await this.db.listen(
      CHANNEL,
      (payload) => this.receive(payload),
      () => {
        this.log.info('custody.notifications_missed');
        this.platformListeners.forEach((listener) => listener());
        this.gapListeners.forEach((listener) => listener());
      },
    );
  }

  async stop(): Promise<void> {
    await this.stopListening?.();
    this.stopListening = undefined;
  }

  /** `authorizerAppid` is empty for the component token. */
  onToken(listener: TokenListener): void {
    this.tokenListeners.push(listener);
  }

  onPlatforms(listener: () => void): void {
    this.platformListeners.push(listener);
  }

  /** Notifications may have been missed. */
  onGap(listener: () => void): void {
    this.gapListeners.push(listener);
  }

  /** Received by all processes when `sql` commits, by this one too. */
  async platformChanged(sql: Sql): Promise<void> {
    this.platformListeners.forEach((listener) => listener());
    await sql.query('SELECT pg_notify($1, $2)', [CHANNEL, 'platforms']);
  }

  /** Received when `sql` commits. An empty appid stands for the component token. */
  async tokensChanged(sql: Sql, platformId: number, authorizerAppids: readonly string[]): Promise<void> {
    const payloads = payloadsOf(platformId, authorizerAppids);
    if (payloads.length > 0) {
      await sql.query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', [CHANNEL, payloads]);
    }
  }

  private receive(payload: string): void {
    if (payload === 'platforms') {
      this.platformListeners.forEach((listener) => listener());
      return;
    }
    const colon = payload.indexOf(':');
    const platformId = Number(payload.slice(0, colon));
    if (colon < 1 || !Number.isSafeInteger(platformId)) return;
    for (const appid of payload.slice(colon + 1).split(',')) {
      this.tokenListeners.forEach((listener) => listener(platformId, appid));
    }
  }
}

/** As few payloads as the limit allows. */
export function payloadsOf(platformId: number, authorizerAppids: readonly string[]): string[] {
  const payloads: string[] = [];
  let current = '';
  for (const appid of authorizerAppids) {
    if (current !== '' && current.length + 1 + appid.length <= MAX_PAYLOAD) current += `,${appid}`;
    else {
      if (current !== '') payloads.push(current);
      current = `${platformId}:${appid}`;
    }
  }
  if (current !== '') payloads.push(current);
  return payloads;
}
