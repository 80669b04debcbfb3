import { Injectable } from '@nestjs/common';
import { AppError, SealError, Clock, Log, type NamedStatement, Sealer, type Secret, type Sql } from '#libs/kernel';
import type { KeptFailure } from '../failures.ts';
import { sealContext } from '../seal-context.ts';
import type { CallPriority } from '#libs/wechat';
import type { RememberedToken, TokenAddress } from '../refresh/token-cache.ts';
import type { TokenState } from '../refresh/token-refresher.ts';
import {
  CLAIM_DUE,
  CLAIM_MANY,
  READ_EXPIRIES,
  RELEASE_LEASES,
  RENEW_LEASE,
  SELECT_HELD,
  SELECT_MANY,
  SELECT_STATE,
  TAKE_LEASE_OF_ONE,
} from './authorizer-token-rows.sql.ts';

/** `usable`: may be refreshed and handed out. `suspended`: unauthorized, all kept. `lost`: WeChat refused every refresh token. */
export type AuthorizerTokenState = 'usable' | 'suspended' | 'lost';

/** An account whose token is wanted. */
export interface AuthorizerSubject extends TokenAddress {
  authorizerAppid: string;
  /** Of the call to WeChat, if one is needed. */
  priority: CallPriority;
}

export interface AuthorizerRowState extends TokenState {
  leaseGeneration: number;
}

/** What is kept of an account, without opening anything. */
export interface HeldTokens {
  state: AuthorizerTokenState;
  hasRefreshToken: boolean;
  /** Database time at which the present refresh token came. */
  refreshTokenReceivedAt: Date | null;
}

/** A lease on one merchant's row, with what a refresh needs. */
export interface RefreshClaim {
  platformId: number;
  authorizerAppid: string;
  leaseGeneration: number;
  /** Database time (Unix ms) at which the lease was taken; the new token's life counts from here. */
  takenAtMs: number;
  /** The same moment by the monotonic clock, or a little before. */
  takenMs: number;
  failures: number;
  sealedRefreshToken: Buffer | null;
  sealedPreviousRefreshToken: Buffer | null;
}

/** What issuing a token needs of its row. */
interface TokenRow {
  authorizer_appid: string;
  state: AuthorizerTokenState;
  sealed_access_token: Buffer | null;
  access_token_expires_at: Date | null;
  life_ms: number | null;
  refresh_ms: number | null;
  generation: number;
  may_be_replaced: boolean;
  last_failure: KeptFailure | null;
}

interface StateRow extends TokenRow {
  leased_ms: number | null;
  lease_generation: number;
  failures: number;
}

interface ClaimRow {
  platform_id: number;
  authorizer_appid: string;
  lease_generation: number;
  taken_at_ms: number;
  failures: number;
  sealed_refresh_token: Buffer | null;
  sealed_previous_refresh_token: Buffer | null;
}

export const READ_STATE: NamedStatement = {
  name: 'custody.read_state',
  text: `${SELECT_STATE} WHERE platform_id = $1 AND authorizer_appid = $2`,
};

