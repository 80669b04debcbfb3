import { authorizerRoutes } from './authorizer-routes.ts';
import { eventRoutes } from './event-routes.ts';
import { fleetRoutes } from './fleet-routes.ts';
import { machineRoutes } from './machine-routes.ts';
import { platformRoutes } from './platform-routes.ts';
import { relayRoutes } from './relay-routes.ts';
import type { Route } from './route.ts';
import { upkeepRoutes } from './upkeep-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';
import { userRoutes } from './user-routes.ts';

/** All routes by operation id. The hub serves them, the OpenAPI document describes them, and specs iterate over them. */
export const routes = {
  ...platformRoutes,
  ...authorizerRoutes,
  ...fleetRoutes,
  ...machineRoutes,
  ...userRoutes,
  ...upkeepRoutes,
  ...eventRoutes,
  ...webhookRoutes,
  ...relayRoutes,
} as const;

export type OperationId = keyof typeof routes;

/** The same as a list. */
export const routeList: readonly (Route & { id: OperationId })[] = Object.entries(routes).map(([id, spec]) => ({
  ...(spec as unknown as Route),
  id: id as OperationId,
}));
