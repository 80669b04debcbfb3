import { Injectable } from '@nestjs/common';
import { AuthorizerTokens, type PlatformRef, upstreamError } from '#libs/custody';
import { AppError, Database, Log, type Secret, SingleFlight, type Sql } from '#libs/kernel';
import type { AuthorizerDetails, CallPriority } from '#libs/wechat';
import { ERRCODE } from '#libs/wechat-wire';
import { AuthorizationCalls, isNotAuthorized, refusalOf } from '../authorizations/authorization-calls.ts';
import { AuthorizerStore, type LockedAuthorizer } from '../accounts/authorizer-store.ts';
import { grantedSets, hasDomainPermission } from '../accounts/permission-sets.ts';
import { FirstLooks } from '../accounts/first-looks.ts';

/**
 * `recovered`: state or refresh token were repaired; `authorized`: all as we had it; `unauthorized`: so it is now;
 * `outrun`: the row kept changing while WeChat was being asked, somebody else knows better; `unknown`: not our account.
 */
export type VerificationOutcome = 'recovered' | 'authorized' | 'unauthorized' | 'outrun' | 'unknown';

export interface VerificationOptions {
  priority?: CallPriority;
  /** Under which name a change enters the account's history. */
  cause?: 'verification' | 'reconciliation';
  /** WeChat's list has the account without a refresh token: no code of its present authorization was exchanged. */
  neverExchanged?: boolean;
  /** The refresh token in WeChat's list; it need not be in the details of the account. */
  listedToken?: Secret | null;
  signal?: AbortSignal;
}

const ATTEMPTS = 3;

/**
 * Asks `api_get_authorizer_info` what an account is and whether it is authorized, and applies the answer, unless an event
 * or an exchange changed the row meanwhile. WeChat's answer is the truth of now; it moves no event time.
 */
@Injectable()
export class AuthorizerVerification {
  private readonly flights = new SingleFlight<VerificationOutcome>();

  constructor(
    private readonly db: Database,
    private readonly calls: AuthorizationCalls,
    private readonly store: AuthorizerStore,
    private readonly tokens: AuthorizerTokens,
    private readonly firstLooks: FirstLooks,
    private readonly log: Log,
  ) {}

  /** Rejects when WeChat cannot be asked; the failure is noted on the account. */
  run(platform: PlatformRef, authorizerAppid: string, options: VerificationOptions = {}): Promise<VerificationOutcome> {
    return this.flights.run(`${platform.platformId}:${authorizerAppid}`, () =>
      this.ask(platform, authorizerAppid, options),
    );
  }

