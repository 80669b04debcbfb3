import { Injectable } from '@nestjs/common';
import { AppError, isDatabaseUnavailable, Clock, Database, Log, Metrics, Sealer } from '#libs/kernel';
import { WechatApiError, ComponentApi, type IssuedToken } from '#libs/wechat';
import { CustodyOptions } from '../custody-options.ts';
import { keptFailure, upstreamError, type KeptFailure } from '../failures.ts';
import { ComponentAccounts } from '../platforms/component-accounts.ts';
import { ComponentTickets, TICKET_STALE_SECONDS, type UsableTicket } from '../platforms/component-tickets.ts';
import type { PlatformRef } from '../platforms/platform-directory.ts';
import { coolDownSeconds, effectiveExpiry, refreshAfterSeconds } from '../refresh/refresh-schedule.ts';
import type { RememberedToken } from '../refresh/token-cache.ts';
import type { RefreshResult, TokenRows, TokenState } from '../refresh/token-refresher.ts';
import { sealContext } from '../seal-context.ts';
import { TokenInvalidationChannel } from '../token-invalidation-channel.ts';
import { CLAIM, LOCK_ROW, READ_STATE, WRITE_FAILED, WRITE_REFRESHED } from './component-token-rows.sql.ts';

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

export interface ComponentRowState extends TokenState {
  leaseGeneration: number;
}

export interface ComponentClaim {
  leaseGeneration: number;
  /** Database time at which the lease was taken; the new token's life counts from here. */
  takenAt: Date;
  takenMs: number;
  failures: number;
}

