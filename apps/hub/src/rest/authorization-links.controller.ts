import { Controller, Inject } from '@nestjs/common';
import { maySeeMerchant } from '#libs/access';
import type { AuthorizationLinkView } from '#libs/contract';
import { AppError } from '#libs/kernel';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { HUB } from '../services.ts';
import type { HubServices } from '../services.ts';
import { eachOnPlatform, eventOf, onPlatform } from './scoped.ts';

@Controller()
export class AuthorizationLinksController {
  constructor(@Inject(HUB) private readonly hub: HubServices) {}

  @Endpoint('createAuthorizationLink')
  async create(
    @Input() { body }: In<'createAuthorizationLink'>,
    @By() by: PlatformCaller,
  ): Promise<AuthorizationLinkView> {
    // The same answer as for a merchant that does not exist.
    if (!maySeeMerchant(by.principal, body.merchant_id)) {
      throw AppError.invalid('merchant_id', 'is not a merchant of this platform');
    }
    const link = await this.hub.links.create(eachOnPlatform(this.hub, by), by.platform, {
      merchantId: body.merchant_id,
      page: body.page,
      authType: body.auth_type,
      authorizerAppid: body.authorizer_appid,
      permissionSets: body.permission_sets,
      returnUrl: body.return_url,
    });
    const event = eventOf(
      by,
      'authorization_link.created',
      `merchant:${body.merchant_id}`,
      { page: body.page },
      body.merchant_id,
    );
    // Before the link is told to anybody: one that could not be recorded is of no use to its maker.
    await onPlatform(this.hub, by, (sql) => this.hub.audit.record(sql, event));
    return { url: link.url, pre_auth_code_expires_at: link.preAuthCodeExpiresAt.toISOString() };
  }
}
