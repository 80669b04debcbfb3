import {
  AppError,
  SingleFlight,
  isDatabaseUnavailable,
  type Clock,
  type Database,
  type Log,
  type Metrics,
  type Sealer,
  type Secret,
} from '#libs/kernel';
import { WechatApiError, type ComponentApi, type IssuedToken } from '#libs/wechat';
import { TICKET_LIFETIME_SECONDS } from '#libs/wechat-wire';
import type { ComponentAccounts } from '../platforms/component-accounts.ts';
import type { ComponentTickets, UsableTicket } from '../platforms/component-tickets.ts';
import type { CustodyNews } from '../custody-news.ts';
import { databaseError, keptFailure, upstreamError, type KeptFailure } from '../failures.ts';
import { ForcedRefreshes } from '../refresh/forced-refreshes.ts';
import type { PlatformRef } from '../platforms/platform-directory.ts';
import { believedLife, coolDownSeconds, refreshAfterSeconds } from '../refresh/refresh-schedule.ts';
import { placeOf } from '../sealed-places.ts';
import { TokenCache, type LeasedToken, type ReadMark, type RememberedToken } from '../refresh/token-cache.ts';
import { TokenLender } from '../refresh/token-lender.ts';
import { TokenRefresh, type RefreshResult, type Standing, type TokenHolder } from '../refresh/token-refresh.ts';
import { WaitingRoom } from '../refresh/waiting-room.ts';

export interface ComponentTokensParts {
  db: Database;
  sealer: Sealer;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  api: Pick<ComponentApi, 'componentToken'>;
  accounts: ComponentAccounts;
  tickets: ComponentTickets;
  news: CustodyNews;
  /** Seconds for which a refresh belongs to one process; a crashed one is taken over after it. Default 20. */
  leaseSeconds?: number;
}

/** Page "Return codes": invalid appid; in a call that names a merchant, the merchant's. */
const INVALID_APPID = 40013;

interface Row {
  sealed_token: Buffer | null;
  expires_at: Date | null;
  life_ms: number | null;
  refresh_ms: number | null;
  generation: number;
  lease_generation: number;
  leased_ms: number | null;
  cooling_ms: number | null;
  last_failure: KeptFailure | null;
}

interface ComponentStanding extends Standing {
  leaseGeneration: number;
}

interface Claim {
  platform: PlatformRef;
  leaseGeneration: number;
  /** Database time at which the lease was taken; the new token's life counts from here. */
  takenAt: Date;
  takenMs: number;
  failures: number;
}

/** The component access tokens: one refresh in flight per platform over all processes. */
export class ComponentTokens {
  private readonly cache: TokenCache;
  private readonly lender: TokenLender;
  private readonly rejections = new SingleFlight<void>();
  private readonly forced: ForcedRefreshes;
  private readonly refresh: TokenRefresh;
  private readonly leaseSeconds: number;
  /** Platforms that this process has found misconfigured in a call. */
  private readonly misconfigured = new Set<number>();
  private readonly configuring = new SingleFlight<void>();

  constructor(private readonly parts: ComponentTokensParts) {
    const room = new WaitingRoom();
    this.cache = new TokenCache(parts.clock);
    this.refresh = new TokenRefresh(parts.clock, room);
    this.forced = new ForcedRefreshes('component', parts.db, parts.clock);
    this.leaseSeconds = parts.leaseSeconds ?? 20;
    this.lender = new TokenLender('component', this.cache, this.refresh, parts.clock, parts.log, parts.metrics);
    parts.news.onToken((platformId, appid) => {
      if (appid !== '') return;
      this.cache.doubt(keyOf(platformId));
      room.wake(keyOf(platformId));
    });
    parts.news.onGap(() => {
      this.cache.doubtAll();
      room.wakeAll();
    });
  }

  /**
   * A valid token, from memory where possible.
   * @throws AppError ticket_unavailable, platform_misconfigured, upstream_busy, upstream_quota_exhausted, upstream_failed, unavailable
   */
  lease(platform: PlatformRef, options: { signal?: AbortSignal; minLifeSeconds?: number } = {}): Promise<LeasedToken> {
    return this.lender.lease(keyOf(platform.platformId), (mark) => this.holder(platform, mark), options);
  }

