import { Injectable } from '@nestjs/common';
import { AuthorizerTokens, type KeptGrant, type PlatformRef } from '#libs/custody';
import { JobQueue } from '#libs/jobs';
import { AppError, Database, Log, type Secret, SingleFlight, type Sql } from '#libs/kernel';
import type { AuthorizerDetails, AuthorizerGrant } from '#libs/wechat';
import { ERRCODE } from '#libs/wechat-wire';
import {
  AuthorizationCalls,
  isNotAuthorized,
  isSpentCode,
  mayHaveTakenEffect,
  refusalOf,
} from './authorization-calls.ts';
import { AuthorizationCodes, type ClaimedCode, type CodeRow, codeDigest } from './authorization-codes.ts';
import { AuthorizationLinks } from '../links/authorization-links.ts';
import { AuthorizerStore } from '../accounts/authorizer-store.ts';
import { grantedSets } from '../accounts/permission-sets.ts';
import { infoRequest } from '../jobs.ts';
import { AuthorizersOptions } from '../authorizers-options.ts';
import { AuthorizerReconcile } from '../reconciliation/reconcile.ts';

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

/** How long a caller waits for another process that has the code. */
const PATIENCE_MS = 20_000;

/**
 * Turns an authorization code into durable tokens, once, from any number of callers: callers in this process share one promise,
 * processes share a lease on the code's row. After a lost reply the code is tried again; WeChat's "spent" then proves that
 * the exchange took effect, and `api_get_authorizer_info` gives the refresh token.
 */
@Injectable()
export class CodeExchange {
  private readonly flights = new SingleFlight<ExchangeResult>();

  constructor(
    private readonly db: Database,
    private readonly calls: AuthorizationCalls,
    private readonly codes: AuthorizationCodes,
    private readonly store: AuthorizerStore,
    private readonly links: AuthorizationLinks,
    private readonly tokens: AuthorizerTokens,
    private readonly reconcile: AuthorizerReconcile,
    private readonly jobs: JobQueue,
    private readonly log: Log,
    private readonly options: AuthorizersOptions,
  ) {}

  /** The code must have been received before. Rejects when trying again later makes sense. */
  run(platform: PlatformRef, code: Secret): Promise<ExchangeResult> {
    const digest = codeDigest(code);
    return this.flights.run(`${platform.platformId}:${digest.toString('hex')}`, () =>
      this.alone(platform, code, digest),
    );
  }

