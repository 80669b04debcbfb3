import { Injectable } from '@nestjs/common';
import { AuthorizerTokens, type PlatformRef } from '#libs/custody';
import { JobQueue, engineTime } from '#libs/jobs';
import { AppError, Database, Log, Secret } from '#libs/kernel';
import { REGISTRATION_TYPES } from '#libs/inbox';
import type { AuthorizationGranted, AuthorizationRevoked, PushMessage, UnknownPush } from '#libs/wechat-wire';
import { AuthorizationCodes, codeDigest } from './authorization-codes.ts';
import { AuthorizationLinks, type LinkRow } from '../links/authorization-links.ts';
import { type AuthorizerState, AuthorizerStore } from '../accounts/authorizer-store.ts';
import { CodeExchange, type ExchangeResult } from './code-exchange.ts';
import { exchangeAuthorizationCode, infoRequest } from '../jobs.ts';
import { AuthorizerVerification, type VerificationOutcome } from '../details/verification.ts';
import { AuthorizersOptions } from '../authorizers-options.ts';

/** The part of a stored push that matters here; the inbox's own type fits it. */
export interface AuthorizationPush {
  /** WeChat's CreateTime, never far ahead of the database's clock. */
  wechatCreatedAt: Date;
  message: PushMessage;
}

export type LifecycleOutcome = 'handled' | 'superseded' | 'unhandled';

export interface RedirectResult {
  /**
   * `authorized`: tokens are durable. `pending`: WeChat could not be asked yet, it goes on by itself. `refused`: WeChat does
   * not accept the code; the push may still bring another one. `not_authorized`: withdrawn in the meantime.
   */
  outcome: 'authorized' | 'pending' | 'refused' | 'not_authorized';
  authorizerAppid: string | null;
  merchantId: string | null;
  returnUrl: string | null;
}

/** A grant that was read less than this ago is not read again because of one more 61007. */
const REREAD_SECONDS = 60;
/** A link brings one code for each account that is authorized by it, and one more for each that somebody authorizes again. */
const CODES_PER_LINK = 10;
/** How long the page after authorizing waits for the account's name. */
const DESCRIBE_MS = 2500;
/** The redirect's own request works on its code; a job looks after it in case that was cut short. */
const REDIRECT_JOB_SECONDS = 30;

/**
 * What happens to an account's authorization. WeChat's CreateTime orders the events, whatever order they come in; a
 * redirect has none and is evidence of now. What only WeChat can tell is asked, never guessed.
 */
@Injectable()
export class AuthorizerLifecycle {
  constructor(
    private readonly db: Database,
    private readonly store: AuthorizerStore,
    private readonly codes: AuthorizationCodes,
    private readonly links: AuthorizationLinks,
    private readonly exchange: CodeExchange,
    private readonly verification: AuthorizerVerification,
    private readonly tokens: AuthorizerTokens,
    private readonly jobs: JobQueue,
    private readonly log: Log,
    private readonly options: AuthorizersOptions,
  ) {}

  /**
   * Applies one of the authorization events, or that WeChat has registered an account for the merchant. Idempotent; rejects
   * when it should be tried again.
   */
  async apply(push: AuthorizationPush, platform: PlatformRef): Promise<LifecycleOutcome> {
    const { message } = push;
    switch (message.kind) {
      case 'unauthorized':
        return this.applyRevoked(push.wechatCreatedAt, message, platform);
      case 'authorized':
      case 'updateauthorized':
        return this.applyGranted(push.wechatCreatedAt, message, platform);
      case 'unknown':
        return this.applyOdd(push.wechatCreatedAt, message, platform);
      default:
        return 'unhandled';
    }
  }

  /**
   * The merchant's browser comes back. `state` is the link's id, when WeChat kept it. Anybody can call this, so codes
   * without a link of ours are let through only a few at a time: each costs a call of the platform's quota.
   * @throws AppError invalid_request, rate_limited
   */
  async redirect(
    platform: PlatformRef,
    query: { authCode: string; state?: string; address?: string },
  ): Promise<RedirectResult> {
    const result = await this.takeUp(platform, query);
    this.log.info('authorization.returned', { platformId: platform.platformId, outcome: result.outcome });
    return result;
  }

