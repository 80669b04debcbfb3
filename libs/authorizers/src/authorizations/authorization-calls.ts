import { Injectable } from '@nestjs/common';
import { ComponentTokens, type PlatformRef } from '#libs/custody';
import type { Secret } from '#libs/kernel';
import {
  type AuthorizerDetails,
  type AuthorizerGrant,
  type AuthorizerListPage,
  type CallPriority,
  ComponentApi,
  WechatApiError,
  WechatError,
} from '#libs/wechat';
import { ERRCODE, SPENT_CODE_ERRCODES } from '#libs/wechat-wire';

/** The calls of WeChat that this library makes, each with a component token that is valid. */
@Injectable()
export class AuthorizationCalls {
  constructor(
    private readonly api: ComponentApi,
    private readonly tokens: ComponentTokens,
  ) {}

  async createPreAuthCode(platform: PlatformRef): Promise<{ preAuthCode: Secret; expiresInSeconds: number }> {
    const { componentAppid } = platform;
    const reply = await this.tokens.call(platform, (token) =>
      this.api.createPreauthCode({ componentAppid, priority: 'interactive' }, token),
    );
    return { preAuthCode: reply.preAuthCode, expiresInSeconds: reply.expiresIn };
  }

  /** Spends the code. */
  queryAuth(platform: PlatformRef, code: Secret): Promise<AuthorizerGrant> {
    const { componentAppid } = platform;
    return this.tokens.call(platform, (token) =>
      this.api.queryAuth({ componentAppid, priority: 'interactive' }, token, code),
    );
  }

  info(
    platform: PlatformRef,
    authorizerAppid: string,
    priority: CallPriority = 'interactive',
    signal?: AbortSignal,
  ): Promise<AuthorizerDetails> {
    const context = { componentAppid: platform.componentAppid, authorizerAppid, priority, signal };
    return this.tokens.call(platform, (token) => this.api.getAuthorizerInfo(context, token));
  }

  list(
    platform: PlatformRef,
    page: { offset: number; count: number },
    signal?: AbortSignal,
  ): Promise<AuthorizerListPage> {
    const context = { componentAppid: platform.componentAppid, priority: 'background' as const, signal };
    return this.tokens.call(platform, (token) => this.api.getAuthorizerList(context, token, page));
  }
}

/** What WeChat refused with, wherever in the chain of causes it stands; null when WeChat did not refuse. */
export function refusalOf(error: unknown): { errcode: number; errmsg: string; rid: string | null } | null {
  const found = wechatErrorOf(error);
  return found instanceof WechatApiError ? found.wechat : null;
}

export function isNotAuthorized(error: unknown): boolean {
  return refusalOf(error)?.errcode === ERRCODE.notAuthorized;
}

export function isSpentCode(error: unknown): boolean {
  const errcode = refusalOf(error)?.errcode;
  return errcode !== undefined && SPENT_CODE_ERRCODES.has(errcode);
}

/** Whether WeChat may have done what was asked although no readable answer came. */
export function mayHaveTakenEffect(error: unknown): boolean {
  return wechatErrorOf(error)?.mayHaveTakenEffect ?? false;
}

function wechatErrorOf(error: unknown): WechatError | null {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at instanceof WechatError) return at;
  }
  return null;
}
