import { PATHS } from '#libs/wechat-wire';

import type { Call } from '../call.ts';
import type { Answer, Endpoint } from '../endpoint.ts';
import { spendMonthlyEdit } from '../monthly-edits.ts';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';

/** Hosts one platform may list (WeChat page "modifyThirdpartyServerDomain"). */
const MAX_HOSTS = 1_000;

/** The platform's own list of server domains. */
export const platformDomainEndpoints: readonly Endpoint[] = [
  { path: PATHS.modifyWxaServerDomain, method: 'POST', token: 'component', answer: modifyServerDomain },
];

function modifyServerDomain(call: Call, world: World): Answer {
  const { platform } = call;
  const { action, wxa_server_domain: given = '', is_modify_published_together: together = false } = call.json();
  if (action !== 'add' && action !== 'delete' && action !== 'set' && action !== 'get') throw new Refusal(85022);
  if (typeof given !== 'string' || typeof together !== 'boolean') throw new Refusal(47001);
  const lists = platform.serverDomains ?? { testing: [], published: [] };
  if (action === 'get') return answer(world, lists, []);
  const hosts = given.split(';').filter((host) => host !== '');
  const valid = hosts.filter(
    (host) => /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?$/i.test(host) && !/^[\d.:]+$/.test(host),
  );
  const invalid = hosts.filter((host) => !valid.includes(host));
  const change = (old: string[]): string[] => {
    if (action === 'set') return [...new Set(valid)];
    if (action === 'add') return [...new Set([...old, ...valid])];
    return old.filter((host) => !hosts.includes(host));
  };
  const next = { testing: change(lists.testing), published: together ? change(lists.published) : lists.published };
  if (next.testing.length > MAX_HOSTS) throw new Refusal(85016);
  spendMonthlyEdit(platform.domainEdits, world.clock.nowMs(), 45104);
  platform.serverDomains = next;
  world.touch();
  return answer(world, next, invalid);
}

function answer(world: World, lists: { testing: string[]; published: string[] }, invalid: string[]): Answer {
  const joined = (hosts: string[]): string =>
    hosts.map((host) => (world.quirks.schemesInPlatformList ? `https://${host}` : host)).join(';');
  return {
    errcode: 0,
    errmsg: 'ok',
    published_wxa_server_domain: joined(lists.published),
    testing_wxa_server_domain: joined(lists.testing),
    ...(invalid.length === 0 ? {} : { invalid_wxa_server_domain: invalid.join(';') }),
  };
}
