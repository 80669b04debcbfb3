import type { AuthorizerTokens, PlatformRef } from '#libs/custody';
import type { JobQueue } from '#libs/jobs';
import { AppError, type Database, type Log, type Secret, SingleFlight, type Sql } from '#libs/kernel';
import type { AuthorizerDetails, AuthorizerGrant } from '#libs/wechat';
import {
  type AuthorizationCalls,
  isNotAuthorized,
  isSpentCode,
  mayHaveTakenEffect,
  refusalOf,
} from './authorization-calls.ts';
import { type AuthorizationCodes, type ClaimedCode, type CodeRow, codeDigest } from './authorization-codes.ts';
import type { AuthorizationLinks } from '../links/authorization-links.ts';
import type { AuthorizerStore, Changed } from '../accounts/authorizer-store.ts';
import { infoRequest } from '../jobs.ts';

/** What came of a code, now or when it was exchanged before. */
export type ExchangeResult =
  /** Its tokens are durable. `recovered`: the code was spent, WeChat gave the refresh token another way. */
  | { outcome: 'exchanged' | 'recovered'; authorizerAppid: string }
  /** Newer facts came while WeChat was being asked; they stand, and WeChat is asked what is true. */
  | { outcome: 'outrun'; authorizerAppid: string }
  /** WeChat says that the account has not (any more) authorized the platform. */
  | { outcome: 'not_authorized'; authorizerAppid: string }
  /** The code is of no use and nothing else helped. */
  | { outcome: 'failed'; authorizerAppid: string | null; reason: string };

export interface CodeExchangeParts {
  db: Database;
  calls: AuthorizationCalls;
  codes: AuthorizationCodes;
  store: AuthorizerStore;
  links: AuthorizationLinks;
  tokens: Pick<AuthorizerTokens, 'keep' | 'suspend' | 'resume' | 'held'>;
  jobs: JobQueue;
  log: Log;
  /** Tells every process that what it remembers of the account is outdated, at the commit of `sql`. */
  changed: Changed;
  /** A code was spent and its account is not known: whoever can read WeChat's list should. */
  onUnresolved?: (platform: PlatformRef) => Promise<void>;
  /** How long a code belongs to one process; longer than three calls to WeChat may take. Default 45. */
  leaseSeconds?: number;
}

/** One exchange takes a call, rarely three. */
const DEFAULT_LEASE_SECONDS = 45;
/** How long a caller waits for another process that has the code. */
const PATIENCE_MS = 20_000;

/**
 * Turns an authorization code into durable tokens, once, whoever comes with it: callers in this process share one promise,
 * processes share a lease on the code's row. After a lost reply the code is tried again; WeChat's "spent" then proves that
 * the exchange took effect, and `api_get_authorizer_info` gives the refresh token.
 */
export class CodeExchange {
  private readonly flights = new SingleFlight<ExchangeResult>();

  constructor(private readonly parts: CodeExchangeParts) {}

  /** The code must have been received before. Rejects when trying again later makes sense. */
  run(platform: PlatformRef, code: Secret): Promise<ExchangeResult> {
    const digest = codeDigest(code);
    return this.flights.run(`${platform.platformId}:${digest.toString('hex')}`, () =>
      this.alone(platform, code, digest),
    );
  }

