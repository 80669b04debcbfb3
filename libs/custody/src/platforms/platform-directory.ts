import type { Clock, Database, Sealer } from '#libs/kernel';
import { decodeAesKey } from '#libs/wechat-wire';
import { sealContext } from '../seal-context.ts';

/** A platform where its id and its appid are needed together. */
export interface PlatformRef {
  platformId: number;
  componentAppid: string;
}

/** What opens and checks a push: the current token and key first, then the ones before them. */
export interface PushKeys {
  platformId: number;
  tokens: string[];
  aesKeys: Buffer[];
}

interface Row {
  platform_id: number;
  component_appid: string;
  sealed_push_token: Buffer;
  sealed_aes_key: Buffer;
  sealed_previous_push_token: Buffer | null;
  sealed_previous_aes_key: Buffer | null;
}

interface Known {
  ref: PlatformRef;
  row: Row;
  keys?: PushKeys;
}

/**
 * A miss may mean a platform created a moment ago, here or elsewhere, or a forged address. The database is always read again,
 * so that a platform exists everywhere as soon as its creation is answered; at most this often, for all misses together.
 */
const MISS_RELOAD_MS = 50;
/** Covers a notification that was lost. */
const MAX_AGE_MS = 60_000;

/** All platforms in memory: they are few, and every push and every call needs one. */
export class PlatformDirectory {
  private known = new Map<string, Known>();
  private loadedMs = Number.NEGATIVE_INFINITY;
  private outdated = true;
  private startedMs = Number.NEGATIVE_INFINITY;
  private loading: Promise<void> | undefined;
  private nextLoading: Promise<void> | undefined;

  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  /** A platform's id never changes, so a known one needs no look at the database, until platforms were changed or removed. */
  async ref(componentAppid: string): Promise<PlatformRef | null> {
    if (this.outdated) await this.refresh(MAX_AGE_MS);
    const present = this.known.get(componentAppid);
    if (present) return present.ref;
    await this.loadFromNowOn();
    return this.known.get(componentAppid)?.ref ?? null;
  }

  async byId(platformId: number): Promise<PlatformRef | null> {
    const find = () => [...this.known.values()].find((platform) => platform.ref.platformId === platformId)?.ref;
    if (this.outdated) await this.refresh(MAX_AGE_MS);
    const present = find();
    if (present) return present;
    await this.loadFromNowOn();
    return find() ?? null;
  }

  /** @throws SealError when the master key that sealed them is not at hand */
  async pushKeys(componentAppid: string): Promise<PushKeys | null> {
    if (this.known.has(componentAppid)) await this.refresh(MAX_AGE_MS);
    else await this.loadFromNowOn();
    const present = this.known.get(componentAppid);
    if (!present) return null;
    return (present.keys ??= this.open(present.row));
  }

  async all(): Promise<PlatformRef[]> {
    await this.refresh(MAX_AGE_MS);
    return [...this.known.values()].map((platform) => platform.ref);
  }

  /** Something about a platform changed. */
  outdate(): void {
    this.outdated = true;
  }

  /** Waits for a load that begins after this call; all who wait share it. */
  private loadFromNowOn(): Promise<void> {
    return (this.nextLoading ??= (async () => {
      const pause = MISS_RELOAD_MS - (this.clock.monotonicMs() - this.startedMs);
      if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
      await this.loading?.catch(() => undefined);
      this.nextLoading = undefined; // a caller from here on needs another load
      await (this.loading ??= this.load().finally(() => (this.loading = undefined)));
    })());
  }

  private async refresh(maxAgeMs: number): Promise<void> {
    while (this.outdated || this.clock.monotonicMs() - this.loadedMs >= maxAgeMs) {
      await (this.loading ??= this.load().finally(() => (this.loading = undefined)));
    }
  }

  private async load(): Promise<void> {
    this.startedMs = this.clock.monotonicMs();
    this.outdated = false; // before reading: a notification that comes meanwhile asks for another load
    try {
      const rows = await this.db.query<Row>(
        `SELECT platform_id, component_appid, sealed_push_token, sealed_aes_key,
                CASE WHEN previous_push_secrets_until > wxfleet.now() THEN sealed_previous_push_token END AS sealed_previous_push_token,
                CASE WHEN previous_push_secrets_until > wxfleet.now() THEN sealed_previous_aes_key END AS sealed_previous_aes_key
           FROM custody.component_account WHERE removing_at IS NULL ORDER BY platform_id`,
      );
      this.known = new Map(
        rows.map((row) => [
          row.component_appid,
          { ref: { platformId: row.platform_id, componentAppid: row.component_appid }, row },
        ]),
      );
      this.loadedMs = this.clock.monotonicMs();
    } catch (error) {
      this.outdated = true;
      throw error;
    }
  }

  private open(row: Row): PushKeys {
    const text = (sealed: Buffer | null, place: string) =>
      sealed === null ? [] : [this.sealer.open(sealed, place).reveal()];
    const token = sealContext.pushToken(row.platform_id);
    const key = sealContext.aesKey(row.platform_id);
    return {
      platformId: row.platform_id,
      tokens: [...text(row.sealed_push_token, token), ...text(row.sealed_previous_push_token, token)],
      aesKeys: [...text(row.sealed_aes_key, key), ...text(row.sealed_previous_aes_key, key)].map(decodeAesKey),
    };
  }
}