  /** WeChat refused this token: fetches another, once, if it is still the current one. */
  async reportRejected(platform: PlatformRef, token: Secret): Promise<void> {
    await this.rejected(platform, token).catch((error: unknown) => {
      throw databaseError(error);
    });
  }

  private async rejected(platform: PlatformRef, token: Secret): Promise<void> {
    const key = keyOf(platform.platformId);
    await this.cache.during(key, async (mark) => {
      const holder = this.holder(platform, mark);
      const { token: current } = await holder.read();
      if (!current) return;
      if (!current.token.equals(token)) return this.cache.put(key, current, mark);
      this.cache.forget(key);
      await this.rejections.run(`${key}:${current.generation}`, async () => {
        const allowance = await this.forced.take(platform.platformId, current.generation);
        if (!allowance.allowed) {
          throw new AppError('upstream_failed', 'WeChat goes on refusing the component access token', {
            retryAfterSeconds: Math.ceil(allowance.waitMs / 1000),
          });
        }
        this.parts.log.warn('component_token.rejected', { componentAppid: platform.componentAppid });
        // Read anew, so with a mark of its own: news that come meanwhile concern what is read now.
        await this.cache.during(key, (again) =>
          this.refresh.obtain(this.holder(platform, again), {
            minLifeMs: 0,
            rejectedGeneration: current.generation,
          }),
        );
      });
    });
  }

  /**
   * Runs a call with the component token. When WeChat says that the token is not valid, gets another and runs it once more.
   * @throws what `call` throws, and what `lease` throws
   */
  async call<T>(platform: PlatformRef, call: (token: Secret) => Promise<T>): Promise<T> {
    const { token } = await this.lease(platform);
    try {
      return await this.watched(platform, call, token);
    } catch (error) {
      if (!(error instanceof WechatApiError && error.reaction === 'token')) throw error;
      try {
        await this.reportRejected(platform, token);
      } catch {
        throw error; // no better token is to be had: what WeChat said about this one is the news
      }
      return await this.watched(platform, call, (await this.lease(platform)).token);
    }
  }

  /** What WeChat has against the platform itself (an address that is not on its list, say) shows in the platform's state. */
  private async watched<T>(platform: PlatformRef, call: (token: Secret) => Promise<T>, token: Secret): Promise<T> {
    const { platformId } = platform;
    try {
      const result = await call(token);
      if (this.misconfigured.has(platformId)) this.sayConfigured(platform);
      return result;
    } catch (error) {
      const isConfig =
        error instanceof WechatApiError && error.reaction === 'config' && error.errcode !== INVALID_APPID;
      if (isConfig && !this.misconfigured.has(platformId)) {
        this.misconfigured.add(platformId);
        await this.parts.accounts.misconfigured(platformId, error.wechat).catch((writing: unknown) => {
          this.misconfigured.delete(platformId); // said again at the next refusal
          this.parts.log.warn('platform.misconfiguration_not_written', {
            componentAppid: platform.componentAppid,
            error: writing,
          });
        });
      }
      throw error;
    }
  }

  /** Beside the call and never instead of its answer, which may be the only copy of a new refresh token. */
  private sayConfigured({ platformId, componentAppid }: PlatformRef): void {
    const { accounts, db, log } = this.parts;
    this.configuring
      .run(String(platformId), async () => {
        await accounts.configured(db, platformId);
        this.misconfigured.delete(platformId);
      })
      .catch((error: unknown) => {
        // The next call that works says it again.
        log.warn('platform.configuration_not_written', { componentAppid, error });
      });
  }

  private holder(platform: PlatformRef, mark: ReadMark): TokenHolder<ComponentStanding, Claim> {
    const key = keyOf(platform.platformId);
    return {
      key,
      read: async () => {
        const standing = await this.read(platform);
        if (standing.token) this.cache.put(key, standing.token, mark);
        return standing;
      },
      claim: (standing) => this.claim(platform, standing),
      refresh: async (claim) => {
        const result = await this.fetch(claim);
        if (result.outcome === 'refreshed') this.cache.put(key, result.token, mark);
        this.parts.metrics
          .counter('wxfleet_token_refreshes_total', 'Refreshes of access tokens', ['kind', 'outcome'])
          .inc({ kind: 'component', outcome: result.outcome });
        return result;
      },
    };
  }