  private async alone(platform: PlatformRef, code: Secret, digest: Buffer): Promise<ExchangeResult> {
    const deadline = performance.now() + PATIENCE_MS;
    for (let pause = 20; ; pause = Math.min(250, pause * 2)) {
      const claim = await this.codes.claim(platform.platformId, digest, this.options.exchangeLeaseSeconds);
      if (claim) return this.exchange(platform, code, digest, claim);
      const row = await this.codes.read(this.db, platform.platformId, digest);
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
          return await this.settle(platform, digest, claim, await this.calls.queryAuth(platform, code));
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
      await this.codes.release(platform.platformId, digest, claim);
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
    return this.write(platform, digest, claim, 'exchanged', grant.authorizerAppid, grant, {
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
    const errcode = refusalOf(error)?.errcode;
    // It may have been told by the push since the claim.
    const known =
      claim.authorizerAppid ?? (await this.codes.read(this.db, platform.platformId, digest))?.authorizerAppid ?? null;
    if (known === null) {
      const reason = lost ? 'the reply was lost and the account is not known' : 'WeChat does not accept the code';
      const failure = { reason, errcode };
      await this.codes.finish(this.db, platform.platformId, digest, claim, { state: 'failed', failure });
      // WeChat's list has the account.
      if (lost) await this.reconcile.start(platform);
      return { outcome: 'failed', authorizerAppid: null, reason };
    }
    const [asked] = await this.db.query<{ at: Date }>('SELECT wxfleet.now() AS at');
    let info: AuthorizerDetails;
    try {
      info = await this.calls.info(platform, known);
    } catch (infoError) {
      if (isNotAuthorized(infoError)) return this.notAuthorized(platform, digest, claim, known);
      throw infoError;
    }
    const held = (await this.tokens.held(this.db, platform.platformId, [known])).get(known);
    if (info.refreshToken || (held?.state === 'usable' && held.hasRefreshToken)) {
      this.log.info('authorization.recovered', { platformId: platform.platformId, authorizerAppid: known, errcode });
      return this.write(platform, digest, claim, 'recovered', known, info, {
        refreshToken: info.refreshToken ?? undefined,
        fetchedAt: (asked as { at: Date }).at,
        isNamed: held?.state === 'usable',
      });
    }
    const reason = 'the code is spent and WeChat gives no refresh token';
    const failure = { reason, errcode };
    await this.codes.finish(this.db, platform.platformId, digest, claim, {
      state: 'failed',
      authorizerAppid: known,
      failure,
    });
    return { outcome: 'failed', authorizerAppid: known, reason };
  }

  private async notAuthorized(
    platform: PlatformRef,
    digest: Buffer,
    claim: ClaimedCode,
    authorizerAppid: string,
  ): Promise<ExchangeResult> {
    const failure = { reason: 'not_authorized', errcode: ERRCODE.notAuthorized };
    await this.codes.finish(this.db, platform.platformId, digest, claim, { state: 'failed', authorizerAppid, failure });
    return { outcome: 'not_authorized', authorizerAppid };
  }

  private async write(
    platform: PlatformRef,
    digest: Buffer,
    claim: ClaimedCode,
    state: 'exchanged' | 'recovered',
    authorizerAppid: string,
    sets: { permissionSets: readonly number[] | null; isPartial: boolean },
    grant: KeptGrant,
  ): Promise<ExchangeResult> {
    const { platformId } = platform;
    return this.db.transaction(async (sql) => {
      const ours = await this.codes.finish(sql, platformId, digest, claim, { state, authorizerAppid });
      if (!ours) {
        // The process that took the lease over decides; its view is newer than the tokens in our hands.
        await this.jobs.addMany(sql, [infoRequest(platformId, authorizerAppid)]);
        return { outcome: 'outrun', authorizerAppid };
      }
      const found = await this.store.lockOrCreate(sql, platformId, authorizerAppid);
      // A withdrawal that was applied while WeChat was being asked may be older or newer than this grant.
      const crossed = found.state === 'unauthorized' && !found.isNew && found.updatedAt >= claim.claimedAt;
      await this.keep(sql, platformId, digest, claim, authorizerAppid, grant);
      // Read again: the redirect may have told the link while the push was exchanging the code, or the other way round.
      const code = await this.codes.read(sql, platformId, digest);
      if (code?.linkId) await this.links.attach(sql, platformId, code.linkId, authorizerAppid);
      // Whose account it is now, for those who are told.
      const row = (await this.store.lock(sql, platformId, authorizerAppid)) ?? found;
      const permissionSets = grantedSets(sets, row.permissionSets);
      const by = code?.source === 'redirect' ? 'redirect' : 'push';
      if (crossed) await this.tokens.suspend(sql, platformId, authorizerAppid);
      else await this.store.authorize(sql, row, { permissionSets, by });
      // A push records itself, with its time.
      if (code?.source !== 'push') {
        await this.store.record(sql, platformId, authorizerAppid, {
          kind: 'redirect',
          effect: crossed ? 'superseded' : 'applied',
          detail: { code: state },
        });
      }
      await this.jobs.addMany(sql, [infoRequest(platformId, authorizerAppid)]);
      await this.store.changed(sql, platformId, authorizerAppid);
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
    grant: KeptGrant,
  ): Promise<void> {
    if (!(await this.codes.crossed(sql, platformId, digest, authorizerAppid, claim))) {
      await this.tokens.keep(sql, platformId, authorizerAppid, { fetchedAt: claim.claimedAt, ...grant });
      return;
    }
    const { refreshToken, fetchedAt = claim.claimedAt } = grant;
    await this.tokens.keep(sql, platformId, authorizerAppid, { refreshToken, fetchedAt });
    // Forgets the access token and makes the next one due now.
    await this.tokens.suspend(sql, platformId, authorizerAppid);
    await this.tokens.resume(sql, platformId, authorizerAppid);
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
