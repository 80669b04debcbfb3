import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { LoginThrottled, type Principal, Sessions } from '#libs/access';
import type { MeView } from '#libs/contract';
import { AppError, Secret } from '#libs/kernel';
import { ComponentAccounts } from '#libs/custody';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { Caller, In } from '../http/endpoint.ts';
import { rateLimitKey } from '../http/admission/rate-limit-key.ts';
import { LoginCookies } from '../http/auth/login-cookies.ts';

/** Logging in and out, and who is asking. */
@Controller()
export class SessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly accounts: ComponentAccounts,
    private readonly cookies: LoginCookies,
  ) {}

  @Endpoint('createSession')
  async open(
    @Input() { body }: In<'createSession'>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MeView> {
    // Another site must not log somebody in as somebody else.
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') {
      throw new AppError('forbidden', "login requests must originate from this hub's own page");
    }
    const device = this.cookies.device(request.headers.cookie);
    const opened = await this.sessions
      .open(body.username, new Secret(body.password), {
        address: request.ip,
        limitedBy: rateLimitKey(request.ip),
        device,
      })
      .catch((error: unknown) => {
        if (error instanceof LoginThrottled) describe(reply, error);
        throw error;
      });
    reply.header('Set-Cookie', this.cookies.opened(opened.token.reveal(), body.username, device));
    return this.view(opened.principal);
  }

  @Endpoint('deleteSession')
  async close(
    @By() by: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const token = by.principal.session && this.cookies.session(request.headers.cookie);
    if (token === undefined || !(await this.sessions.close(token, by.principal, by.address))) {
      throw notFound('session');
    }
    reply.header('Set-Cookie', this.cookies.closed());
  }

  @Endpoint('getMe')
  me(@By() by: Caller): Promise<MeView> {
    return this.view(by.principal);
  }

  private async view(principal: Principal): Promise<MeView> {
    const platform = principal.platformId === null ? null : await this.accounts.refOf(principal.platformId);
    return {
      kind: principal.session ? 'user' : 'api_key',
      name: principal.actor,
      role: principal.session?.role ?? null,
      component_appid: platform?.componentAppid ?? null,
      scopes: [...principal.scopes],
      merchant_ids: principal.merchantIds === null ? null : [...principal.merchantIds],
      csrf_token: principal.session?.csrfToken ?? null,
    };
  }
}

/** Same headers as those of API keys (`Admission`). Failures are forgotten after a day. */
function describe(reply: FastifyReply, { kind, free, retryAfterSeconds }: LoginThrottled): void {
  reply
    .header('RateLimit-Policy', `"login-${kind}";q=${free};w=86400`)
    .header('RateLimit', `"login-${kind}";r=0;t=${retryAfterSeconds}`);
}
