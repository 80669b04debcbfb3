import type { FastifyRequest } from 'fastify';
import { isCsrfToken, type Principal } from '#libs/access';
import type { Route, Scope } from '#libs/contract';
import { AppError } from '#libs/kernel';

/** @throws AppError forbidden when the scope or the CSRF token is missing */
export function assertAllowed(route: Route, principal: Principal, request: FastifyRequest): void {
  // Browsers send the cookie with cross-site requests too; only our own page can add the header.
  if (principal.session && request.method !== 'GET' && !isCsrfToken(principal, request.headers['x-csrf-token'])) {
    throw new AppError('forbidden', 'send X-CSRF-Token with the csrf_token of GET /v1/me');
  }
  if (route.scope !== 'any' && !principal.scopes.has(route.scope as Scope)) {
    throw new AppError('forbidden', `the API key lacks the scope ${route.scope}`);
  }
}

/** @throws AppError forbidden */
export function assertOperator(route: Route, principal: Principal): void {
  if (route.operatorOnly && principal.kind !== 'operator') {
    throw new AppError('forbidden', 'only an operator key may do this');
  }
}

/** The same answer for what does not exist and for what belongs to another tenant. */
export function notFound(what: string): AppError {
  return new AppError('not_found', `there is no such ${what}`);
}