  private async ask(
    platform: PlatformRef,
    authorizerAppid: string,
    options: VerificationOptions,
  ): Promise<VerificationOutcome> {
    const { platformId } = platform;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const before = await this.store.read(this.db, platformId, authorizerAppid);
      if (!before) return 'unknown';
      const [asked] = await this.db.query<{ at: Date }>('SELECT wxfleet.now() AS at');
      let info: AuthorizerDetails | null;
      try {
        info = await this.calls.info(platform, authorizerAppid, options.priority ?? 'background', options.signal);
      } catch (error) {
        if (!isNotAuthorized(error)) {
          await this.note(platformId, authorizerAppid, error);
          throw error;
        }
        info = null;
      }
      const askedAt = (asked as { at: Date }).at;
      const outcome = await this.apply(platformId, before, info, askedAt, options);
      if (outcome !== 'outrun') return outcome;
    }
    return 'outrun';
  }

  private apply(
    platformId: number,
    before: LockedAuthorizer,
    info: AuthorizerDetails | null,
    askedAt: Date,
    options: VerificationOptions,
  ): Promise<VerificationOutcome> {
    return this.db.transaction(async (sql) => {
      const row = await this.store.lock(sql, platformId, before.authorizerAppid);
      if (!row || row.version !== before.version) return 'outrun';
      return info ? this.authorized(sql, row, info, askedAt, options) : this.unauthorized(sql, row, options);
    });
  }

  private async unauthorized(
    sql: Sql,
    row: LockedAuthorizer,
    { cause = 'verification' }: VerificationOptions,
  ): Promise<VerificationOutcome> {
    if (row.state === 'unauthorized') return 'unauthorized';
    const { platformId, authorizerAppid } = row;
    await this.store.unauthorize(sql, row, { by: 'reconciliation' });
    await this.tokens.suspend(sql, platformId, authorizerAppid);
    await this.store.record(sql, platformId, authorizerAppid, {
      kind: cause,
      effect: 'applied',
      detail: { state: 'unauthorized', errcode: ERRCODE.notAuthorized },
    });
    await this.store.changed(sql, platformId, authorizerAppid);
    return 'unauthorized';
  }

  private async authorized(
    sql: Sql,
    row: LockedAuthorizer,
    info: AuthorizerDetails,
    askedAt: Date,
    options: VerificationOptions,
  ): Promise<VerificationOutcome> {
    const { cause = 'verification', neverExchanged } = options;
    const { platformId, authorizerAppid } = row;
    const held = (await this.tokens.held(sql, platformId, [authorizerAppid])).get(authorizerAppid);
    const before = row.state;
    // Ours is replaced only when it is missing or known to be bad, or belonged to an authorization that had ended.
    const needsToken = !(held?.state === 'usable' && held.hasRefreshToken);
    const canResume =
      before !== 'reauthorization_required' && held?.state === 'suspended' && held.hasRefreshToken && !neverExchanged;
    // The details are newer than the list.
    const offered = [info.refreshToken, options.listedToken ?? null];
    const isRenewed = needsToken && (await this.keepFirst(sql, row, offered, askedAt));
    if (!isRenewed && canResume) await this.tokens.resume(sql, platformId, authorizerAppid);
    const hasToken = !needsToken || isRenewed || canResume;
    const repaired = before !== 'authorized' && hasToken;
    // Authorized at WeChat, and nothing here that could fetch a token: hand-outs are refused, and the state says why.
    const isLost = !hasToken && before !== 'reauthorization_required';
    const sets = grantedSets(info, row.permissionSets);
    const by = 'reconciliation';
    if (repaired) await this.store.authorize(sql, row, { permissionSets: sets, by });
    else if (isLost) await this.store.requireReauthorization(sql, row);
    await this.store.describe(sql, row, askedAt, {
      kind: info.kind,
      nickName: info.info.nick_name ?? null,
      principalName: info.info.principal_name ?? null,
      userName: info.info.user_name ?? null,
      permissionSets: sets,
      unreadable: info.unreadable,
    });
    if (info.unreadable.length > 0) {
      this.log.warn('authorizer.details_unreadable', { platformId, authorizerAppid, fields: info.unreadable });
    }
    if (repaired || isRenewed || isLost) {
      const detail = { state: isLost ? 'reauthorization_required' : 'authorized', before };
      await this.store.record(sql, platformId, authorizerAppid, { kind: cause, effect: 'applied', detail });
    }
    await this.store.changed(sql, platformId, authorizerAppid);
    const isAuthorized = repaired || (before === 'authorized' && !isLost);
    const gained = hasDomainPermission(sets) && !hasDomainPermission(row.permissionSets);
    const firstLook = row.infoFetchedAt === null || row.kind === null || repaired;
    if (isAuthorized && (info.kind ?? row.kind) === 'mini_program' && (firstLook || gained)) {
      if (hasDomainPermission(sets)) await this.firstLooks.ask(sql, platformId, row.authorizerId);
    }
    return repaired || isRenewed ? 'recovered' : 'authorized';
  }

  /** Takes the first refresh token that WeChat has not refused yet; false when there is none. */
  private async keepFirst(
    sql: Sql,
    { platformId, authorizerAppid }: LockedAuthorizer,
    offered: readonly (Secret | null)[],
    fetchedAt: Date,
  ): Promise<boolean> {
    for (const refreshToken of offered) {
      if (!refreshToken) continue;
      const grant = { refreshToken, fetchedAt, isNamed: true };
      if ((await this.tokens.keep(sql, platformId, authorizerAppid, grant)) !== 'refused') return true;
    }
    return false;
  }

  private async note(platformId: number, authorizerAppid: string, error: unknown): Promise<void> {
    const wechat = refusalOf(error);
    const said = upstreamError(error, 'reading the details');
    const code = said instanceof AppError ? said.code : 'internal';
    await this.store
      .noteFailure(this.db, platformId, authorizerAppid, { code, wechat })
      .catch((noteError: unknown) => this.log.warn('authorizer.failure_not_noted', { error: noteError }));
  }
}