/** Reads, leases and refreshes `custody.component_token`. */
@Injectable()
export class ComponentTokenRows implements TokenRows<PlatformRef, ComponentRowState, ComponentClaim> {
  private readonly outcomes;

  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
    private readonly log: Log,
    metrics: Metrics,
    private readonly api: ComponentApi,
    private readonly accounts: ComponentAccounts,
    private readonly tickets: ComponentTickets,
    private readonly channel: TokenInvalidationChannel,
    private readonly options: CustodyOptions,
  ) {
    this.outcomes = metrics.counter('wxfleet_token_refreshes_total', 'Refreshes of access tokens', ['kind', 'outcome']);
  }

  async read({ platformId }: PlatformRef, known: RememberedToken | undefined): Promise<ComponentRowState> {
    const startMs = this.clock.monotonicMs();
    const [row] = await this.db.query<Row>(READ_STATE, [platformId]);
    if (!row) throw new AppError('not_found', 'there is no such platform');
    const token: RememberedToken | null =
      row.sealed_token && row.expires_at
        ? {
            token:
              known?.generation === row.generation
                ? known.token
                : this.sealer.open(row.sealed_token, sealContext.componentToken(platformId)),
            expiresAt: row.expires_at,
            generation: row.generation,
            deadMs: startMs + (row.life_ms ?? 0),
            refreshMs: startMs + (row.refresh_ms ?? 0),
            confirmedMs: startMs,
            // Only this hub uses it, and replaces it when WeChat rejects it (`ComponentTokens.call`).
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

  async claim({ platformId }: PlatformRef, state: ComponentRowState): Promise<ComponentClaim | null> {
    const takenMs = this.clock.monotonicMs();
    const [row] = await this.db.query<{ lease_generation: number; taken_at: Date; failures: number }>(CLAIM, [
      platformId,
      state.leaseGeneration,
      this.options.leaseSeconds,
    ]);
    if (!row) return null;
    return { leaseGeneration: row.lease_generation, takenAt: row.taken_at, takenMs, failures: row.failures };
  }

  async refresh(platform: PlatformRef, claim: ComponentClaim): Promise<RefreshResult> {
    const result = await this.fetch(platform, claim);
    this.outcomes.inc({ kind: 'component', outcome: result.outcome });
    return result;
  }

  private async fetch(platform: PlatformRef, claim: ComponentClaim): Promise<RefreshResult> {
    const { componentAppid, platformId } = platform;
    let newestTicketAt: Date | null = null;
    try {
      const secret = await this.accounts.appsecret(this.db, platformId);
      const usable = await this.tickets.usable(this.db, platformId);
      newestTicketAt = usable[0]?.receivedAt ?? null;
      let refused: unknown;
      for (const candidate of usable) {
        try {
          const reply = await this.api.componentToken(
            { componentAppid, priority: 'interactive' },
            { appsecret: secret, ticket: candidate.ticket },
          );
          return await this.commit(platform, claim, reply, candidate);
        } catch (error) {
          if (!(error instanceof WechatApiError && error.reaction === 'ticket')) throw error;
          refused ??= error;
          this.log.warn('component_token.ticket_refused', { componentAppid, error });
        }
      }
      throw refused === undefined
        ? new AppError('ticket_unavailable', 'no component_verify_ticket received in the last 12 hours', {
            retryAfterSeconds: 60,
          })
        : upstreamError(refused, 'fetching the component access token');
    } catch (error) {
      // An unavailable database cannot take this either, and it says nothing about the platform: the lease expires by itself.
      if (isDatabaseUnavailable(error)) return { outcome: 'failed', error: error as Error };
      return this.fail(platform, claim, upstreamError(error, 'fetching the component access token'), newestTicketAt);
    }
  }

  private async commit(
    { platformId, componentAppid }: PlatformRef,
    claim: ComponentClaim,
    reply: IssuedToken,
    ticket: UsableTicket,
  ): Promise<RefreshResult> {
    const lifeSeconds = effectiveExpiry(reply.expiresIn);
    const expiresAt = new Date(claim.takenAt.getTime() + lifeSeconds * 1000);
    const refreshSeconds = refreshAfterSeconds(componentAppid, lifeSeconds);
    const generation = await this.db.transaction(async (sql) => {
      const [row] = await sql.query<{ generation: number }>(WRITE_REFRESHED, [
        platformId,
        claim.leaseGeneration,
        this.sealer.seal(reply.token, sealContext.componentToken(platformId)),
        expiresAt,
        new Date(claim.takenAt.getTime() + refreshSeconds * 1000),
      ]);
      if (!row) return null;
      // Account before ticket, as in ComponentTickets.receive.
      await this.accounts.configured(sql, platformId);
      await this.tickets.worked(sql, platformId, ticket);
      await this.channel.tokensChanged(sql, platformId, ['']);
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
        confirmedMs: this.clock.monotonicMs(),
        mayBeReplaced: false,
      },
    };
  }

  /** `newestTicketAt`: arrival of the newest ticket that was tried. */
  private async fail(
    { platformId, componentAppid }: PlatformRef,
    claim: ComponentClaim,
    error: Error,
    newestTicketAt: Date | null,
  ): Promise<RefreshResult> {
    const failure = keptFailure(error, claim.takenAt);
    const code = failure?.code;
    const isYoung =
      newestTicketAt !== null && claim.takenAt.getTime() - newestTicketAt.getTime() < TICKET_STALE_SECONDS * 1000;
    const waitSeconds = pauseSeconds(error, code, claim.failures + 1, isYoung);
    this.log.warn('component_token.refresh_failed', { componentAppid, error });
    await this.db.transaction(async (sql) => {
      // Takes the same lock as ComponentTickets.receive, so the later one sees the other's write.
      await sql.query(LOCK_ROW, [platformId]);
      await sql.run(WRITE_FAILED, [
        platformId,
        claim.leaseGeneration,
        failure && JSON.stringify(failure),
        waitSeconds,
        code === 'ticket_unavailable',
        newestTicketAt,
      ]);
      await this.channel.tokensChanged(sql, platformId, ['']);
    });
    if (code === 'platform_misconfigured') await this.accounts.misconfigured(platformId, failure?.wechat ?? null);
    return { outcome: 'failed', error };
  }
}

/**
 * Repeating the call does not correct a wrong secret; a busy WeChat may be back in a second, and a refusal of a ticket that has
 * just come may be a mistake of a moment.
 */
function pauseSeconds(
  error: Error,
  code: KeptFailure['code'] | undefined,
  failures: number,
  isYoungTicket: boolean,
): number {
  const [first, most] =
    code === 'platform_misconfigured'
      ? [30, 600]
      : code === 'ticket_unavailable'
        ? [isYoungTicket ? 2 : 10, 60]
        : [1, 60];
  const asked = error instanceof AppError ? (error.retryAfterSeconds ?? 0) : 0;
  return Math.max(
    coolDownSeconds(failures, first, most),
    code === 'upstream_quota_exhausted' ? Math.min(asked, 60) : 0,
  );
}
