import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { decodeCursor, pageOf } from '#libs/contract';
import { type PlatformRef, upstreamError } from '#libs/custody';
import { DAY_SECONDS, AppError, Clock, Database, type Secret, type Sql } from '#libs/kernel';
import { AUTH_TYPES, type AuthType, authorizationPageUrl } from '#libs/wechat-wire';
import { AuthorizationCalls } from '../authorizations/authorization-calls.ts';
import { AccountFacts } from '../accounts/account-facts.ts';
import { AuthorizersOptions } from '../authorizers-options.ts';
import { Merchant } from '../merchants/merchant.entity.ts';
import { AuthorizationLink } from './authorization-link.entity.ts';
import { checkedReturnUrl } from './return-url.ts';
import {
  ADD_PRE_AUTH_CODE,
  ASSIGN_ACCOUNT,
  COUNT_LATE_PRE_AUTH_CODES,
  INSERT_LINK,
  IS_USABLE_LINK,
  LINK_OF_PRE_AUTH_CODE,
  LIST_LINKS,
  LOCK_LINK,
  LOCK_MERCHANT_OF_ACCOUNT,
  OPEN_LINK,
  REVOKE_LINK,
  SELECT_LINK,
} from './authorization-links.sql.ts';

export interface NewAuthorizationLink {
  merchantId: string;
  page: 'pc' | 'mobile';
  /** Default: mini programs. */
  authType?: AuthType;
  /** Limits the page to this account. */
  authorizerAppid?: string;
  permissionSets?: readonly number[];
  returnUrl?: string;
  /** How long it can be opened; default 7 days. */
  lifetimeSeconds?: number;
  /** The merchants that its maker may see; null or absent: all. */
  makerMerchantIds?: readonly string[] | null;
}

interface UsedLink {
  merchantId: string;
  makerMerchantIds: string[] | null;
  usedAt: Date | null;
  authorizerAppid: string | null;
}

/** `used` links can be opened until they expire: a merchant may come back to grant more. */
export type LinkState = 'open' | 'used' | 'expired' | 'revoked';

export interface LinkRow {
  linkId: string;
  merchantId: string;
  state: LinkState;
  page: 'pc' | 'mobile';
  authType: AuthType;
  /** The account the page was limited to, or the one that used the link. */
  authorizerAppid: string | null;
  permissionSets: number[] | null;
  returnUrl: string | null;
  createdAt: Date;
  expiresAt: Date;
  revokedAt: Date | null;
  usedAt: Date | null;
  openings: number;
  lastOpenedAt: Date | null;
  /** End of the newest pre-auth code; null until the page is opened. */
  preAuthCodeExpiresAt: Date | null;
}

/** What the page of a link needs. */
export type LinkOpening =
  | { outcome: 'not_found' }
  | { outcome: 'expired' | 'revoked'; merchantName: string }
  | { outcome: 'open'; merchantName: string; link: LinkRow; pcUrl: string; mobileUrl: string };

const DEFAULT_LIFETIME_SECONDS = 7 * DAY_SECONDS;
/**
 * A page that is opened again within this time (reloads, previews of messengers) gets the same pre-auth code. Not longer: whether
 * a code serves twice is not documented.
 */
const REUSE_MS = 60_000;
/** Pre-auth codes of one link in an hour: a link that was published somewhere does not use up the platform's quota. */
const CODES_PER_HOUR = 60;
const REUSED_CODES = 10_000;
const LIST = 'authorization-links';

