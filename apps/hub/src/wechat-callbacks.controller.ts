import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuthorizationLinks, AuthorizerLifecycle, DOMAIN_PERMISSION_SET } from '#libs/authorizers';
import { RelayRunner, type RelayOutcome } from '#libs/events';
import { type AcceptedPush, PushInbox } from '#libs/inbox';
import { AppError, Database, Log } from '#libs/kernel';
import { ComponentAccounts } from '#libs/custody';
import { notFound } from './http/auth/authorize.ts';
import { Admission } from './http/admission/admission.ts';
import { Endpoint, Input } from './http/endpoint.ts';
import type { In } from './http/endpoint.ts';
import type { HtmlPage } from './http/pages.ts';
import { authorizedPage, deadLinkPage, invitationPage, lacksDomains, pendingPage } from './merchant-pages.ts';

/** What WeChat and a merchant's browser call. No API key: the signature, or the code, is the key. */
@Controller()
export class WechatCallbacksController {
  constructor(
    private readonly log: Log,
    private readonly db: Database,
    private readonly accounts: ComponentAccounts,
    private readonly inbox: PushInbox,
    private readonly links: AuthorizationLinks,
    private readonly lifecycle: AuthorizerLifecycle,
    private readonly relays: RelayRunner,
    private readonly admission: Admission,
  ) {}

  @Endpoint('echoEvents')
  echoEvents(@Input() { params, query }: In<'echoEvents'>, @Res({ passthrough: true }) reply: FastifyReply) {
    reply.type('text/plain; charset=utf-8');
    return this.inbox.echo(params.component_appid, query);
  }

  @Endpoint('echoMessages')
  echoMessages(@Input() { params, query }: In<'echoMessages'>, @Res({ passthrough: true }) reply: FastifyReply) {
    reply.type('text/plain; charset=utf-8');
    return this.inbox.echo(params.component_appid, query);
  }

  @Endpoint('receiveEvent')
  async event(
    @Input() { params, query, body }: In<'receiveEvent'>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string> {
    const { component_appid: componentAppid } = params;
    const accepted = await this.inbox.accept({ componentAppid, query, body, address: request.ip });
    await this.passOn(request, accepted, { componentAppid, source: 'events', body });
    return answer(reply, accepted);
  }

  @Endpoint('receiveMessage')
  async message(
    @Input() { params, query, body }: In<'receiveMessage'>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<string | Buffer | undefined> {
    const { component_appid: componentAppid, authorizer_appid: authorizerAppid } = params;
    const accepted = await this.inbox.accept({ componentAppid, authorizerAppid, query, body, address: request.ip });
    const outcome = await this.passOn(request, accepted, { componentAppid, authorizerAppid, source: 'messages', body });
    if (outcome.kind === 'again') {
      // WeChat asks again when a connection breaks, and joins the call of the backend that is still under way.
      reply.hijack();
      request.raw.socket.destroy();
      return undefined;
    }
    if (outcome.kind !== 'reply') return answer(reply, accepted);
    reply.type(outcome.contentType);
    return outcome.body;
  }

  /** To the backends that want to know or to answer. The publication check and tickets are the hub's own business. */
  private async passOn(
    request: FastifyRequest,
    { message, opened }: AcceptedPush,
    push: { componentAppid: string; authorizerAppid?: string; source: 'messages' | 'events'; body: string },
  ): Promise<RelayOutcome> {
    if (!opened || message.kind === 'component_verify_ticket') return { kind: 'pass' };
    const { url } = request.raw;
    return this.relays.handle({
      ...opened,
      componentAppid: push.componentAppid,
      source: push.source,
      authorizerAppid: push.authorizerAppid ?? accountOf(message),
      rawQuery: url?.includes('?') ? url.slice(url.indexOf('?') + 1) : '',
      rawBody: push.body,
    });
  }

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
      address: this.admission.keyOf(request.ip),
    });
    if (result.outcome === 'refused' || result.outcome === 'not_authorized') {
      throw new AppError('invalid_request', 'WeChat does not accept this authorization', {
        details: { errors: [{ in: 'query', path: 'auth_code', message: 'is not accepted by WeChat' }] },
      });
    }
    this.log.info('authorization.returned', { platformId: platform.platformId, outcome: result.outcome });
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

/** The account that a push names. */
function accountOf(message: AcceptedPush['message']): string | null {
  if ('authorizerAppid' in message) return message.authorizerAppid;
  const named = message.kind === 'unknown' ? message.fields['AuthorizerAppid'] : undefined;
  return typeof named === 'string' ? named : null;
}

function answer(reply: FastifyReply, accepted: AcceptedPush): string {
  if (accepted.reply !== undefined && accepted.reply !== '') {
    reply.type('text/xml; charset=utf-8');
    return accepted.reply;
  }
  reply.type('text/plain; charset=utf-8');
  return accepted.reply ?? 'success';
}
