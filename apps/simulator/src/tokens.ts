import type { Call, Principal } from './call.ts';
import type { Grant } from './grants.ts';
import type { Platform } from './platform.ts';
import { Refusal } from './refusal.ts';
import type { WorldState } from './world-state.ts';

/** Simulated seconds an access token lives (WeChat pages "component_token" and "authorizer_token"). */
export const TOKEN_LIFETIME_S = 7_200;
/** Simulated seconds a superseded access token, or a rotated refresh token, keeps working (WeChat page "AccessToken"; for component and authorizer tokens observed). */
export const SUPERSEDED_GRACE_S = 300;

/** A new component token; the one before it keeps working for five minutes. */
export function issueComponentToken(world: WorldState, platform: Platform): string {
  platform.tokenSerial += 1;
  platform.tokenIssuedAt = world.clock.nowSeconds();
  platform.tokenRequests += 1;
  world.touch();
  return world.mint.access({
    kind: 'component',
    componentAppid: platform.componentAppid,
    authorizerAppid: '',
    issuedAt: platform.tokenIssuedAt,
    serial: platform.tokenSerial,
    epoch: 0,
  });
}

/** A new authorizer token; the one before it keeps working for five minutes. */
export function issueAuthorizerToken(world: WorldState, platform: Platform, appid: string, grant: Grant): string {
  grant.serial += 1;
  grant.issuedAt = world.clock.nowSeconds();
  world.touch();
  return world.mint.access({
    kind: 'authorizer',
    componentAppid: platform.componentAppid,
    authorizerAppid: appid,
    issuedAt: grant.issuedAt,
    serial: grant.serial,
    epoch: grant.epoch,
  });
}

/** The refresh token that is current for a grant. */
export function refreshTokenOf(world: WorldState, platform: Platform, appid: string, grant: Grant): string {
  return world.mint.refresh(platform.componentAppid, appid, grant.epoch, grant.rotation);
}

/** Whether `given` is the current refresh token, or the one rotated away less than five minutes ago. */
export function isRefreshToken(
  world: WorldState,
  platform: Platform,
  appid: string,
  grant: Grant,
  given: string,
): boolean {
  if (!grant.exchanged) return false;
  if (given === refreshTokenOf(world, platform, appid, grant)) return true;
  if (grant.rotation === 0 || world.clock.nowSeconds() >= grant.rotatedAt + SUPERSEDED_GRACE_S) return false;
  return given === world.mint.refresh(platform.componentAppid, appid, grant.epoch, grant.rotation - 1);
}

/**
 * Who the token of a call speaks for, or the refusal WeChat has for it: 41001 none, 40014 not a token, 40001 superseded or
 * revoked, 42001 expired, 61014 and 61015 the wrong kind.
 */
export function principalOf(world: WorldState, call: Call, kind: 'component' | 'authorizer' | 'either'): Principal {
  const token = call.accessToken;
  if (token === '') throw new Refusal(41001);
  const claims = world.mint.readAccess(token);
  call.claims = claims;
  if (claims === null) throw new Refusal(40014);
  const platform = world.platforms.get(claims.componentAppid);
  if (platform === undefined) throw new Refusal(40001);
  if (kind !== 'either' && kind !== claims.kind) throw new Refusal(kind === 'component' ? 61014 : 61015);
  const now = world.clock.nowSeconds();
  if (claims.kind === 'component') {
    if (claims.serial > platform.tokenSerial && claims.issuedAt >= platform.tokenIssuedAt) {
      // A good signature from before a restart without saved state: what the token says about itself is believed.
      platform.tokenSerial = claims.serial;
      platform.tokenIssuedAt = claims.issuedAt;
    }
    if (now >= claims.issuedAt + TOKEN_LIFETIME_S) throw new Refusal(world.quirks.expiredComponentTokenCode);
    if (isSuperseded(claims.serial, platform.tokenSerial, platform.tokenIssuedAt, now)) throw new Refusal(40001);
    return { kind: 'component', platform };
  }
  const grant = world.grantOf(platform.componentAppid, claims.authorizerAppid);
  if (grant === null || !grant.authorized || grant.epoch !== claims.epoch) {
    const code = world.quirks.revokedTokenCode;
    if (code !== null || grant === null || grant.epoch !== claims.epoch) throw new Refusal(code ?? 40001);
  }
  if (now >= claims.issuedAt + TOKEN_LIFETIME_S) throw new Refusal(42001);
  if (claims.serial > grant.serial && claims.issuedAt >= grant.issuedAt) {
    grant.serial = claims.serial;
    grant.issuedAt = claims.issuedAt;
  }
  if (isSuperseded(claims.serial, grant.serial, grant.issuedAt, now)) throw new Refusal(40001);
  return { kind: 'authorizer', platform, appid: claims.authorizerAppid, grant };
}

/** Only the token directly before the current one is in its five minutes; what came earlier is dead. */
function isSuperseded(serial: number, current: number, currentIssuedAt: number, now: number): boolean {
  if (serial === current) return false;
  // A higher serial here was issued before a restart and has been followed by a newer token since.
  return serial < current - 1 || now >= currentIssuedAt + SUPERSEDED_GRACE_S;
}
