import {
  AppError,
  SealError,
  type Clock,
  type Log,
  type PlannedOnce,
  type Sealer,
  type Secret,
  type Sql,
} from '#libs/kernel';
import type { KeptFailure } from '../failures.ts';
import { placeOf } from '../sealed-places.ts';
import type { RememberedToken } from '../refresh/token-cache.ts';
import type { Standing } from '../refresh/token-refresh.ts';

/** `usable`: may be refreshed and handed out. `suspended`: unauthorized, all kept. `lost`: WeChat refused every refresh token. */
export type AuthorizerTokenState = 'usable' | 'suspended' | 'lost';

export interface AuthorizerStanding extends Standing {
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

/** What is to be known of a row to hand its token out. */
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

interface StandingRow extends TokenRow {
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

const STANDING = `
  SELECT authorizer_appid, state, sealed_access_token, access_token_expires_at, generation, lease_generation, failures, last_failure,
         may_be_replaced OR coalesce(lease_until <= wxfleet.now(), false) AS may_be_replaced,
         (extract(epoch FROM access_token_expires_at - wxfleet.now()) * 1000)::float8 AS life_ms,
         (extract(epoch FROM refresh_after - wxfleet.now()) * 1000)::float8 AS refresh_ms,
         (extract(epoch FROM lease_until - wxfleet.now()) * 1000)::float8 AS leased_ms
    FROM custody.authorizer_token`;

export const READ_STANDING: PlannedOnce = {
  name: 'custody.read_standing',
  text: `${STANDING} WHERE platform_id = $1 AND authorizer_appid = $2`,
};

/**
 * The same for thousands. The present time is worked out once, and what is left of a token is worked out by whoever reads it:
 * in SQL, intervals as numbers cost more than all the rest.
 */
const STANDINGS = `
  SELECT authorizer_appid, state, sealed_access_token, access_token_expires_at, generation, last_failure,
         may_be_replaced OR coalesce(lease_until <= (SELECT wxfleet.now()), false) AS may_be_replaced,
         (SELECT wxfleet.now()) AS now
    FROM custody.authorizer_token`;

/** A lease that nobody gave back is a refresh whose end nobody knows. */
const TAKE_LEASE = `lease_generation = lease_generation + 1,
              may_be_replaced = may_be_replaced OR lease_until IS NOT NULL`;

const CLAIMED = `platform_id, authorizer_appid, lease_generation, (extract(epoch FROM wxfleet.now()) * 1000)::float8 AS taken_at_ms, failures,
         sealed_refresh_token, sealed_previous_refresh_token`;

export const READ_EXPIRIES: PlannedOnce = {
  name: 'custody.read_expiries',
  text: `SELECT authorizer_appid AS appid, access_token_expires_at AS at FROM custody.authorizer_token
          WHERE platform_id = $1 AND authorizer_appid = ANY ($2) AND access_token_expires_at IS NOT NULL`,
};

export const CLAIM_MANY: PlannedOnce = {
  name: 'custody.claim_many',
  text: `
    WITH wanted AS MATERIALIZED (
      SELECT authorizer_appid AS appid FROM custody.authorizer_token
       WHERE platform_id = $1 AND authorizer_appid = ANY ($2) AND state = 'usable'
         AND (lease_until IS NULL OR lease_until <= wxfleet.now())
         AND (failures = 0 OR refresh_after IS NULL OR refresh_after <= wxfleet.now())
         AND (may_be_replaced OR access_token_expires_at IS NULL
              OR access_token_expires_at < wxfleet.now() + make_interval(secs => $4))
         FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE custody.authorizer_token t
       SET ${TAKE_LEASE}, lease_until = wxfleet.now() + make_interval(secs => $3)
      FROM wanted WHERE t.platform_id = $1 AND t.authorizer_appid = wanted.appid
    RETURNING ${CLAIMED}`,
};

/** Reads and leases of `custody.authorizer_token`. Times leave it as remaining milliseconds on the monotonic clock. */
export class AuthorizerRows {
  constructor(
    private readonly sealer: Sealer,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Standing of one merchant; `known` spares opening a token that is in memory already. */
  async read(
    sql: Sql,
    platformId: number,
    authorizerAppid: string,
    known: RememberedToken | undefined,
  ): Promise<AuthorizerStanding> {
    const startMs = this.clock.monotonicMs();
    const [row] = await sql.query<StandingRow>(READ_STANDING, [platformId, authorizerAppid]);
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
   * Standings of many in one statement, without the time of their next refresh; who has no row is not in the map. Only tokens
   * that may be used as they are, for `minLifeMs` at least, are opened: a fleet whose tokens are all to be refreshed would pay for
   * opening what nobody looks at.
   */
  async readMany(
    sql: Sql,
    platformId: number,
    authorizerAppids: readonly string[],
    minLifeMs: number,
  ): Promise<Map<string, { token: RememberedToken | null; refusal: AppError | null }>> {
    const startMs = this.clock.monotonicMs();
    const rows = await sql.query<Omit<TokenRow, 'life_ms' | 'refresh_ms'> & { now: Date }>(
      `${STANDINGS} WHERE platform_id = $1 AND authorizer_appid = ANY ($2)`,
      [platformId, authorizerAppids],
    );
    const tookMs = this.clock.monotonicMs() - startMs;
    return new Map(
      rows.map((row) => {
        // A millisecond less: the fractions of both times are cut off.
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
   * What is kept of each; who has no row is not in the map. Looks at a sealed column, whose value alone says whether a token
   * is there, so it is no statement for a tenant's role.
   */
  async held(sql: Sql, platformId: number, authorizerAppids: readonly string[]): Promise<Map<string, HeldTokens>> {
    const rows = await sql.query<HeldTokens & { appid: string }>(
      `SELECT authorizer_appid AS appid, state, sealed_refresh_token IS NOT NULL AS "hasRefreshToken",
              refresh_token_received_at AS "refreshTokenReceivedAt"
         FROM custody.authorizer_token WHERE platform_id = $1 AND authorizer_appid = ANY ($2)`,
      [platformId, authorizerAppids],
    );
    return new Map(rows.map(({ appid, ...held }) => [appid, held]));
  }

  /** When the access token of each expires; who has none is not in the map. A tenant's role may ask this. */
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
    const [row] = await sql.query<ClaimRow>(
      `UPDATE custody.authorizer_token
          SET ${TAKE_LEASE}, lease_until = wxfleet.now() + make_interval(secs => $4)
        WHERE platform_id = $1 AND authorizer_appid = $2 AND lease_generation = $3 AND state = 'usable'
          AND (lease_until IS NULL OR lease_until <= wxfleet.now())
      RETURNING ${CLAIMED}`,
      [platformId, authorizerAppid, leaseGeneration, leaseSeconds],
    );
    return row ? claimOf(row, takenMs) : null;
  }

  /**
   * Takes the leases of up to `limit` merchants of one platform whose refresh is due, the longest due first. `from` spares
   * a pass the look at what it has dealt with; give it the `dueUntil` of the claim before.
   */
  async claimDue(
    sql: Sql,
    platformId: number,
    limit: number,
    leaseSeconds: number,
    from: Date | null,
  ): Promise<{ claims: RefreshClaim[]; dueUntil: Date | null }> {
    const takenMs = this.clock.monotonicMs();
    const rows = await sql.query<ClaimRow & { due_ms: number }>(
      `WITH due AS MATERIALIZED (
         SELECT authorizer_appid AS appid, refresh_after AS due_at FROM custody.authorizer_token
          WHERE platform_id = $1 AND state = 'usable' AND refresh_after <= wxfleet.now()
            AND ($4::timestamptz IS NULL OR refresh_after >= $4)
            AND (lease_until IS NULL OR lease_until <= wxfleet.now())
          ORDER BY refresh_after LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED
       )
       UPDATE custody.authorizer_token t
          SET ${TAKE_LEASE}, lease_until = wxfleet.now() + make_interval(secs => $3)
         FROM due WHERE t.platform_id = $1 AND t.authorizer_appid = due.appid
       RETURNING ${CLAIMED}, (extract(epoch FROM due.due_at) * 1000)::float8 AS due_ms`,
      [platformId, limit, leaseSeconds, from],
    );
    const latest = rows.reduce((max, row) => Math.max(max, row.due_ms), Number.NEGATIVE_INFINITY);
    return {
      claims: rows.map((row) => claimOf(row, takenMs)),
      // Rounded down to milliseconds, so that nothing is passed over.
      dueUntil: rows.length > 0 ? new Date(Math.floor(latest)) : from,
    };
  }

  /**
   * Takes the leases of those among many merchants of one platform who need a new token and may have one asked for: no
   * valid one for `minLifeSeconds`, not leased by somebody else, not cooling down after a failure.
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

  /** Makes a lease last longer; false when it is not ours any more. */
  async renew(sql: Sql, claim: RefreshClaim, leaseSeconds: number): Promise<boolean> {
    const renewed = await sql.run(
      `UPDATE custody.authorizer_token SET lease_until = wxfleet.now() + make_interval(secs => $4)
        WHERE platform_id = $1 AND authorizer_appid = $2 AND lease_generation = $3 AND lease_until IS NOT NULL`,
      [claim.platformId, claim.authorizerAppid, claim.leaseGeneration, leaseSeconds],
    );
    return renewed > 0;
  }

  /** Gives leases back untouched: the rows stay due. */
  async release(sql: Sql, claims: readonly RefreshClaim[]): Promise<void> {
    if (claims.length === 0) return;
    await sql.run(
      `UPDATE custody.authorizer_token t SET lease_until = NULL
         FROM unnest($1::int[], $2::text[], $3::bigint[]) AS i (platform_id, appid, lease_generation)
        WHERE t.platform_id = i.platform_id AND t.authorizer_appid = i.appid AND t.lease_generation = i.lease_generation`,
      [
        claims.map((claim) => claim.platformId),
        claims.map((claim) => claim.authorizerAppid),
        claims.map((claim) => claim.leaseGeneration),
      ],
    );
  }

  /** Refresh tokens of a claim in the order to try them. @throws SealError */
  refreshTokens(claim: RefreshClaim): { token: Secret; which: 'current' | 'previous' }[] {
    const place = placeOf.refreshToken(claim.platformId, claim.authorizerAppid);
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

  /** An access token that does not open is as good as none: the next refresh brings another. */
  private opened(platformId: number, authorizerAppid: string, sealed: Buffer): Secret | null {
    try {
      return this.sealer.open(sealed, placeOf.accessToken(platformId, authorizerAppid));
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
