import { PATHS } from '#libs/wechat-wire';

import type { Call } from '../call.ts';
import { PRE_AUTH_CODE_LIFETIME_S } from '../codes.ts';
import type { Endpoint } from '../endpoint.ts';
import { assertAllowedAddress } from '../ip-whitelist.ts';
import type { Platform } from '../platform.ts';
import { Refusal } from '../refusal.ts';
import { issueComponentToken, TOKEN_LIFETIME_S } from '../tokens.ts';
import type { World } from '../world.ts';

/** Calls with which a platform gets its own tickets and tokens. */
export const componentEndpoints: readonly Endpoint[] = [
  {
    path: PATHS.startPushTicket,
    method: 'POST',
    token: 'none',
    answer: (call, world) => {
      const platform = platformOfBody(call, world, 40013);
      checkSecret(world, platform, call.text('component_secret', 41004));
      return { errcode: 0, errmsg: world.tickets.start(platform) ? 'ok' : 'in a normal state' };
    },
  },
  {
    path: PATHS.componentToken,
    method: 'POST',
    token: 'none',
    answer: (call, world) => {
      const platform = platformOfBody(call, world, 61011);
      assertAllowedAddress(platform, call.ip);
      checkSecret(world, platform, call.text('component_appsecret', 41004));
      world.tickets.check(platform, call.text('component_verify_ticket', 61006));
      return { component_access_token: issueComponentToken(world, platform), expires_in: TOKEN_LIFETIME_S };
    },
  },
  {
    path: PATHS.createPreauthCode,
    method: 'POST',
    token: 'component',
    answer: (call, world) => {
      assertOwnAppid(call);
      return { pre_auth_code: world.newPreAuthCode(call.platform), expires_in: PRE_AUTH_CODE_LIFETIME_S };
    },
  },
];

/** 41018 without `component_appid` (observed), 40013 when it is not the platform that the token belongs to. */
export function assertOwnAppid(call: Call): void {
  if (call.text('component_appid', 41018) !== call.platform.componentAppid) throw new Refusal(40013);
}

/** The platform named in the body of a call without a token; `unknown` is the code for an appid that is no platform. */
export function platformOfBody(call: Call, world: World, unknown: number): Platform {
  const platform = world.platforms.get(call.text('component_appid', 41018));
  if (platform === undefined) throw new Refusal(unknown);
  return platform;
}

export function checkSecret(world: World, platform: Platform, secret: string): void {
  if (secret !== platform.componentAppsecret) throw new Refusal(world.quirks.wrongSecretCode);
}
