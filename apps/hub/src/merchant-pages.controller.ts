import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthorizationLinks, AuthorizerLifecycle, DOMAIN_PERMISSION_SET } from '#libs/authorizers';
import { ComponentAccounts } from '#libs/custody';
import { AppError, Database } from '#libs/kernel';
import { rateLimitKey } from './http/admission/rate-limit-key.ts';
import { notFound } from './http/auth/authorize.ts';
import { Endpoint, Input } from './http/endpoint.ts';
import type { In } from './http/endpoint.ts';
import type { HtmlPage } from './http/pages.ts';
import { authorizedPage, deadLinkPage, invitationPage, lacksDomains, pendingPage } from './merchant-pages.ts';

/** What a merchant's browser opens. No API key: the link, or the code, is the key. */
@Controller()
export class MerchantPagesController {
  constructor(
    private readonly db: Database,
    private readonly accounts: ComponentAccounts,
    private readonly links: AuthorizationLinks,
    private readonly lifecycle: AuthorizerLifecycle,
  ) {}

  /** A merchant opens an authorization link. */
  @Endpoint('openAuthorizationLink')
  async open(
    @Input() { params }: In<'openAuthorizationLink'>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const platform = await this.accounts.ref(params.component_appid);
    const opening = platform ? await this.links.open(platform, params.id) : ({ outcome: 'not_found' } as const);
    if (opening.outcome !== 'open') {
      reply.code(opening.outcome === 'not_found' ? 404 : 410);
      return html(reply, deadLinkPage(opening.outcome));
    }
    const platformName = await this.nameOf(params.component_appid);
    return html(reply, invitationPage(opening, { platformName, userAgent: request.headers['user-agent'] ?? '' }));
  }

  /** The merchant comes back from the authorization page. */
  @Endpoint('finishAuthorization')
  async finish(
    @Input() { params, query }: In<'finishAuthorization'>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | undefined> {
    const platform = await this.accounts.ref(params.component_appid);
    if (!platform) throw notFound('platform');
    const result = await this.lifecycle.redirect(platform, {
      authCode: query.auth_code,
      state: query.state,
      address: rateLimitKey(request.ip),
    });
    if (result.outcome === 'refused' || result.outcome === 'not_authorized') {
      throw new AppError('invalid_request', 'WeChat does not accept this authorization', {
        details: { errors: [{ in: 'query', path: 'auth_code', message: 'is not accepted by WeChat' }] },
      });
    }
    if ((request.headers.accept ?? '').includes('json') && result.returnUrl === null) {
      reply.type('application/json');
      return JSON.stringify({ outcome: result.outcome });
    }
    if (result.outcome === 'pending') return html(reply, pendingPage());
    const link = query.state === undefined ? null : await this.links.find(this.db, platform.platformId, query.state);
    const account =
      result.authorizerAppid === null ? null : await this.lifecycle.describe(platform, result.authorizerAppid);
    const isForDomains = !link?.permissionSets || link.permissionSets.includes(DOMAIN_PERMISSION_SET);
    const isComplete = account === null || !lacksDomains(account, isForDomains);
    if (result.returnUrl !== null && isComplete) {
      // No secret travels in it; where it leads was checked when the link was made.
      await reply.redirect(result.returnUrl, 302);
      return undefined;
    }
    const canComeAgain = link !== null && (link.state === 'open' || link.state === 'used');
    return html(
      reply,
      authorizedPage(account, {
        platformName: await this.nameOf(params.component_appid),
        isForDomains,
        again: canComeAgain ? this.links.urlOf(platform, link.linkId) : null,
        onward: result.returnUrl,
      }),
    );
  }

  private async nameOf(componentAppid: string): Promise<string> {
    return (await this.accounts.get(this.db, componentAppid))?.name ?? componentAppid;
  }
}

function html(reply: FastifyReply, page: HtmlPage): string {
  reply.type('text/html; charset=utf-8').headers(page.headers);
  return page.html;
}
