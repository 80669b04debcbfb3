import { LRUCache } from 'lru-cache';
import { maySeeMerchant } from '#libs/access';
import type { AccessTokenView } from '#libs/contract';
import type { LeasedToken } from '#libs/custody';
import { AppError, Secret } from '#libs/kernel';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import type { HubServices } from '../services.ts';
import { authorizerRefFor } from './scoped.ts';

type Input = In<'issueAccessToken'>;

/** Expiry times as text: a token is handed out many times, and formatting is a noticeable part of a hand-out from memory. */
const isos = new LRUCache<number, string>({ max: 20_000 });

/** Hands out a merchant's access token, and counts it for the audit trail, refusals too. */
export async function handOut(hub: HubServices, by: PlatformCaller, { params, body }: Input): Promise<AccessTokenView> {
  const { authorizerTokens: tokens } = hub;
  const appid = params.authorizer_appid;
  const { merchantId, state } = await authorizerRefFor(hub, by, appid);
  const rejected = body.rejected_access_token;
  try {
    const leased =
      rejected === undefined
        ? await tokens.lease(by.platform, appid)
        : await tokens.reportRejected(by.platform, appid, new Secret(rejected));
    note(hub, by, appid, merchantId, 'ok');
    return viewOf(leased);
  } catch (error) {
    const refusal = state === 'reauthorization_required' ? toAuthorizeAgain(error) : error;
    note(hub, by, appid, merchantId, refusal instanceof AppError ? refusal.code : 'internal');
    throw refusal;
  }
}

/** Custody has nothing of an account that WeChat lists without a refresh token; what helps is the same as after a lost one. */
function toAuthorizeAgain(error: unknown): unknown {
  if (!(error instanceof AppError && error.code === 'authorizer_not_authorized')) return error;
  return new AppError('reauthorization_required', 'the merchant has to authorize again', { cause: error });
}

/** The same without a promise, when account and token are in memory; null: ask `handOut`. */
export function handOutAtHand(hub: HubServices, by: PlatformCaller, { params, body }: Input): AccessTokenView | null {
  if (body.rejected_access_token !== undefined) return null;
  const appid = params.authorizer_appid;
  const ref = hub.directory.refAtHand(by.platform, appid);
  if (!ref || !maySeeMerchant(by.principal, ref.merchantId)) return null;
  const leased = hub.authorizerTokens.cached(by.platform, appid);
  if (!leased) return null;
  note(hub, by, appid, ref.merchantId, 'ok');
  return viewOf(leased);
}

function viewOf(leased: LeasedToken): AccessTokenView {
  return {
    access_token: leased.token.reveal(),
    expires_at: isoOf(leased.expiresAt),
    expires_in: leased.expiresInSeconds,
  };
}

function isoOf(moment: Date): string {
  const ms = moment.getTime();
  const known = isos.get(ms);
  if (known !== undefined) return known;
  const iso = moment.toISOString();
  isos.set(ms, iso);
  return iso;
}

function note(hub: HubServices, by: PlatformCaller, appid: string, merchantId: string | null, outcome: string): void {
  hub.audit.count({
    platformId: by.platform.platformId,
    merchantId,
    actor: by.principal.actor,
    action: 'access_token.issued',
    subject: `authorizer:${appid}`,
    outcome,
    address: by.address,
  });
}
