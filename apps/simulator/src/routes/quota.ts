import { PATHS } from '#libs/wechat-wire';

import type { Call } from '../call.ts';
import type { Endpoint } from '../endpoint.ts';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';
import { checkSecret, platformOfBody } from './component.ts';

/** Quota and diagnosis. `knownPaths` are the paths that `quota/get` finds. */
export function quotaEndpoints(knownPaths: ReadonlySet<string>): readonly Endpoint[] {
  return [
    {
      path: PATHS.quotaGet,
      method: 'POST',
      token: 'either',
      answer: (call, world) => {
        const path = call.text('cgi_path', 76021);
        if (!path.startsWith('/')) throw new Refusal(76003);
        if (path.startsWith('/sns/')) throw new Refusal(76022);
        if (!knownPaths.has(path)) throw new Refusal(76021);
        return world.quotas.report(path, subjectOf(call), world.clock.nowMs());
      },
    },
    {
      path: PATHS.clearQuota,
      method: 'POST',
      token: 'either',
      answer: (call, world) => {
        const appid = call.text('appid', 41002);
        if (appid !== subjectOf(call)) throw new Refusal(40013);
        return cleared(world, appid);
      },
    },
    {
      path: PATHS.clearComponentQuotaV2,
      method: 'POST',
      token: 'none',
      answer: (call, world) => {
        const platform = platformOfBody(call, world, 40013);
        checkSecret(world, platform, call.text('appsecret', 41004));
        const appid = call.json()['appid'];
        if (appid === undefined) return cleared(world, platform.componentAppid);
        if (typeof appid !== 'string') throw new Refusal(47001);
        if (world.grantOf(platform.componentAppid, appid)?.authorized !== true) throw new Refusal(43007);
        return cleared(world, appid);
      },
    },
    {
      path: PATHS.ridGet,
      method: 'POST',
      token: 'either',
      answer: (call, world) => {
        const rid = call.text('rid', 76002);
        if (!/^[0-9a-f]{8}-[0-9a-f]{8}-[0-9a-f]{8}$/.test(rid)) throw new Refusal(76002);
        const found = world.failures.get(rid);
        if (found === undefined) throw new Refusal(76001);
        if (found.componentAppid !== call.platform.componentAppid) throw new Refusal(76003);
        return { errcode: 0, errmsg: 'ok', request: found.request };
      },
    },
  ];
}

/** Whose quota a call spends: the merchant's for its own token, else the platform's. */
function subjectOf(call: Call): string {
  return call.principal?.kind === 'authorizer' ? call.principal.appid : call.platform.componentAppid;
}

function cleared(world: World, appid: string): { errcode: 0; errmsg: string } {
  world.quotas.clear(appid, world.clock.nowMs());
  return { errcode: 0, errmsg: 'ok' };
}