  private async alone(platform: PlatformRef, code: Secret, digest: Buffer): Promise<ExchangeResult> {
    const { codes, db } = this.parts;
    const deadline = performance.now() + PATIENCE_MS;
    for (let pause = 20; ; pause = Math.min(250, pause * 2)) {
      const claim = await codes.claim(platform.platformId, digest, this.parts.leaseSeconds ?? DEFAULT_LEASE_SECONDS);
      if (claim) return this.exchange(platform, code, digest, claim);
      const row = await codes.read(db, platform.platformId, digest);
      if (!row) throw new Error('the code was not received before it was exchanged');
      if (row.state !== 'pending') return resultOf(row);
      if (performance.now() > deadline) {
        throw new AppError('upstream_busy', 'the code is being exchanged elsewhere', { retryAfterSeconds: 5 });
      }
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }

  private async exchange(
    platform: PlatformRef,
    code: Secret,
    digest: Buffer,
    claim: ClaimedCode,
  ): Promise<ExchangeResult> {
    let lost = claim.attempts > 1;
    try {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await this.settle(platform, digest, claim, await this.parts.calls.queryAuth(platform, code));
        } catch (error) {
          // WeChat may have acted although its answer did not come: asking once more finds out.
          if (attempt === 1 && mayHaveTakenEffect(error)) {
            lost = true;
            continue;
          }
          if (isSpentCode(error)) return await this.recover(platform, digest, claim, error, lost);
          if (isNotAuthorized(error) && claim.authorizerAppid !== null) {
            return await this.notAuthorized(platform, digest, claim, claim.authorizerAppid);
          }
          throw error;
        }
      }
    } catch (error) {
      await this.parts.codes.release(platform.platformId, digest, claim);
      throw error;
    }
  }

  /** Tokens, state, link and follow-up in one transaction, under the lease. */
  private async settle(
    platform: PlatformRef,
    digest: Buffer,
    claim: ClaimedCode,
    grant: AuthorizerGrant,
  ): Promise<ExchangeResult> {
    return this.write(platform, digest, claim, 'exchanged', grant.authorizerAppid, grant.permissionSets, {
      refreshToken: grant.refreshToken ?? undefined,
      accessToken: grant.accessToken ?? undefined,
      expiresInSeconds: grant.expiresIn ?? undefined,
    });
  }

  /**
   * The code is spent, or never was one. When its account is known WeChat is asked about that; its refresh token is what
   * the exchange would have brought (WeChat page "api_get_authorizer_info").
   */
  private async recover(
    platform: PlatformRef,
    digest: Buffer,
    claim: ClaimedCode,
    error: unknown,
    lost: boolean,
  ): Promise<ExchangeResult> {
    const { codes, calls, db, tokens, log } = this.parts;
    const errcode = refusalOf(error)?.errcode;
    // It may have been told by the push since the claim.
    const known = claim.authorizerAppid ?? (await codes.read(db, platform.platformId, digest))?.authorizerAppid ?? null;
    if (known === null) {
      const reason = lost ? 'the reply was lost and the account is not known' : 'WeChat does not accept the code';
      const failure = { reason, errcode };
      await codes.finish(db, platform.platformId, digest, claim, { state: 'failed', failure });
      if (lost) await this.parts.onUnresolved?.(platform);
      return { outcome: 'failed', authorizerAppid: null, reason };
    }
    let info: AuthorizerDetails;
    try {
      info = await calls.info(platform, known);
    } catch (infoError) {
      if (isNotAuthorized(infoError)) return this.notAuthorized(platform, digest, claim, known);
      throw infoError;
    }
    const held = (await tokens.held(db, platform.platformId, [known])).get(known);
    if (info.refreshToken || (held?.state === 'usable' && held.hasRefreshToken)) {
      log.info('authorization.recovered', { platformId: platform.platformId, authorizerAppid: known, errcode });
      return this.write(platform, digest, claim, 'recovered', known, info.permissionSets, {
        refreshToken: info.refreshToken ?? undefined,
      });
    }
    const reason = 'the code is spent and WeChat gives no refresh token';
    const failure = { reason, errcode };
    await codes.finish(db, platform.platformId, digest, claim, { state: 'failed', authorizerAppid: known, failure });
    return { outcome: 'failed', authorizerAppid: known, reason };
  }

  private async notAuthorized(
    platform: PlatformRef,
    digest: Buffer,
    claim: ClaimedCode,
    authorizerAppid: string,
  ): Promise<ExchangeResult> {
    const failure = { reason: 'not_authorized', errcode: 61003 };
    const { codes, db } = this.parts;
    await codes.finish(db, platform.platformId, digest, claim, { state: 'failed', authorizerAppid, failure });
    return { outcome: 'not_authorized', authorizerAppid };
  }

  private async write(
    platform: PlatformRef,
    digest: Buffer,
    claim: ClaimedCode,
    state: 'exchanged' | 'recovered',
    authorizerAppid: string,
    permissionSets: readonly number[] | null,
    grant: { refreshToken?: Secret; accessToken?: Secret; expiresInSeconds?: number },
  ): Promise<ExchangeResult> {
    const { platformId } = platform;
    const { codes, store, tokens, links, jobs } = this.parts;
    return this.parts.db.transaction(async (sql) => {
      const ours = await codes.finish(sql, platformId, digest, claim, { state, authorizerAppid });
      if (!ours) {
        // Whoever took the lease over decides; their view is newer than the tokens in our hands.
        await jobs.addMany(sql, [infoRequest(platformId, authorizerAppid)]);
        return { outcome: 'outrun', authorizerAppid };
      }
      const row = await store.lockOrCreate(sql, platformId, authorizerAppid);
      // A withdrawal that was applied while WeChat was being asked may be older or newer than this grant.
      const crossed = row.state === 'unauthorized' && !row.isNew && row.updatedAt >= claim.claimedAt;
      await this.keep(sql, platformId, digest, claim, authorizerAppid, grant);
      if (crossed) await tokens.suspend(sql, platformId, authorizerAppid);
      else await store.authorize(sql, row, { permissionSets });
      // Read again: the redirect may have told the link while the push was exchanging the code, or the other way round.
      const code = await codes.read(sql, platformId, digest);
      if (code?.linkId) await links.attach(sql, platformId, code.linkId, authorizerAppid);
      // A push records itself, with its time.
      if (code?.source !== 'push') {
        await store.record(sql, platformId, authorizerAppid, {
          kind: 'redirect',
          effect: crossed ? 'superseded' : 'applied',
          detail: { code: state },
        });
      }
      await jobs.addMany(sql, [infoRequest(platformId, authorizerAppid)]);
      await this.parts.changed(sql, platformId, authorizerAppid);
      return crossed ? { outcome: 'outrun', authorizerAppid } : { outcome: state, authorizerAppid };
    });
  }

  /**
   * With two exchanges of one account at once, the access token that is written last need not be WeChat's newest, and the
   * older one dies in five minutes. So neither is used: both refresh tokens are kept, and a new access token is fetched.
   */
  private async keep(
    sql: Sql,
    platformId: number,
    digest: Buffer,
    claim: ClaimedCode,
    authorizerAppid: string,
    grant: { refreshToken?: Secret; accessToken?: Secret; expiresInSeconds?: number },
  ): Promise<void> {
    const { codes, tokens } = this.parts;
    if (!(await codes.crossed(sql, platformId, digest, authorizerAppid, claim))) {
      await tokens.keep(sql, platformId, authorizerAppid, { ...grant, fetchedAt: claim.claimedAt });
      return;
    }
    await tokens.keep(sql, platformId, authorizerAppid, { refreshToken: grant.refreshToken });
    // Forgets the access token and makes the next one due now.
    await tokens.suspend(sql, platformId, authorizerAppid);
    await tokens.resume(sql, platformId, authorizerAppid);
  }
}

function resultOf(row: CodeRow): ExchangeResult {
  const { authorizerAppid } = row;
  if (row.state !== 'failed' && authorizerAppid !== null) {
    return { outcome: row.state === 'recovered' ? 'recovered' : 'exchanged', authorizerAppid };
  }
  const reason = row.failure?.reason ?? 'WeChat does not accept the code';
  if (reason === 'not_authorized' && authorizerAppid !== null) return { outcome: 'not_authorized', authorizerAppid };
  return { outcome: 'failed', authorizerAppid, reason };
}
