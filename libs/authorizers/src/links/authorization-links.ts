import { createHash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type PlatformRef, upstreamError } from '#libs/custody';
import { AppError, type Sql } from '#libs/kernel';
import { AUTH_TYPES, type AuthType, authorizationPageUrl } from '#libs/wechat-wire';
import { AuthorizationCalls } from '../authorizations/authorization-calls.ts';
import { AuthorizersOptions } from '../authorizers-options.ts';
import { checkedReturnUrl } from './return-url.ts';

export interface NewAuthorizationLink {
  merchantId: string;
  page: 'pc' | 'mobile';
  /** Default: mini programs. */
  authType?: AuthType;
  /** Limits the page to this account. */
  authorizerAppid?: string;
  permissionSets?: readonly number[];
  returnUrl?: string;
}

export interface LinkRow {
  linkId: string;
  merchantId: string;
  returnUrl: string | null;
  /** The account the page was limited to, or the one that used the link. */
  authorizerAppid: string | null;
}

/** Links that merchants open to authorize the platform, and what they say about the account that came back. */
@Injectable()
export class AuthorizationLinks {
  constructor(
    private readonly calls: AuthorizationCalls,
    private readonly options: AuthorizersOptions,
  ) {}

  /**
   * Fetches a pre-auth code and makes the link. The code travels in the URL and is not kept: its digest is enough to
   * recognise it in the push.
   * @param sql on behalf of whom the link is made; each statement a transaction, since WeChat is asked between them
   * @throws AppError invalid_request (return_url, merchant_id), and what a component token may be refused for
   */
  async create(
    sql: Sql,
    platform: PlatformRef,
    input: NewAuthorizationLink,
  ): Promise<{ linkId: string; url: string; preAuthCodeExpiresAt: Date }> {
    const returnUrl = input.returnUrl === undefined ? null : checkedReturnUrl(input.returnUrl, this.options);
    const [merchant] = await sql.query(
      'SELECT 1 FROM authorizers.merchant WHERE platform_id = $1 AND merchant_id = $2',
      [platform.platformId, input.merchantId],
    );
    if (!merchant) throw AppError.invalid('merchant_id', 'is not a merchant of this platform');
    const { preAuthCode, expiresInSeconds } = await this.calls.createPreAuthCode(platform).catch((error: unknown) => {
      throw upstreamError(error, 'fetching a pre-auth code');
    });
    const linkId = randomBytes(18).toString('base64url');
    const [row] = await sql.query<{ expires_at: Date }>(
      `INSERT INTO authorizers.authorization_link
              (platform_id, link_id, merchant_id, pre_auth_code_digest, return_url, expires_at, authorizer_appid)
       VALUES ($1, $2, $3, $4, $5, wxfleet.now() + make_interval(secs => $6), $7)
       RETURNING expires_at`,
      [
        platform.platformId,
        linkId,
        input.merchantId,
        digestOf(preAuthCode.reveal()),
        returnUrl,
        expiresInSeconds,
        input.authorizerAppid ?? null,
      ],
    );
    const base = this.options.publicUrl().replace(/\/+$/, '');
    const url = authorizationPageUrl({
      page: input.page,
      componentAppid: platform.componentAppid,
      preAuthCode: preAuthCode.reveal(),
      redirectUri: `${base}/wechat/${platform.componentAppid}/authorized?state=${linkId}`,
      authType: input.authType ?? AUTH_TYPES.miniProgram,
      bizAppid: input.authorizerAppid,
      permissionSets: input.permissionSets,
    });
    return { linkId, url, preAuthCodeExpiresAt: (row as { expires_at: Date }).expires_at };
  }

  /** The link of a `state`; also an expired one, for a slow merchant's way back. */
  async find(sql: Sql, platformId: number, linkId: string): Promise<LinkRow | null> {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(linkId)) return null;
    return (await this.select(sql, platformId, 'link_id = $2', linkId))[0] ?? null;
  }

  /** The link whose pre-auth code a push names. */
  async findByPreAuthCode(sql: Sql, platformId: number, preAuthCode: string): Promise<LinkRow | null> {
    return (await this.select(sql, platformId, 'pre_auth_code_digest = $2', digestOf(preAuthCode)))[0] ?? null;
  }

  /**
   * Assigns the account to the merchant of the link, once: a repeated event must not undo what an operator assigned
   * since. A link made for another account than the one that came assigns nothing.
   */
  async attach(sql: Sql, platformId: number, linkId: string, authorizerAppid: string): Promise<boolean> {
    const [used] = await sql.query<{ merchant_id: string }>(
      `UPDATE authorizers.authorization_link
          SET used_at = wxfleet.now(), authorizer_appid = $3
        WHERE platform_id = $1 AND link_id = $2 AND used_at IS NULL
          AND (authorizer_appid IS NULL OR authorizer_appid = $3)
        RETURNING merchant_id`,
      [platformId, linkId, authorizerAppid],
    );
    if (used) {
      await sql.run(
        `UPDATE authorizers.authorizer SET merchant_id = $3, updated_at = wxfleet.now()
          WHERE platform_id = $1 AND authorizer_appid = $2 AND merchant_id IS DISTINCT FROM $3`,
        [platformId, authorizerAppid, used.merchant_id],
      );
      return true;
    }
    // A second account that came by the same link: it belongs to that merchant unless somebody decided otherwise.
    return (
      (await sql.run(
        `UPDATE authorizers.authorizer a SET merchant_id = l.merchant_id, updated_at = wxfleet.now()
           FROM authorizers.authorization_link l
          WHERE a.platform_id = $1 AND a.authorizer_appid = $2 AND a.merchant_id IS NULL
            AND l.platform_id = $1 AND l.link_id = $3 AND l.used_at IS NOT NULL AND l.authorizer_appid <> $2`,
        [platformId, authorizerAppid, linkId],
      )) > 0
    );
  }

  private select(sql: Sql, platformId: number, condition: string, value: unknown): Promise<LinkRow[]> {
    return sql.query<LinkRow>(
      `SELECT link_id AS "linkId", merchant_id AS "merchantId", return_url AS "returnUrl",
              authorizer_appid AS "authorizerAppid"
         FROM authorizers.authorization_link WHERE platform_id = $1 AND ${condition}`,
      [platformId, value],
    );
  }
}

function digestOf(code: string): Buffer {
  return createHash('sha256').update(code).digest();
}
