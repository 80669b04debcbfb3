import type { Endpoint } from '../endpoint.ts';
import { authorizerEndpoints } from './authorizer.ts';
import { componentEndpoints } from './component.ts';
import { domainEndpoints } from './domain.ts';
import { ipEndpoints } from './ip.ts';
import { messageEndpoints } from './message.ts';
import { platformDomainEndpoints } from './platform-domain.ts';
import { quotaEndpoints } from './quota.ts';

const business: readonly Endpoint[] = [
  ...componentEndpoints,
  ...authorizerEndpoints,
  ...domainEndpoints,
  ...platformDomainEndpoints,
  ...ipEndpoints,
  ...messageEndpoints,
];

/** Every call of WeChat's API that is imitated, by path. */
export const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map(
  [...business, ...quotaEndpoints(new Set(business.map(({ path }) => path)))].map((endpoint) => [
    endpoint.path,
    endpoint,
  ]),
);
