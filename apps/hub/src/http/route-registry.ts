import { routes, type OperationId, type Route } from '#libs/contract';
import { PAGE } from './endpoint.ts';

/** A route of the contract with its operation id. */
export interface RegisteredRoute {
  id: OperationId;
  route: Route;
}

const byOperation = new Map<string, RegisteredRoute>(
  Object.entries(routes).map(([id, route]) => [id, { id: id as OperationId, route }]),
);

/** The route of an operation; undefined for pages and for paths that no route has. */
export function registeredRoute(endpoint: OperationId | typeof PAGE | undefined): RegisteredRoute | undefined {
  return endpoint === undefined ? undefined : byOperation.get(endpoint);
}

export function routeOf(endpoint: OperationId | typeof PAGE | undefined): Route | undefined {
  return registeredRoute(endpoint)?.route;
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
    throw new Error(`${String(route.method)} ${route.url} has no @Endpoint, so no access rule applies to it`);
  }
}
