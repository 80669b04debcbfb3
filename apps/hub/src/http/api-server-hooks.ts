import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '#libs/access';
import type { OperationId } from '#libs/contract';
import type { PlatformRef } from '#libs/custody';
import { AppError } from '#libs/kernel';
import { Admission } from './admission/admission.ts';
import { Authenticator, unauthenticated } from './auth/authenticator.ts';
import { LoginCookies } from './auth/login-cookies.ts';
import { assertAllowed, assertOperator, notFound } from './auth/authorize.ts';
import { PlatformResolver } from './auth/platform-resolver.ts';
import { PAGE, type Caller } from './endpoint.ts';
import { registeredRoute, type RegisteredRoute } from './route-registry.ts';
import { checkParams } from './validation.ts';

/** Not limited by address: WeChat pushes for all platforms from few addresses, and is authenticated by its signature. */
const PUSHES: ReadonlySet<OperationId> = new Set(['receiveEvent', 'receiveMessage']);
/** Monitoring is always answered. */
const MONITORING: ReadonlySet<OperationId> = new Set(['live', 'ready', 'metrics']);

/**
 * What is decided before the body of a request is read: authentication, rate limits, scope, and the platform in the path. A
 * Fastify hook and not a Nest guard, because guards run after the body was parsed.
 */
@Injectable()
export class ApiServerHooks {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly platforms: PlatformResolver,
    private readonly admission: Admission,
    private readonly cookies: LoginCookies,
  ) {}

  /** Fastify `onRequest` hook; calls `done` synchronously when everything is known in memory. */
  readonly onRequest = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void => {
    const { endpoint } = request.routeOptions.config;
    if (request.is404 || endpoint === PAGE) return done();
    const registered = registeredRoute(endpoint);
    try {
      // Cannot happen: a route without an endpoint keeps the server from starting (`assertDescribed`).
      if (!registered) throw new AppError('not_found', 'route not found');
      if (registered.route.scope === 'public') return this.admitPublic(registered, request, reply, done);
      const found = this.authenticator.authenticate(request, reply);
      if (!(found instanceof Promise)) return this.admit(registered, found, request, reply, done);
      found.then((principal) => this.admit(registered, principal, request, reply, done)).catch(done);
    } catch (error) {
      if (error instanceof AppError && error.code === 'rate_limited') this.admission.delayRefusal(error, done);
      else done(error as Error);
    }
  };

  /** For requests that were answered with a client error. */
  onRefused(request: FastifyRequest): void {
    const { endpoint } = request.routeOptions.config;
    if (endpoint !== undefined && endpoint !== PAGE && PUSHES.has(endpoint)) {
      this.admission.chargeRefusedPush(request.ip);
    }
    const platformId = request.caller?.principal.platformId;
    if (platformId != null) this.admission.chargeRefusal(platformId);
  }

  private admitPublic(
    { id }: RegisteredRoute,
    request: FastifyRequest,
    reply: FastifyReply,
    done: (error?: Error) => void,
  ): void {
    checkParams(id, request.params);
    if (MONITORING.has(id)) return done();
    if (PUSHES.has(id)) return this.admission.admitPush(request.ip, done);
    const device = id === 'createSession' ? this.cookies.device(request.headers.cookie) : null;
    const budget = id === 'createSession' ? 'logins' : 'credentials';
    const refusal = device
      ? this.admission.takeForDevice(device.id, reply)
      : this.admission.takeForAddress(budget, request.ip, reply);
    if (refusal) this.admission.delayRefusal(refusal, done);
    else done();
  }

  private admit(
    { id, route }: RegisteredRoute,
    principal: Principal | null,
    request: FastifyRequest,
    reply: FastifyReply,
    done: (error?: Error) => void,
  ): void {
    if (!principal) {
      const tooMany = this.admission.takeForAddress('credentials', request.ip, reply);
      if (tooMany) return this.admission.delayRefusal(tooMany, done);
      throw unauthenticated(reply);
    }
    // Set before anything is refused, so that the audit trail can name the caller.
    const caller: Caller = (request.caller = {
      principal,
      platform: null,
      address: request.ip,
      aborted: () => request.raw.socket.destroyed,
      isStillValid: () => this.authenticator.isStillValid(request, reply),
    });
    const refusal = this.admission.takeForCaller(principal, reply);
    if (refusal) return this.admission.delayRefusal(refusal, done);
    assertAllowed(route, principal, request);
    checkParams(id, request.params);
    const { component_appid: componentAppid } = request.params as { component_appid?: string };
    if (componentAppid === undefined) {
      assertOperator(route, principal);
      return this.admission.schedule(principal.platformId, done);
    }
    const found = this.platforms.resolve(principal, componentAppid);
    const admitOn = (platform: PlatformRef | null) => {
      if (platform?.componentAppid !== componentAppid) throw notFound('platform');
      caller.platform = platform;
      // After the platform check: not even this is revealed about a platform of another tenant.
      assertOperator(route, principal);
      this.admission.schedule(principal.platformId, done);
    };
    if (found instanceof Promise) found.then(admitOn).catch(done);
    else admitOn(found);
  }
}
