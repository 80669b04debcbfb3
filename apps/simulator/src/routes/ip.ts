import { PATHS } from '#libs/wechat-wire';

import type { Endpoint } from '../endpoint.ts';

/** Addresses of WeChat: the way in (API) and the way out (pushes). No `errcode` on success. */
export const ipEndpoints: readonly Endpoint[] = [
  {
    path: PATHS.getApiDomainIp,
    method: 'GET',
    token: 'either',
    answer: (_call, world) => ({ ip_list: world.ipLists.apiDomain }),
  },
  {
    path: PATHS.getCallbackIp,
    method: 'GET',
    token: 'either',
    answer: (_call, world) => ({ ip_list: world.ipLists.callback }),
  },
];
