import type { FleetScope } from '#libs/domain-ledger';
import type { PlatformCaller } from '../http/endpoint.ts';

/** The mini programs that a fleet query of this caller covers. */
export function fleetScopeOf(by: PlatformCaller): FleetScope {
  return { platformId: by.platform.platformId, merchantIds: by.principal.merchantIds };
}