  private async takeUp(
    platform: PlatformRef,
    query: { authCode: string; state?: string; address?: string },
  ): Promise<RedirectResult> {
    const { platformId } = platform;
    if (!/^[\x21-\x7e]{1,1024}$/.test(query.authCode)) throw AppError.invalid('auth_code', 'is not a code');
    const code = new Secret(query.authCode);
    const link = query.state === undefined ? null : await this.links.find(this.db, platformId, query.state);
    const isExpected = link !== null && (await this.expects(platformId, link, code));
    if (!isExpected) await this.admitStranger(platformId, code, query.address);
    await this.db.transaction(async (sql) => {
      // As a stranger's, unless the link vouches for it: then it counts among those that are let through a few at a time.
      const linkId = isExpected ? link.linkId : undefined;
      const address = isExpected ? undefined : query.address;
      const from = { source: 'redirect' as const, linkId, authorizerAppid: null, address };
      const row = await this.codes.receive(sql, platformId, code, from);
      if (row.state !== 'pending') return;
      const digest = codeDigest(code).toString('hex');
      const runAt = await engineTime(sql, REDIRECT_JOB_SECONDS);
      const options = { runAt, jobKey: `authorization-code:${platformId}:${digest}`, maxAttempts: 10 };
      await this.jobs.add(sql, exchangeAuthorizationCode, { platformId, digest }, options);
    });
    let result: ExchangeResult;
    try {
      result = await this.exchange.run(platform, code);
    } catch (error) {
      this.log.warn('authorization.redirect_pending', { platformId, error });
      // Nobody has vouched for the code yet, so that it leads nowhere.
      return { ...redirected('pending', null, link), returnUrl: null };
    }
    if (result.outcome === 'failed') return redirected('refused', result.authorizerAppid, link);
    await this.attach(platformId, link, result.authorizerAppid);
    if (result.outcome === 'not_authorized') return redirected('not_authorized', result.authorizerAppid, link);
    return redirected('authorized', result.authorizerAppid, link);
  }

  /**
   * Whether a link still brings merchants back, and has not brought more codes than people make: a person that was given it once must
   * not spend the platform's quota with it for ever.
   */
  private async expects(platformId: number, link: LinkRow, code: Secret): Promise<boolean> {
    if (!(await this.links.brings(this.db, platformId, link.linkId))) return false;
    const [row] = await this.db.query<{ codes: number }>(
      `SELECT count(*)::int AS codes FROM authorizers.authorization_code
        WHERE platform_id = $1 AND link_id = $2 AND code_digest <> $3`,
      [platformId, link.linkId, codeDigest(code)],
    );
    return (row?.codes ?? 0) < CODES_PER_LINK;
  }

  /**
   * What a merchant who has just authorized is told: the account's name and what was granted. WeChat is asked where the name is not
   * known yet, for a moment only; the page does not wait longer for it.
   */
  async describe(
    platform: PlatformRef,
    authorizerAppid: string,
    waitMs = DESCRIBE_MS,
  ): Promise<{ authorizerAppid: string; nickName: string | null; permissionSets: number[] } | null> {
    const read = async () => {
      const [row] = await this.db.query<{ nickName: string | null; permissionSets: number[] }>(
        `SELECT nick_name AS "nickName", permission_sets AS "permissionSets"
           FROM authorizers.authorizer WHERE platform_id = $1 AND authorizer_appid = $2`,
        [platform.platformId, authorizerAppid],
      );
      return row ? { authorizerAppid, ...row } : null;
    };
    const known = await read();
    if (!known || known.nickName !== null) return known;
    const asked = this.verification
      .run(platform, authorizerAppid, { priority: 'interactive' })
      .catch((error: unknown) => {
        this.log.debug('authorization.describe_failed', { platformId: platform.platformId, authorizerAppid, error });
      });
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([asked, new Promise((resolve) => (timer = setTimeout(resolve, waitMs)))]);
    clearTimeout(timer);
    return read();
  }

  /** Takes up a code whose redirect was cut short. */
  async resumeCode(platform: PlatformRef, digest: string): Promise<void> {
    const code = await this.codes.open(this.db, platform.platformId, Buffer.from(digest, 'hex'));
    if (code) await this.exchange.run(platform, code);
  }

  /**
   * Exchanges a code that came in a message of an account (WeChat's publication check).
   * @throws AppError reauthorization_required when it brought no tokens
   */
  async exchangeMessageCode(platform: PlatformRef, authorizationCode: string, authorizerAppid: string): Promise<void> {
    const code = new Secret(authorizationCode);
    const from = { source: 'push' as const, authorizerAppid };
    await this.codes.receive(this.db, platform.platformId, code, from);
    const result = await this.exchange.run(platform, code);
    if (result.outcome === 'failed' || result.outcome === 'not_authorized') {
      throw new AppError('reauthorization_required', 'the code of the message brought no tokens');
    }
  }

  /** Asks WeChat what the account is and whether it is authorized. */
  refreshInfo(platform: PlatformRef, authorizerAppid: string): Promise<VerificationOutcome> {
    return this.verification.run(platform, authorizerAppid);
  }

