import { AUTH_CODE_LIFETIME_S, PRE_AUTH_CODE_LIFETIME_S } from './codes.ts';
import { newGrant } from './grants.ts';
import type { Platform } from './platform.ts';
import { pushXml } from './push-texts.ts';
import type { Delivery } from './pusher.ts';
import type { WorldState } from './world-state.ts';

export interface AuthorizeOptions {
  /** What the merchant grants; default the platform's sets. */
  readonly permissionSets?: readonly number[];
  /** The pre-auth code of the link that led here; default one made up. */
  readonly viaPreAuthCode?: string;
  /** Where the page sends the browser afterwards; needed for `redirect()`. */
  readonly redirectUri?: string;
  /** False: the push gets lost on the way. */
  readonly push?: boolean;
}

export interface AuthorizeResult {
  /** The code of the redirect; that of the push too, unless `quirks.distinctCodes` is on. */
  readonly authCode: string;
  readonly pushCode: string;
  /** `redirect_uri` with `auth_code` and `expires_in`; null without a redirect URI. */
  readonly redirectUrl: string | null;
  /** Opens the redirect as the merchant's browser does, without following further. */
  redirect(): Promise<Response>;
  /** Ends when the push was answered; null when there was none. */
  readonly pushed: Promise<Delivery | null>;
}

/** Merchants granting, changing and cancelling. */
export class Authorizations {
  readonly #world: WorldState;

  constructor(world: WorldState) {
    this.#world = world;
  }

  authorize(platform: Platform, appid: string, options: AuthorizeOptions): AuthorizeResult {
    const world = this.#world;
    const { componentAppid } = platform;
    if (world.findAccount(appid) === null) throw new Error(`there is no account ${appid}`);
    const sets = [...new Set(options.permissionSets ?? platform.permissionSets)];
    const now = world.clock.nowSeconds();
    const before = world.grantForChange(componentAppid, appid);
    const isUpdate = before?.authorized === true;
    const isSame = isUpdate && sameSets(before.permissionSets, sets);
    let grant = before;
    if (grant === null || !isUpdate) {
      grant = newGrant(sets, now, before === null ? 0 : before.epoch + 1);
      grant.refreshes = before?.refreshes ?? 0;
      world.grants.put(componentAppid, appid, grant);
    } else {
      grant.permissionSets = sets;
      world.grants.changed(componentAppid);
    }
    const authCode = this.newAuthCode(platform, appid, grant.epoch);
    const pushCode = world.quirks.distinctCodes ? this.newAuthCode(platform, appid, grant.epoch) : authCode;
    world.touch();
    const redirectUrl = options.redirectUri === undefined ? null : withCode(options.redirectUri, authCode);
    const pushed =
      isSame || options.push === false
        ? Promise.resolve(null)
        : this.#push(
            platform,
            appid,
            isUpdate ? 'updateauthorized' : 'authorized',
            now,
            pushCode,
            options.viaPreAuthCode,
          );
    return {
      authCode,
      pushCode,
      redirectUrl,
      pushed,
      redirect: async () => {
        if (redirectUrl === null) throw new Error('authorize() was given no redirectUri');
        return fetch(redirectUrl, { redirect: 'manual' });
      },
    };
  }

  unauthorize(platform: Platform, appid: string, options: { push?: boolean }): { pushed: Promise<Delivery | null> } {
    const world = this.#world;
    const grant = world.grantForChange(platform.componentAppid, appid);
    if (grant === null || !grant.authorized)
      throw new Error(`${appid} is not authorized to ${platform.componentAppid}`);
    grant.authorized = false;
    world.grants.changed(platform.componentAppid);
    world.touch();
    if (options.push === false) return { pushed: Promise.resolve(null) };
    const now = world.clock.nowSeconds();
    return { pushed: this.#push(platform, appid, 'unauthorized', now, null, undefined) };
  }

  async #push(
    platform: Platform,
    appid: string,
    infoType: 'authorized' | 'updateauthorized' | 'unauthorized',
    createTime: number,
    code: string | null,
    preAuthCode: string | undefined,
  ): Promise<Delivery> {
    const world = this.#world;
    return world.pusher.deliver({
      platform,
      infoType,
      authorizerAppid: appid,
      url: platform.eventsUrl,
      receiver: { AppId: platform.componentAppid },
      plaintext: pushXml(
        [
          ['AppId', platform.componentAppid],
          ['CreateTime', createTime],
          ['InfoType', infoType],
          ['AuthorizerAppid', appid],
          ...(code === null
            ? []
            : ([
                ['AuthorizationCode', code],
                // Absolute Unix time, as observed; the page only says "seconds".
                ['AuthorizationCodeExpiredTime', String(createTime + AUTH_CODE_LIFETIME_S)],
                ['PreAuthCode', preAuthCode ?? this.newPreAuthCode(platform)],
              ] as const)),
        ],
        world.quirks.pushText,
      ),
    });
  }

  newAuthCode(platform: Platform, appid: string, epoch: number): string {
    const world = this.#world;
    const now = world.clock.nowSeconds();
    const code = world.mint.code('queryauthcode', appid);
    const { componentAppid } = platform;
    world.codes.addAuthCode(
      { code, componentAppid, appid, epoch, expiresAt: now + AUTH_CODE_LIFETIME_S, used: false },
      now,
    );
    return code;
  }

  newPreAuthCode(platform: Platform): string {
    const world = this.#world;
    const now = world.clock.nowSeconds();
    const code = world.mint.code('preauthcode', platform.componentAppid);
    const { componentAppid } = platform;
    world.codes.addPreAuthCode({ code, componentAppid, expiresAt: now + PRE_AUTH_CODE_LIFETIME_S }, now);
    return code;
  }
}

function sameSets(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id) => b.includes(id));
}

function withCode(redirectUri: string, code: string): string {
  const url = new URL(redirectUri);
  url.searchParams.set('auth_code', code);
  url.searchParams.set('expires_in', String(AUTH_CODE_LIFETIME_S));
  return url.href;
}