  private async read(platform: PlatformRef): Promise<ComponentStanding> {
    const startMs = this.parts.clock.monotonicMs();
    const [row] = await this.parts.db.query<Row>(
      `SELECT sealed_token, expires_at, generation, lease_generation, last_failure,
              (extract(epoch FROM expires_at - wxfleet.now()) * 1000)::float8 AS life_ms,
              (extract(epoch FROM refresh_after - wxfleet.now()) * 1000)::float8 AS refresh_ms,
              (extract(epoch FROM lease_until - wxfleet.now()) * 1000)::float8 AS leased_ms,
              (extract(epoch FROM retry_after - wxfleet.now()) * 1000)::float8 AS cooling_ms
         FROM custody.component_token WHERE platform_id = $1`,
      [platform.platformId],
    );
    if (!row) throw new AppError('not_found', 'there is no such platform');
    const cached = this.cache.get(keyOf(platform.platformId));
    const token: RememberedToken | null =
      row.sealed_token && row.expires_at
        ? {
            token:
              cached?.generation === row.generation
                ? cached.token
                : this.parts.sealer.open(row.sealed_token, placeOf.componentToken(platform.platformId)),
            expiresAt: row.expires_at,
            generation: row.generation,
            deadMs: startMs + (row.life_ms ?? 0),
            refreshMs: startMs + (row.refresh_ms ?? 0),
            confirmedMs: startMs,
            // Only this hub uses it, and answers a refusal of WeChat with a new one (`call`).
            mayBeReplaced: false,
          }
        : null;
    return {
      token,
      refusal: null,
      leasedMs: row.leased_ms ?? 0,
      coolingMs: row.cooling_ms ?? 0,
      failure: row.last_failure,
      leaseGeneration: row.lease_generation,
    };
  }

  private async claim(platform: PlatformRef, standing: ComponentStanding): Promise<Claim | null> {
    const takenMs = this.parts.clock.monotonicMs();
    const [row] = await this.parts.db.query<{ lease_generation: number; taken_at: Date; failures: number }>(
      `UPDATE custody.component_token
          SET lease_generation = lease_generation + 1, lease_until = wxfleet.now() + make_interval(secs => $3)
        WHERE platform_id = $1 AND lease_generation = $2
          AND (lease_until IS NULL OR lease_until <= wxfleet.now())
      RETURNING lease_generation, wxfleet.now() AS taken_at, failures`,
      [platform.platformId, standing.leaseGeneration, this.leaseSeconds],
    );
    if (!row) return null;
    return {
      platform,
      leaseGeneration: row.lease_generation,
      takenAt: row.taken_at,
      takenMs,
      failures: row.failures,
    };
  }

  private async fetch(claim: Claim): Promise<RefreshResult> {
    const { db, accounts, tickets, log } = this.parts;
    const { platform } = claim;
    let newestTicketAt: Date | null = null;
    try {
      const secret = await accounts.appsecret(db, platform.platformId);
      const usable = await tickets.usable(db, platform.platformId);
      newestTicketAt = usable[0]?.receivedAt ?? null;
      let refused: unknown;
      for (const candidate of usable) {
        try {
          const reply = await this.parts.api.componentToken(
            { componentAppid: platform.componentAppid, priority: 'interactive' },
            { appsecret: secret, ticket: candidate.ticket },
          );
          return await this.commit(claim, reply, candidate);
        } catch (error) {
          if (!(error instanceof WechatApiError && error.reaction === 'ticket')) throw error;
          refused ??= error;
          log.warn('component_token.ticket_refused', { componentAppid: platform.componentAppid, error });
        }
      }
      throw refused === undefined
        ? new AppError('ticket_unavailable', 'no ticket younger than 12 hours is here', { retryAfterSeconds: 60 })
        : upstreamError(refused, 'fetching the component access token');
    } catch (error) {
      // A database that is away does not take that either, and says nothing about the platform: the lease ends by itself.
      if (isDatabaseUnavailable(error)) return { outcome: 'failed', error: error as Error };
      return this.fail(claim, upstreamError(error, 'fetching the component access token'), newestTicketAt);
    }
  }

