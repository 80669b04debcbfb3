import type { FastifyReply, FastifyRequest } from 'fastify';
import { maySeeMerchant, type ApiKeys, type Principal } from '#libs/access';
import { routes, type OperationId, type Route } from '#libs/contract';
import type { ComponentAccounts } from '#libs/custody';
import { AppError } from '#libs/kernel';
import { PAGE } from './endpoint.ts';
import { checkParams } from './validation.ts';

const BEARER = /^Bearer +([\x21-\x7e]+) *$/i;

/**
 * Everything that is decided before a byte of the body is read: who calls, whether the scope suffices, and whether the
 * platform in the path is theirs. It is a Fastify hook and not a guard, because guards run after the body was parsed.
 */
export class Door {
  constructor(
    private readonly keys: ApiKeys,
    private readonly accounts: ComponentAccounts,
  ) {}

  /** Fastify `onRequest` hook. */
  readonly check = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { endpoint } = request.routeOptions.config;
    if (request.is404 || endpoint === PAGE) return;
    // Cannot happen: a route without an endpoint keeps the server from starting (`assertDescribed`).
    if (endpoint === undefined) throw new AppError('not_found', 'there is nothing here');
    const route = routes[endpoint] as unknown as Route;
    if (route.scope === 'public') {
      checkParams(endpoint, request.params);
      return;
    }
    const principal = await this.authenticate(request, reply);
    if (!principal.scopes.has(route.scope)) {
      throw new AppError('forbidden', `the API key lacks the scope ${route.scope}`);
    }
    if (route.operatorOnly && principal.kind !== 'operator') {
      throw new AppError('forbidden', 'only an operator key may do this');
    }
    checkParams(endpoint, request.params);
    const { component_appid: componentAppid } = request.params as { component_appid?: string };
    let platform = null;
    if (componentAppid !== undefined) {
      platform = await this.accounts.ref(componentAppid);
      if (!platform || (principal.platformId !== null && principal.platformId !== platform.platformId)) {
        throw notFound('platform');
      }
    }
    request.caller = { principal, platform, address: request.ip };
  };

  private async authenticate(request: FastifyRequest, reply: FastifyReply): Promise<Principal> {
    const key = BEARER.exec(request.headers.authorization ?? '')?.[1];
    const found = key === undefined ? null : this.keys.authenticate(key);
    const principal = found instanceof Promise ? await found : found;
    if (principal) return principal;
    reply.header('WWW-Authenticate', 'Bearer realm="wxfleet"');
    throw new AppError(
      'unauthenticated',
      key === undefined ? 'send Authorization: Bearer <api key>' : 'no such API key',
    );
  }
}

/** The same answer for what does not exist and for what is somebody else's. */
export function notFound(what: string): AppError {
  return new AppError('not_found', `there is no such ${what}`);
}

/** @throws AppError not_found when the merchant is outside the limits of the key */
export function assertMerchant(principal: Principal, merchantId: string | null, what: string): void {
  if (!maySeeMerchant(principal, merchantId)) throw notFound(what);
}

/** Fastify `onRoute` hook: default deny. A route that names no operation keeps the server from starting. */
export function assertDescribed(route: {
  url: string;
  method: string | string[];
  config?: { endpoint?: unknown };
}): void {
  const endpoint = route.config?.endpoint;
  if (endpoint === PAGE) return;
  if (typeof endpoint !== 'string' || !Object.hasOwn(routes, endpoint)) {
    throw new Error(`${String(route.method)} ${route.url} has no @Endpoint: nobody decided who may call it`);
  }
}

export function routeOf(endpoint: OperationId | typeof PAGE | undefined): Route | undefined {
  return endpoint === undefined || endpoint === PAGE ? undefined : routes[endpoint];
}
