import { isIP } from 'node:net';
import { PATHS } from '#libs/wechat-wire';

import type { Call } from '../call.ts';
import type { Answer, Endpoint } from '../endpoint.ts';
import { Refusal } from '../refusal.ts';

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
  { path: PATHS.callbackCheck, method: 'POST', token: 'either', answer: checkCallback },
];

/** WeChat page "callback/check": resolves and pings the host of the callback URL. */
function checkCallback(call: Call): Answer {
  const { action, check_operator: operator = 'DEFAULT' } = call.json();
  if (action !== 'dns' && action !== 'ping' && action !== 'all') throw new Refusal(40202);
  if (!['CHINANET', 'UNICOM', 'CAP', 'DEFAULT'].includes(operator as string)) throw new Refusal(40203);
  const host = new URL(call.platform.eventsUrl).hostname.replace(/^\[|\]$/g, '');
  const ip = isIP(host) ? host : '127.0.0.1';
  const from = operator === 'DEFAULT' ? 'UNICOM' : operator;
  return {
    ...(action === 'ping' ? {} : { dns: [{ ip, real_operator: from }] }),
    ...(action === 'dns' ? {} : { ping: [{ ip, from_operator: from, package_loss: '0%', time: '20.536ms' }] }),
  };
}