  private async commit(claim: Claim, reply: IssuedToken, ticket: UsableTicket): Promise<RefreshResult> {
    const { platform } = claim;
    const lifeSeconds = believedLife(reply.expiresIn);
    const expiresAt = new Date(claim.takenAt.getTime() + lifeSeconds * 1000);
    const refreshSeconds = refreshAfterSeconds(platform.componentAppid, lifeSeconds);
    const generation = await this.parts.db.transaction(async (sql) => {
      const [row] = await sql.query<{ generation: number }>(
        `UPDATE custody.component_token
            SET sealed_token = $3, expires_at = $4, refresh_after = $5, generation = generation + 1,
                lease_until = NULL, retry_after = NULL, failures = 0, last_failure = NULL
          WHERE platform_id = $1 AND lease_generation = $2 RETURNING generation`,
        [
          platform.platformId,
          claim.leaseGeneration,
          this.parts.sealer.seal(reply.token, placeOf.componentToken(platform.platformId)),
          expiresAt,
          new Date(claim.takenAt.getTime() + refreshSeconds * 1000),
        ],
      );
      if (!row) return null;
      await this.parts.tickets.worked(sql, platform.platformId, ticket);
      await this.parts.accounts.configured(sql, platform.platformId);
      await this.parts.news.tokensChanged(sql, platform.platformId, ['']);
      return row.generation;
    });
    if (generation === null) return { outcome: 'superseded' };
    return {
      outcome: 'refreshed',
      token: {
        token: reply.token,
        expiresAt,
        generation,
        deadMs: claim.takenMs + lifeSeconds * 1000,
        refreshMs: claim.takenMs + refreshSeconds * 1000,
        confirmedMs: this.parts.clock.monotonicMs(),
        mayBeReplaced: false,
      },
    };
  }

  /** `newestTicketAt`: arrival of the newest ticket that was tried. */
  private async fail(claim: Claim, error: Error, newestTicketAt: Date | null): Promise<RefreshResult> {
    const { db, log, accounts } = this.parts;
    const { platform } = claim;
    const failure = keptFailure(error, claim.takenAt);
    const code = failure?.code;
    const asked = error instanceof AppError ? (error.retryAfterSeconds ?? 0) : 0;
    // A wrong secret does not become right by asking; a busy WeChat may be back in a second.
    const [first, most] =
      code === 'platform_misconfigured' ? [30, 600] : code === 'ticket_unavailable' ? [10, 60] : [1, 60];
    const waitSeconds = Math.max(
      coolDownSeconds(claim.failures + 1, first, most),
      code === 'upstream_quota_exhausted' ? Math.min(asked, 60) : 0,
    );
    log.warn('component_token.refresh_failed', { componentAppid: platform.componentAppid, error });
    await db.transaction(async (sql) => {
      // In the way of a ticket that is just arriving (`ComponentTickets.receive`): whoever comes second sees the other.
      await sql.query('SELECT 1 FROM custody.component_token WHERE platform_id = $1 FOR UPDATE', [platform.platformId]);
      await sql.run(
        `UPDATE custody.component_token
            SET lease_until = NULL, failures = failures + 1, last_failure = $3,
                retry_after = CASE WHEN $5 AND EXISTS (
                  SELECT 1 FROM custody.component_ticket t WHERE t.platform_id = $1 AND date_trunc('milliseconds', t.received_at) IS DISTINCT FROM $6
                     AND t.received_at > wxfleet.now() - make_interval(secs => ${TICKET_LIFETIME_SECONDS}))
                  THEN NULL ELSE wxfleet.now() + make_interval(secs => $4) END
          WHERE platform_id = $1 AND lease_generation = $2`,
        [
          platform.platformId,
          claim.leaseGeneration,
          failure && JSON.stringify(failure),
          waitSeconds,
          code === 'ticket_unavailable',
          newestTicketAt,
        ],
      );
      await this.parts.news.tokensChanged(sql, platform.platformId, ['']);
    });
    if (code === 'platform_misconfigured') await accounts.misconfigured(platform.platformId, failure?.wechat ?? null);
    return { outcome: 'failed', error };
  }
}

function keyOf(platformId: number): string {
  return `${platformId}:`;
}
