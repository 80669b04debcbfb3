import type { AuthorizerTokens, PlatformRef } from '#libs/custody';
import { AppError, type Database, type Log, type Secret, SingleFlight, type Sql } from '#libs/kernel';
import type { AuthorizerDetails, CallPriority } from '#libs/wechat';
import { type AuthorizationCalls, isNotAuthorized, refusalOf } from '../authorizations/authorization-calls.ts';
import type { AuthorizerStore, Changed, LockedAuthorizer } from '../accounts/authorizer-store.ts';
import { hasDomainPermission } from '../accounts/permission-sets.ts';

/** Composition's follow-ups, inside the transaction of the change. */
export interface AuthorizerHooks {
  /**
   * A mini program is authorized and known as one: its first look since the authorization, or it has just granted set 18.
   * `hasSet18` as of now.
   */
  onAuthorized?: (
    sql: Sql,
    platformId: number,
    authorizerId: number,
    authorizerAppid: string,
    hasSet18: boolean,
  ) => Promise<void>;
}

export interface VerificationParts {
  db: Database;
  calls: AuthorizationCalls;
  store: AuthorizerStore;
  tokens: Pick<AuthorizerTokens, 'keep' | 'suspend' | 'resume' | 'held'>;
  hooks: AuthorizerHooks;
  log: Log;
  changed: Changed;
}

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
export class AuthorizerVerification {
  private readonly flights = new SingleFlight<VerificationOutcome>();

  constructor(private readonly parts: VerificationParts) {}

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
    const { db, store, calls } = this.parts;
    const { platformId } = platform;
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const before = await store.read(db, platformId, authorizerAppid);
      if (!before) return 'unknown';
      const [asked] = await db.query<{ at: Date }>('SELECT wxfleet.now() AS at');
      let info: AuthorizerDetails | null;
      try {
        info = await calls.info(platform, authorizerAppid, options.priority ?? 'background', options.signal);
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
    const { db, store } = this.parts;
    return db.transaction(async (sql) => {
      const row = await store.lock(sql, platformId, before.authorizerAppid);
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
    await this.parts.store.unauthorize(sql, row, {});
    await this.parts.tokens.suspend(sql, platformId, authorizerAppid);
    await this.parts.store.record(sql, platformId, authorizerAppid, {
      kind: cause,
      effect: 'applied',
      detail: { state: 'unauthorized', errcode: 61003 },
    });
    await this.parts.changed(sql, platformId, authorizerAppid);
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
    const { store, tokens, hooks } = this.parts;
    const { platformId, authorizerAppid } = row;
    const held = (await tokens.held(sql, platformId, [authorizerAppid])).get(authorizerAppid);
    const before = row.state;
    // Ours is replaced only when it is missing or known to be bad, or belonged to an authorization that had ended.
    const needsToken = !(held?.state === 'usable' && held.hasRefreshToken);
    const canResume =
      before !== 'reauthorization_required' && held?.state === 'suspended' && held.hasRefreshToken && !neverExchanged;
    // The details are newer than the list.
    const offered = [info.refreshToken, options.listedToken ?? null];
    const isRenewed = needsToken && (await this.keepFirst(sql, row, offered, askedAt));
    if (!isRenewed && canResume) await tokens.resume(sql, platformId, authorizerAppid);
    const hasToken = !needsToken || isRenewed || canResume;
    const repaired = before !== 'authorized' && hasToken;
    // Authorized at WeChat, and nothing here that could fetch a token: hand-outs are refused, and the state says why.
    const isLost = !hasToken && before !== 'reauthorization_required';
    if (repaired) await store.authorize(sql, row, { permissionSets: info.permissionSets });
    else if (isLost) await store.requireReauthorization(sql, row);
    await store.describe(sql, row, {
      kind: info.kind,
      nickName: info.info.nick_name ?? null,
      principalName: info.info.principal_name ?? null,
      userName: info.info.user_name ?? null,
      permissionSets: info.permissionSets,
    });
    if (repaired || isRenewed || isLost) {
      const detail = { state: isLost ? 'reauthorization_required' : 'authorized', before };
      await store.record(sql, platformId, authorizerAppid, { kind: cause, effect: 'applied', detail });
    }
    const isAuthorized = repaired || (before === 'authorized' && !isLost);
    const sets = info.permissionSets ?? row.permissionSets;
    const gained = hasDomainPermission(sets) && !hasDomainPermission(row.permissionSets);
    const firstLook = row.infoFetchedAt === null || repaired;
    if (isAuthorized && info.kind === 'mini_program' && (firstLook || gained)) {
      await hooks.onAuthorized?.(sql, platformId, row.authorizerId, authorizerAppid, hasDomainPermission(sets));
    }
    await this.parts.changed(sql, platformId, authorizerAppid);
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
      if ((await this.parts.tokens.keep(sql, platformId, authorizerAppid, grant)) !== 'refused') return true;
    }
    return false;
  }

  private async note(platformId: number, authorizerAppid: string, error: unknown): Promise<void> {
    const wechat = refusalOf(error);
    const code = error instanceof AppError ? error.code : wechat ? 'upstream_failed' : 'upstream_busy';
    await this.parts.store
      .noteFailure(this.parts.db, platformId, authorizerAppid, { code, wechat })
      .catch((noteError: unknown) => this.parts.log.warn('authorizer.failure_not_noted', { error: noteError }));
  }
}