/** Links that merchants open to authorize the platform, and what they say about the account that came back. */
@Injectable()
export class AuthorizationLinks {
  private readonly reusable = new LRUCache<string, { code: Secret; untilMs: number }>({ max: REUSED_CODES });

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly calls: AuthorizationCalls,
    private readonly facts: AccountFacts,
    private readonly options: AuthorizersOptions,
  ) {}

  /**
   * Makes a link. WeChat is not asked: the pre-auth code, which lives 30 minutes, is fetched when the page is opened.
   * @param sql on behalf of the caller
   * @throws AppError invalid_request (return_url, merchant_id)
   */
  async create(sql: Sql, platform: PlatformRef, input: NewAuthorizationLink): Promise<LinkRow> {
    const returnUrl = input.returnUrl === undefined ? null : checkedReturnUrl(input.returnUrl, this.options);
    const { platformId } = platform;
    const isMerchant = await sql.repository(Merchant).existsBy({ platformId, merchantId: input.merchantId });
    if (!isMerchant) throw AppError.invalid('merchant_id', 'is not a merchant of this platform');
    const [row] = await sql.query<LinkRow>(INSERT_LINK, [
      platformId,
      randomBytes(18).toString('base64url'),
      input.merchantId,
      input.page,
      input.authType ?? AUTH_TYPES.miniProgram,
      input.authorizerAppid ?? null,
      input.permissionSets ?? null,
      returnUrl,
      input.lifetimeSeconds ?? DEFAULT_LIFETIME_SECONDS,
      input.makerMerchantIds ?? null,
    ]);
    return row as LinkRow;
  }

  /** The page of a link: what a merchant is sent. */
  urlOf(platform: PlatformRef, linkId: string): string {
    return `${this.base()}/wechat/${platform.componentAppid}/authorize/${linkId}`;
  }

  /** Newest first. @throws CursorError */
  async list(
    sql: Sql,
    platformId: number,
    filter: { merchantId?: string; state?: LinkState; merchantIds?: readonly string[] | null },
    page: { limit: number; cursor?: string },
  ): Promise<{ items: LinkRow[]; next_cursor: string | null }> {
    const [at, id] = page.cursor === undefined ? [null, null] : decodeCursor(LIST, page.cursor, ['string', 'string']);
    const rows = await sql.query<LinkRow>(LIST_LINKS, [
      platformId,
      at,
      id,
      filter.merchantId ?? null,
      filter.merchantIds ?? null,
      filter.state ?? null,
      page.limit + 1,
    ]);
    return pageOf(
      LIST,
      rows,
      page.limit,
      (row) => row,
      (row) => [row.createdAt.toISOString(), row.linkId],
    );
  }

  /** Ends a link at once; authorizations made with it stay. Null: there is no such link. */
  async revoke(sql: Sql, platformId: number, linkId: string): Promise<LinkRow | null> {
    if (!isLinkId(linkId)) return null;
    const [row] = await sql.query<LinkRow>(REVOKE_LINK, [platformId, linkId]);
    return row ?? null;
  }

  /**
   * A merchant's browser opens the link: counts it and fetches a pre-auth code, unless one was fetched within the last minute.
   * Anybody who has the link may call this.
   * @throws AppError rate_limited, and what a component token may be refused for
   */
  async open(platform: PlatformRef, linkId: string): Promise<LinkOpening> {
    const { platformId } = platform;
    const found = await this.find(this.db, platformId, linkId);
    if (!found) return { outcome: 'not_found' };
    const { merchantId } = found;
    const merchant = await this.db.repository(Merchant).findOneBy({ platformId, merchantId });
    const merchantName = merchant?.name ?? merchantId;
    if (found.state === 'expired' || found.state === 'revoked') return { outcome: found.state, merchantName };
    const code = await this.preAuthCode(platform, found);
    const [link = found] = await this.db.query<LinkRow>(OPEN_LINK, [platformId, linkId]);
    return {
      outcome: 'open',
      merchantName,
      link,
      pcUrl: this.pageUrl(platform, link, 'pc', code),
      mobileUrl: this.pageUrl(platform, link, 'mobile', code),
    };
  }

  /** The link of a `state`; also an expired one, for a slow merchant's way back. */
  async find(sql: Sql, platformId: number, linkId: string): Promise<LinkRow | null> {
    if (!isLinkId(linkId)) return null;
    const [row] = await sql.query<LinkRow>(SELECT_LINK, [platformId, linkId]);
    return row ?? null;
  }

  /** The link whose pre-auth code a push names. */
  async findByPreAuthCode(sql: Sql, platformId: number, preAuthCode: string): Promise<LinkRow | null> {
    const [row] = await sql.query<LinkRow>(LINK_OF_PRE_AUTH_CODE, [platformId, digestOf(preAuthCode)]);
    return row ?? null;
  }

  /**
   * Whether merchants may still come back by the link: it is open, or a page that was opened in time may still be in use.
   */
  async brings(sql: Sql, platformId: number, linkId: string): Promise<boolean> {
    const [row] = await sql.query(IS_USABLE_LINK, [platformId, linkId]);
    return row !== undefined;
  }

  /**
   * Assigns the account to the merchant of the link, once: a repeated event must not undo what an operator assigned
   * since. A link made for another account than the one that came assigns nothing. An account of another merchant is moved
   * only by a link whose maker may see both.
   * @returns whether the account is now by this link where it is
   */
  async attach(sql: Sql, platformId: number, linkId: string, authorizerAppid: string): Promise<boolean> {
    // The account before the link, as everywhere.
    const [account] = await sql.query<{ merchantId: string | null }>(LOCK_MERCHANT_OF_ACCOUNT, [
      platformId,
      authorizerAppid,
    ]);
    const [link] = await sql.query<UsedLink>(LOCK_LINK, [platformId, linkId]);
    if (!account || !link) return false;
    const isFirst = link.usedAt === null && (link.authorizerAppid ?? authorizerAppid) === authorizerAppid;
    if (isFirst) {
      await sql
        .repository(AuthorizationLink)
        .update({ platformId, linkId }, { usedAt: () => 'wxfleet.now()', authorizerAppid });
    }
    const { merchantId: to, makerMerchantIds } = link;
    const { merchantId: from } = account;
    // A second account that came by the same link: it belongs to that merchant unless somebody decided otherwise.
    const isSecond = link.usedAt !== null && link.authorizerAppid !== authorizerAppid && from === null;
    if (!isFirst && !isSecond) return false;
    if (from === to) return true;
    if (from !== null && makerMerchantIds !== null && !makerMerchantIds.includes(from)) {
      await this.facts.assignmentRefused(sql, platformId, authorizerAppid, { linkId, merchantId: to });
      return false;
    }
    await sql.run(ASSIGN_ACCOUNT, [platformId, authorizerAppid, to]);
    await this.facts.assigned(sql, platformId, authorizerAppid, { from, to }, { actor: 'wechat', linkId });
    return true;
  }

  private async preAuthCode(platform: PlatformRef, { linkId }: LinkRow): Promise<Secret> {
    const key = `${platform.platformId}:${linkId}`;
    const kept = this.reusable.get(key);
    if (kept && this.clock.monotonicMs() < kept.untilMs) return kept.code;
    const [recent] = await this.db.query<{ codes: number }>(COUNT_LATE_PRE_AUTH_CODES, [platform.platformId, linkId]);
    if ((recent?.codes ?? 0) >= CODES_PER_HOUR) {
      throw new AppError('rate_limited', 'this link was opened too often within an hour', { retryAfterSeconds: 600 });
    }
    const { preAuthCode, expiresInSeconds } = await this.calls.createPreAuthCode(platform).catch((error: unknown) => {
      throw upstreamError(error, 'fetching a pre-auth code');
    });
    // Only its digest is kept: enough to recognise the code in the push.
    await this.db.query(ADD_PRE_AUTH_CODE, [
      platform.platformId,
      digestOf(preAuthCode.reveal()),
      linkId,
      expiresInSeconds,
    ]);
    this.reusable.set(key, { code: preAuthCode, untilMs: this.clock.monotonicMs() + REUSE_MS });
    return preAuthCode;
  }

  private pageUrl(platform: PlatformRef, link: LinkRow, page: 'pc' | 'mobile', code: Secret): string {
    return authorizationPageUrl({
      page,
      componentAppid: platform.componentAppid,
      preAuthCode: code.reveal(),
      redirectUri: `${this.base()}/wechat/${platform.componentAppid}/authorized?state=${link.linkId}`,
      authType: link.authType,
      // The account that used the link is no limit for those who open it again.
      bizAppid: link.usedAt === null ? (link.authorizerAppid ?? undefined) : undefined,
      permissionSets: link.permissionSets ?? undefined,
      baseUrl: this.options.wechatPagesUrl,
    });
  }

  private base(): string {
    return this.options.publicUrl().replace(/\/+$/, '');
  }
}

function isLinkId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}

function digestOf(code: string): Buffer {
  return createHash('sha256').update(code).digest();
}