  /**
   * After a 61007 or 61003 in spite of what the record says: reads again what is granted, at most once a minute.
   * @returns what is known then; null for an account that is not ours
   */
  async rereadGrant(
    platform: PlatformRef,
    authorizerAppid: string,
  ): Promise<{ state: AuthorizerState; permissionSets: number[] } | null> {
    const [row] = await this.db.query<{ recent: boolean }>(
      `SELECT coalesce(info_asked_at > wxfleet.now() - make_interval(secs => $3), false) AS recent
         FROM authorizers.authorizer WHERE platform_id = $1 AND authorizer_appid = $2`,
      [platform.platformId, authorizerAppid, REREAD_SECONDS],
    );
    if (row && !row.recent) await this.verification.run(platform, authorizerAppid, { priority: 'interactive' });
    const known = await this.store.read(this.db, platform.platformId, authorizerAppid);
    return known ? { state: known.state, permissionSets: known.permissionSets } : null;
  }

  /** Custody found out that WeChat refuses every refresh token of the account. */
  async markLost(platformId: number, authorizerAppid: string): Promise<void> {
    await this.db.transaction(async (sql) => {
      const row = await this.store.lock(sql, platformId, authorizerAppid);
      if (row?.state !== 'authorized') return;
      await this.store.requireReauthorization(sql, row);
      await this.store.record(sql, platformId, authorizerAppid, {
        kind: 'verification',
        effect: 'applied',
        detail: { state: 'reauthorization_required' },
      });
      await this.store.changed(sql, platformId, authorizerAppid);
    });
  }

  private async applyRevoked(
    at: Date,
    message: AuthorizationRevoked,
    { platformId }: PlatformRef,
  ): Promise<LifecycleOutcome> {
    const { kind, authorizerAppid } = message;
    return this.db.transaction(async (sql) => {
      const row = await this.store.lockOrCreate(sql, platformId, authorizerAppid);
      const isOlder = row.stateEventAt !== null && at < row.stateEventAt;
      const isRepeated = !isOlder && (await this.store.wasApplied(sql, row, kind, at));
      const effect = isOlder ? 'superseded' : isRepeated ? 'repeated' : 'applied';
      await this.store.record(sql, platformId, authorizerAppid, { kind, effect, wechatCreatedAt: at });
      if (effect !== 'applied') {
        // The tokens were stopped when the push was stored, before anybody knew that it is an old one.
        if (row.state === 'authorized') await this.tokens.resume(sql, platformId, authorizerAppid);
        return 'superseded';
      }
      // Two events of one second, or a grant seen by redirect after it: only WeChat knows which was last.
      const isDoubtful =
        at.getTime() === row.stateEventAt?.getTime() ||
        (row.state === 'authorized' && row.authorizedAt !== null && row.authorizedAt > at);
      await this.store.unauthorize(sql, row, { at, eventAt: at, by: 'push' });
      await this.tokens.suspend(sql, platformId, authorizerAppid);
      if (isDoubtful) await this.jobs.addMany(sql, [infoRequest(platformId, authorizerAppid)]);
      await this.store.changed(sql, platformId, authorizerAppid);
      return 'handled';
    });
  }

  /**
   * A registration event with status 0 brings an authorization code. A known event that lacks an element leads to one look at
   * the account that it names; it stays for a person to see.
   */
  private async applyOdd(at: Date, message: UnknownPush, platform: PlatformRef): Promise<LifecycleOutcome> {
    const { platformId } = platform;
    const { AuthorizerAppid: named, appid, status, auth_code: code } = message.fields;
    const authorizerAppid = named ?? appid;
    if (typeof authorizerAppid !== 'string') return 'unhandled';
    if (REGISTRATION_TYPES.some((type) => type === message.infoType)) {
      if (status !== '0' || typeof code !== 'string' || code === '') return 'unhandled';
      return this.applyRegistered(at, authorizerAppid, new Secret(code), platform);
    }
    return this.db.transaction(async (sql): Promise<LifecycleOutcome> => {
      const isGrant = message.infoType !== 'unauthorized';
      const row = isGrant
        ? await this.store.lockOrCreate(sql, platformId, authorizerAppid)
        : await this.store.lock(sql, platformId, authorizerAppid);
      if (row) await this.jobs.addMany(sql, [infoRequest(platformId, authorizerAppid)]);
      return 'unhandled';
    });
  }

  private async applyRegistered(
    at: Date,
    authorizerAppid: string,
    code: Secret,
    platform: PlatformRef,
  ): Promise<LifecycleOutcome> {
    const { platformId } = platform;
    await this.codes.receive(this.db, platformId, code, { source: 'push', authorizerAppid });
    const result = await this.exchange.run(platform, code);
    const effect = result.outcome === 'failed' ? 'failed' : 'applied';
    await this.db.transaction(async (sql) => {
      const event = { kind: 'registered', effect, wechatCreatedAt: at, detail: { code: result.outcome } } as const;
      await this.store.record(sql, platformId, authorizerAppid, event);
      await this.jobs.addMany(sql, [infoRequest(platformId, authorizerAppid)]);
    });
    return 'handled';
  }

