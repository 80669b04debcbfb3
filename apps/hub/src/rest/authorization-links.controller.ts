import { Controller } from '@nestjs/common';
import { maySeeMerchant } from '#libs/access';
import { type LinkRow, AuthorizationLinks } from '#libs/authorizers';
import { lifetimeSeconds, type AuthorizationLinkView } from '#libs/contract';
import { AppError } from '#libs/kernel';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { eventOf } from './audited.ts';
import { PlatformScope } from './platform-scope.ts';

@Controller()
export class AuthorizationLinksController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly links: AuthorizationLinks,
  ) {}

  @Endpoint('createAuthorizationLink')
  async create(
    @Input() { body }: In<'createAuthorizationLink'>,
    @By() by: PlatformCaller,
  ): Promise<AuthorizationLinkView> {
    // The same answer as for a merchant that does not exist.
    if (!maySeeMerchant(by.principal, body.merchant_id)) {
      throw AppError.invalid('merchant_id', 'is not a merchant of this platform');
    }
    return this.scope.writeOnce(by, async (sql) => {
      const link = await this.links.create(sql, by.platform, {
        merchantId: body.merchant_id,
        page: body.page,
        authType: body.auth_type,
        authorizerAppid: body.authorizer_appid,
        permissionSets: body.permission_sets,
        returnUrl: body.return_url,
        makerMerchantIds: by.principal.merchantIds,
        lifetimeSeconds: body.expires_in === undefined ? undefined : lifetimeSeconds(body.expires_in),
      });
      const { page, auth_type, authorizer_appid, permission_sets, return_url, expires_at } = this.view(by, link);
      const detail = { link: link.linkId, page, auth_type, authorizer_appid, permission_sets, return_url, expires_at };
      await this.scope.record(
        sql,
        eventOf(by, 'authorization_link.created', `merchant:${link.merchantId}`, detail, link.merchantId),
      );
      return this.view(by, link);
    });
  }

  @Endpoint('listAuthorizationLinks')
  list(@Input() { query }: In<'listAuthorizationLinks'>, @By() by: PlatformCaller) {
    const { merchantIds } = by.principal;
    const filter = { merchantId: query.merchant_id, state: query.state, merchantIds };
    return this.scope.list(by, query, async (sql, portion) => {
      const page = await this.links.list(sql, by.platform.platformId, filter, portion);
      return { ...page, items: page.items.map((link) => this.view(by, link)) };
    });
  }

  @Endpoint('getAuthorizationLink')
  async get(@Input() { params }: In<'getAuthorizationLink'>, @By() by: PlatformCaller): Promise<AuthorizationLinkView> {
    const link = await this.scope.read(by, (sql) => this.links.find(sql, by.platform.platformId, params.id));
    if (!link || !maySeeMerchant(by.principal, link.merchantId)) throw notFound('authorization link');
    return this.view(by, link);
  }

  @Endpoint('revokeAuthorizationLink')
  revoke(@Input() { params }: In<'revokeAuthorizationLink'>, @By() by: PlatformCaller): Promise<AuthorizationLinkView> {
    return this.scope.write(by, async (sql) => {
      const before = await this.links.find(sql, by.platform.platformId, params.id);
      if (!before || !maySeeMerchant(by.principal, before.merchantId)) throw notFound('authorization link');
      const link = await this.links.revoke(sql, by.platform.platformId, params.id);
      if (!link) throw notFound('authorization link');
      if (before.revokedAt === null) {
        const event = eventOf(
          by,
          'authorization_link.revoked',
          `merchant:${link.merchantId}`,
          { link: link.linkId },
          link.merchantId,
        );
        await this.scope.record(sql, event);
      }
      return this.view(by, link);
    });
  }

  private view(by: PlatformCaller, link: LinkRow): AuthorizationLinkView {
    return {
      id: link.linkId,
      url: this.links.urlOf(by.platform, link.linkId),
      merchant_id: link.merchantId,
      state: link.state,
      page: link.page,
      auth_type: link.authType,
      authorizer_appid: link.authorizerAppid,
      permission_sets: link.permissionSets,
      return_url: link.returnUrl,
      created_at: link.createdAt.toISOString(),
      expires_at: link.expiresAt.toISOString(),
      revoked_at: link.revokedAt?.toISOString() ?? null,
      used_at: link.usedAt?.toISOString() ?? null,
      openings: link.openings,
      last_opened_at: link.lastOpenedAt?.toISOString() ?? null,
      pre_auth_code_expires_at: link.preAuthCodeExpiresAt?.toISOString() ?? null,
    };
  }
}
