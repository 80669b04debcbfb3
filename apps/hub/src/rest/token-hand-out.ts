import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AuditTrail, maySeeMerchant } from '#libs/access';
import { AuthorizerDirectory } from '#libs/authorizers';
import type { AccessTokenView } from '#libs/contract';
import { AuthorizerTokens, type LeasedToken } from '#libs/custody';
import { AppError, Secret } from '#libs/kernel';
import { notFound } from '../http/auth/authorize.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';

type Input = In<'issueAccessToken'>;

/** Expiry times as text: a token is handed out many times, and formatting is a noticeable part of a hand-out from memory. */
const isos = new LRUCache<number, string>({ max: 20_000 });

/** Hands out a merchant's access token, and counts it for the audit log, refusals too. */
@Injectable()
export class TokenHandOut {
  constructor(
    private readonly tokens: AuthorizerTokens,
    private readonly directory: AuthorizerDirectory,
    private readonly audit: AuditTrail,
  ) {}

  async issue(by: PlatformCaller, { params, body }: Input): Promise<AccessTokenView> {
    const appid = params.authorizer_appid;
    const ref = await this.directory.ref(by.platform, appid, by.principal.merchantIds);
    if (!ref) throw notFound('authorizer');
    const { merchantId, state } = ref;
    const rejected = body.rejected_access_token;
    try {
      const leased =
        rejected === undefined
          ? await this.tokens.lease(by.platform, appid)
          : await this.tokens.reportRejected(by.platform, appid, new Secret(rejected));
      this.count(by, appid, merchantId, 'ok');
      return viewOf(leased);
    } catch (error) {
      const refusal = state === 'reauthorization_required' ? reauthorizationRequired(error) : error;
      this.count(by, appid, merchantId, refusal instanceof AppError ? refusal.code : 'internal');
      throw refusal;
    }
  }

  /** The same without a promise, when account and token are in memory; null: use `issue` (decision 0012). */
  fromMemory(by: PlatformCaller, { params, body }: Input): AccessTokenView | null {
    if (body.rejected_access_token !== undefined) return null;
    const appid = params.authorizer_appid;
    const ref = this.directory.refAtHand(by.platform, appid);
    if (!ref || !maySeeMerchant(by.principal, ref.merchantId)) return null;
    const leased = this.tokens.cached(by.platform, appid);
    if (!leased) return null;
    this.count(by, appid, ref.merchantId, 'ok');
    return viewOf(leased);
  }

  private count(by: PlatformCaller, appid: string, merchantId: string | null, outcome: string): void {
    this.audit.count({
      platformId: by.platform.platformId,
      merchantId,
      actor: by.principal.actor,
      action: 'access_token.issued',
      subject: `authorizer:${appid}`,
      outcome,
      address: by.address,
    });
  }
}

/** Custody has nothing of an account that WeChat lists without a refresh token; the remedy is the same as for a lost one. */
function reauthorizationRequired(error: unknown): unknown {
  if (!(error instanceof AppError && error.code === 'authorizer_not_authorized')) return error;
  return new AppError('reauthorization_required', 'the merchant has to authorize again', { cause: error });
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
