import { Injectable } from '@nestjs/common';
import { TokenInvalidationChannel, type PlatformRef } from '#libs/custody';
import { Clock, Database, SingleFlight, isDatabaseUnavailable } from '#libs/kernel';
import type { AccountKind, AuthorizerState } from './authorizer-store.ts';

/** The little that every request about an account needs. */
export interface AuthorizerRef {
  authorizerId: number;
  merchantId: string | null;
  state: AuthorizerState;
  permissionSets: number[];
  /** Null until WeChat has told it. */
  kind: AccountKind | null;
}

interface Entry {
  ref: AuthorizerRef;
  /** Monotonic ms at which the database last said so; -Infinity: it has changed since. */
  confirmedMs: number;
}

/** Read again after this long, in case a notification never came. */
const MAX_AGE_MS = 60_000;

/**
 * Accounts in this process's memory. Notifications make an entry outdated; an outdated entry is read again before it is
 * used, and used as it is only while the database cannot be asked.
 */
@Injectable()
export class AuthorizerRefs {
  /** Accounts kept in memory; above this the one that was read longest ago goes. */
  maxEntries = 200_000;
  private readonly entries = new Map<string, Entry>();
  private readonly flights = new SingleFlight<AuthorizerRef | null>();
  /** Notifications about keys while reads are on their way: such a read must not pass for fresh. */
  private readonly told = new Map<string, number>();
  private gaps = 0;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    news: TokenInvalidationChannel,
  ) {
    news.onToken((platformId, authorizerAppid) => {
      if (authorizerAppid !== '') this.outdate(platformId, authorizerAppid);
    });
    news.onGap(() => this.outdateAll());
  }

  /** What can be said from memory at this moment, without a promise; undefined: ask `ref`. */
  atHand(platform: PlatformRef, authorizerAppid: string): AuthorizerRef | undefined {
    const entry = this.entries.get(keyOf(platform.platformId, authorizerAppid));
    return entry && this.isFresh(entry) ? entry.ref : undefined;
  }

  /**
   * Null for an account that never authorized; that is not remembered. For a caller who is limited to `merchantIds`, the
   * account of another merchant is null too, after a reading that finds no row either: how long the answer takes tells
   * nothing (a row that is fetched and hidden took 24 µs longer, and a watch sees that).
   */
  async ref(
    platform: PlatformRef,
    authorizerAppid: string,
    merchantIds: readonly string[] | null = null,
  ): Promise<AuthorizerRef | null> {
    const key = keyOf(platform.platformId, authorizerAppid);
    const known = this.entries.get(key);
    const entry = known && isWithin(known.ref, merchantIds) ? known : undefined;
    if (entry && this.isFresh(entry)) return entry.ref;
    try {
      return await this.flights.run(`${key}:${this.newsOf(key)}:${JSON.stringify(merchantIds)}`, () =>
        this.load(platform.platformId, authorizerAppid, key, merchantIds),
      );
    } catch (error) {
      if (entry && isDatabaseUnavailable(error)) return entry.ref;
      throw error;
    }
  }

  /** Something about the account changed. */
  outdate(platformId: number, authorizerAppid: string): void {
    const key = keyOf(platformId, authorizerAppid);
    const entry = this.entries.get(key);
    if (entry) entry.confirmedMs = Number.NEGATIVE_INFINITY;
    if (this.flights.size > 0) this.told.set(key, (this.told.get(key) ?? 0) + 1);
    else this.told.clear();
  }

  /** Notifications may have been missed. */
  outdateAll(): void {
    this.gaps += 1;
    for (const entry of this.entries.values()) entry.confirmedMs = Number.NEGATIVE_INFINITY;
  }

  private isFresh(entry: Entry): boolean {
    return this.clock.monotonicMs() - entry.confirmedMs < MAX_AGE_MS;
  }

  private newsOf(key: string): string {
    return `${this.gaps}.${this.told.get(key) ?? 0}`;
  }

  private async load(
    platformId: number,
    authorizerAppid: string,
    key: string,
    merchantIds: readonly string[] | null,
  ): Promise<AuthorizerRef | null> {
    const newsBefore = this.newsOf(key);
    const startMs = this.clock.monotonicMs();
    const [ref] = await this.db.query<AuthorizerRef>(
      `SELECT authorizer_id AS "authorizerId", merchant_id AS "merchantId", state,
              permission_sets AS "permissionSets", kind
         FROM authorizers.authorizer
        WHERE platform_id = $1 AND authorizer_appid = $2 AND ($3::text[] IS NULL OR merchant_id = ANY($3))`,
      [platformId, authorizerAppid, merchantIds],
    );
    if (!ref) {
      // For a limited caller this says nothing of the account.
      if (merchantIds === null) this.entries.delete(key);
      return null;
    }
    this.entries.delete(key); // re-inserted at the end: the map stays ordered by last read
    this.entries.set(key, { ref, confirmedMs: this.newsOf(key) === newsBefore ? startMs : Number.NEGATIVE_INFINITY });
    if (this.entries.size > this.maxEntries) {
      const oldest = this.entries.keys().next();
      if (!oldest.done) this.entries.delete(oldest.value);
    }
    return ref;
  }
}

function isWithin({ merchantId }: AuthorizerRef, merchantIds: readonly string[] | null): boolean {
  return merchantIds === null || (merchantId !== null && merchantIds.includes(merchantId));
}

function keyOf(platformId: number, authorizerAppid: string): string {
  return `${platformId}:${authorizerAppid}`;
}