/** Reads and leases of `custody.authorizer_token`. Times leave it as remaining milliseconds on the monotonic clock. */
@Injectable()
export class AuthorizerTokenRows {
  constructor(
    private readonly sealer: Sealer,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** State of one account; `known` saves opening a token that is in memory already. */
  async read(
    sql: Sql,
    platformId: number,
    authorizerAppid: string,
    known: RememberedToken | undefined,
  ): Promise<AuthorizerRowState> {
    const startMs = this.clock.monotonicMs();
    const [row] = await sql.query<StateRow>(READ_STATE, [platformId, authorizerAppid]);
    if (!row) {
      return {
        token: null,
        refusal: new AppError('authorizer_not_authorized', 'no authorization of this account is kept here'),
        leasedMs: 0,
        coolingMs: 0,
        failure: null,
        leaseGeneration: 0,
      };
    }
    return {
      token: this.remembered(platformId, row, startMs, known),
      refusal: refusalOf(row),
      leasedMs: row.leased_ms ?? 0,
      // After a failure `refresh_after` is the time of the next try.
      coolingMs: row.failures > 0 ? (row.refresh_ms ?? 0) : 0,
      failure: row.last_failure,
      leaseGeneration: row.lease_generation,
    };
  }

  /**
   * State of many in one statement, without the time of their next refresh; an account without a row is not in the map. Only
   * tokens that can be used as they are, for at least `minLifeMs`, are opened: opening costs, and the others are refreshed.
   */
  async readMany(
    sql: Sql,
    platformId: number,
    authorizerAppids: readonly string[],
    minLifeMs: number,
  ): Promise<Map<string, { token: RememberedToken | null; refusal: AppError | null }>> {
    const startMs = this.clock.monotonicMs();
    const rows = await sql.query<Omit<TokenRow, 'life_ms' | 'refresh_ms'> & { now: Date }>(
      `${SELECT_MANY} WHERE platform_id = $1 AND authorizer_appid = ANY ($2)`,
      [platformId, authorizerAppids],
    );
    const tookMs = this.clock.monotonicMs() - startMs;
    return new Map(
      rows.map((row) => {
        // A millisecond less, because both times are truncated.
        const life_ms = row.access_token_expires_at && row.access_token_expires_at.getTime() - row.now.getTime() - 1;
        const isGood = !row.may_be_replaced && (life_ms ?? 0) - tookMs >= minLifeMs;
        const token = isGood
          ? this.remembered(platformId, { ...row, life_ms, refresh_ms: life_ms }, startMs, undefined)
          : null;
        return [row.authorizer_appid, { token, refusal: refusalOf(row) }];
      }),
    );
  }

  /**
   * What is kept of each; an account without a row is not in the map. Looks at a sealed column, because only its value says
   * whether a token is there; so it is no statement for a tenant's role.
   */
  async held(sql: Sql, platformId: number, authorizerAppids: readonly string[]): Promise<Map<string, HeldTokens>> {
    const rows = await sql.query<HeldTokens & { appid: string }>(SELECT_HELD, [platformId, authorizerAppids]);
    return new Map(rows.map(({ appid, ...held }) => [appid, held]));
  }

  /** When the access token of each expires; an account without one is not in the map. A tenant's role may run this. */
  async expiries(sql: Sql, platformId: number, authorizerAppids: readonly string[]): Promise<Map<string, Date>> {
    const rows = await sql.query<{ appid: string; at: Date }>(READ_EXPIRIES, [platformId, authorizerAppids]);
    return new Map(rows.map(({ appid, at }) => [appid, at]));
  }

  /** Takes the lease of one merchant, if the row is as it was read. */
  async claim(
    sql: Sql,
    platformId: number,
    authorizerAppid: string,
    leaseGeneration: number,
    leaseSeconds: number,
  ): Promise<RefreshClaim | null> {
    const takenMs = this.clock.monotonicMs();
    const [row] = await sql.query<ClaimRow>(TAKE_LEASE_OF_ONE, [
      platformId,
      authorizerAppid,
      leaseGeneration,
      leaseSeconds,
    ]);
    return row ? claimOf(row, takenMs) : null;
  }

  /**
   * Takes the leases of up to `limit` accounts of one platform whose refresh is due, the longest due first. `from` skips what
   * a pass has handled; give it the `dueUntil` of the previous claim.
   */
  async claimDue(
    sql: Sql,
    platformId: number,
    limit: number,
    leaseSeconds: number,
    from: Date | null,
  ): Promise<{ claims: RefreshClaim[]; dueUntil: Date | null }> {
    const takenMs = this.clock.monotonicMs();
    const rows = await sql.query<ClaimRow & { due_ms: number }>(CLAIM_DUE, [platformId, limit, leaseSeconds, from]);
    const latest = rows.reduce((max, row) => Math.max(max, row.due_ms), Number.NEGATIVE_INFINITY);
    return {
      claims: rows.map((row) => claimOf(row, takenMs)),
      // Rounded down to milliseconds, so that nothing is skipped.
      dueUntil: rows.length > 0 ? new Date(Math.floor(latest)) : from,
    };
  }

  /**
   * Takes the leases of those among many accounts of one platform that need a new token and may be refreshed: no valid one
   * for `minLifeSeconds`, not leased by another process, not cooling down after a failure.
   */
  async claimMany(
    sql: Sql,
    platformId: number,
    authorizerAppids: readonly string[],
    leaseSeconds: number,
    minLifeSeconds: number,
  ): Promise<RefreshClaim[]> {
    const takenMs = this.clock.monotonicMs();
    const rows = await sql.query<ClaimRow>(CLAIM_MANY, [platformId, authorizerAppids, leaseSeconds, minLifeSeconds]);
    return rows.map((row) => claimOf(row, takenMs));
  }

  /** Extends a lease; false when another process holds it by now. */
  async renew(sql: Sql, claim: RefreshClaim, leaseSeconds: number): Promise<boolean> {
    const renewed = await sql.run(RENEW_LEASE, [
      claim.platformId,
      claim.authorizerAppid,
      claim.leaseGeneration,
      leaseSeconds,
    ]);
    return renewed > 0;
  }

  /** Releases leases untouched: the rows stay due. */
  async release(sql: Sql, claims: readonly RefreshClaim[]): Promise<void> {
    if (claims.length === 0) return;
    await sql.run(RELEASE_LEASES, [
      claims.map((claim) => claim.platformId),
      claims.map((claim) => claim.authorizerAppid),
      claims.map((claim) => claim.leaseGeneration),
    ]);
  }

  /** Refresh tokens of a claim in the order to try them. @throws SealError */
  refreshTokens(claim: RefreshClaim): { token: Secret; which: 'current' | 'previous' }[] {
    const place = sealContext.refreshToken(claim.platformId, claim.authorizerAppid);
    const current = claim.sealedRefreshToken && this.sealer.open(claim.sealedRefreshToken, place);
    const previous = claim.sealedPreviousRefreshToken && this.sealer.open(claim.sealedPreviousRefreshToken, place);
    const tokens: { token: Secret; which: 'current' | 'previous' }[] = [];
    if (current) tokens.push({ token: current, which: 'current' });
    if (previous && !current?.equals(previous)) tokens.push({ token: previous, which: 'previous' });
    return tokens;
  }

  private remembered(
    platformId: number,
    row: TokenRow,
    startMs: number,
    known: RememberedToken | undefined,
  ): RememberedToken | null {
    if (!row.sealed_access_token || !row.access_token_expires_at) return null;
    const isKnown =
      known?.generation === row.generation && known.expiresAt.getTime() === row.access_token_expires_at.getTime();
    const token = isKnown ? known.token : this.opened(platformId, row.authorizer_appid, row.sealed_access_token);
    return (
      token && {
        token,
        expiresAt: row.access_token_expires_at,
        generation: row.generation,
        deadMs: startMs + (row.life_ms ?? 0),
        refreshMs: startMs + (row.refresh_ms ?? 0),
        confirmedMs: startMs,
        mayBeReplaced: row.may_be_replaced,
      }
    );
  }

  /** An access token that does not open counts as none: the next refresh brings another. */
  private opened(platformId: number, authorizerAppid: string, sealed: Buffer): Secret | null {
    try {
      return this.sealer.open(sealed, sealContext.accessToken(platformId, authorizerAppid));
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      this.log.error('authorizer_token.unreadable', { platformId, authorizerAppid, error });
      return null;
    }
  }
}

function claimOf(row: ClaimRow, takenMs: number): RefreshClaim {
  return {
    platformId: row.platform_id,
    authorizerAppid: row.authorizer_appid,
    leaseGeneration: row.lease_generation,
    takenAtMs: Math.floor(row.taken_at_ms),
    takenMs,
    failures: row.failures,
    sealedRefreshToken: row.sealed_refresh_token,
    sealedPreviousRefreshToken: row.sealed_previous_refresh_token,
  };
}

function refusalOf(row: Pick<TokenRow, 'state' | 'last_failure'>): AppError | null {
  if (row.state === 'suspended') {
    return new AppError('authorizer_not_authorized', 'the merchant has withdrawn the authorization');
  }
  if (row.state === 'lost') {
    return new AppError(
      'reauthorization_required',
      'WeChat refuses every refresh token: the merchant must authorize again',
      {
        details: row.last_failure?.wechat ? { wechat: row.last_failure.wechat } : {},
      },
    );
  }
  return null;
}