  private async applyGranted(
    at: Date,
    message: AuthorizationGranted,
    platform: PlatformRef,
  ): Promise<LifecycleOutcome> {
    const { kind, authorizerAppid } = message;
    const { platformId } = platform;
    const code = new Secret(message.authorizationCode);
    const link = message.preAuthCode
      ? await this.links.findByPreAuthCode(this.db, platformId, message.preAuthCode)
      : null;
    const isNews = await this.db.transaction(async (sql) => {
      const row = await this.store.lock(sql, platformId, authorizerAppid);
      const isOlder = row?.stateEventAt != null && at < row.stateEventAt;
      if (isOlder) {
        await this.store.record(sql, platformId, authorizerAppid, { kind, effect: 'superseded', wechatCreatedAt: at });
        // Too late to change the state, in time to tell whose account it is.
        if (link && (await this.links.attach(sql, platformId, link.linkId, authorizerAppid))) {
          await this.store.changed(sql, platformId, authorizerAppid);
        }
        return false;
      }
      await this.codes.receive(sql, platformId, code, { source: 'push', authorizerAppid, linkId: link?.linkId });
      return true;
    });
    if (!isNews) return 'superseded';
    const result = await this.exchange.run(platform, code);
    await this.attach(platformId, link, authorizerAppid);
    return this.advance(at, kind, platformId, authorizerAppid, result);
  }

  /** The code has done what it could; now the event moves the state, if it is still the newest. */
  private async advance(
    at: Date,
    kind: AuthorizationGranted['kind'],
    platformId: number,
    authorizerAppid: string,
    result: ExchangeResult,
  ): Promise<LifecycleOutcome> {
    return this.db.transaction(async (sql) => {
      const row = await this.store.lockOrCreate(sql, platformId, authorizerAppid);
      const isOlder = row.stateEventAt !== null && at < row.stateEventAt;
      const isRepeated = !isOlder && (await this.store.wasApplied(sql, row, kind, at));
      const effect = isOlder
        ? 'superseded'
        : isRepeated
          ? 'repeated'
          : result.outcome === 'failed'
            ? 'failed'
            : 'applied';
      const detail = { code: result.outcome };
      await this.store.record(sql, platformId, authorizerAppid, { kind, effect, wechatCreatedAt: at, detail });
      if (isOlder || isRepeated) return 'superseded';
      switch (result.outcome) {
        case 'not_authorized':
          // A withdrawal whose event is late or lost.
          await this.store.unauthorize(sql, row, { eventAt: at, by: 'push' });
          await this.tokens.suspend(sql, platformId, authorizerAppid);
          break;
        case 'failed':
          // Authorized at WeChat, without a way to a token: the merchant has to come again, unless ours still works.
          if (row.state === 'authorized') await this.store.confirm(sql, row, at);
          else await this.store.requireReauthorization(sql, row, at);
          break;
        case 'exchanged':
        case 'recovered':
        case 'outrun':
          if (row.state === 'authorized') await this.store.confirm(sql, row, at);
          else {
            await this.store.authorize(sql, row, { at, eventAt: at, by: 'push' });
            await this.tokens.resume(sql, platformId, authorizerAppid);
            await this.jobs.addMany(sql, [infoRequest(platformId, authorizerAppid)]);
          }
      }
      if (at.getTime() === row.stateEventAt?.getTime() || result.outcome === 'failed') {
        await this.jobs.addMany(sql, [infoRequest(platformId, authorizerAppid)]);
      }
      await this.store.changed(sql, platformId, authorizerAppid);
      return 'handled';
    });
  }

  private async attach(platformId: number, link: LinkRow | null, authorizerAppid: string): Promise<void> {
    if (!link) return;
    await this.db.transaction(async (sql) => {
      if (await this.links.attach(sql, platformId, link.linkId, authorizerAppid)) {
        await this.store.changed(sql, platformId, authorizerAppid);
      }
    });
  }

  /** A code that a push has named is no stranger's. */
  private async admitStranger(platformId: number, code: Secret, address: string | undefined): Promise<void> {
    if (await this.codes.read(this.db, platformId, codeDigest(code))) return;
    // By address first: invented codes of one sender do not use up what the others may.
    const { all, ofAddress } = await this.codes.recentStrangers(this.db, platformId, address);
    if (ofAddress < this.options.linklessCodesOfAddress && all < this.options.linklessCodes) return;
    throw new AppError('rate_limited', 'too many authorizations without a link of this installation', {
      retryAfterSeconds: 600,
    });
  }
}

function redirected(
  outcome: RedirectResult['outcome'],
  authorizerAppid: string | null,
  link: LinkRow | null,
): RedirectResult {
  return {
    outcome,
    authorizerAppid,
    merchantId: link?.merchantId ?? null,
    returnUrl: link?.returnUrl ?? null,
  };
}
