import { Controller, Inject } from '@nestjs/common';
import type { AccessTokenView } from '#libs/contract';
import { AppError, Secret } from '#libs/kernel';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { HUB } from '../services.ts';
import type { HubServices } from '../services.ts';
import { authorizerRefFor } from './scoped.ts';

const MAX_ISOS = 20_000;

/** The hot path: key, account and token come from memory, the audit trail is counted there. */
@Controller()
export class AccessTokensController {
  private readonly isos = new Map<number, string>();

  constructor(@Inject(HUB) private readonly hub: HubServices) {}

  @Endpoint('issueAccessToken')
  async issue(@Input() { params, body }: In<'issueAccessToken'>, @By() by: PlatformCaller): Promise<AccessTokenView> {
    const { authorizerTokens: tokens } = this.hub;
    const appid = params.authorizer_appid;
    const { merchantId } = await authorizerRefFor(this.hub, by, appid);
    const rejected = body.rejected_access_token;
    try {
      const leased =
        rejected === undefined
          ? await tokens.lease(by.platform, appid)
          : await tokens.reportRejected(by.platform, appid, new Secret(rejected));
      this.note(by, appid, merchantId, 'ok');
      return {
        access_token: leased.token.reveal(),
        expires_at: this.isoOf(leased.expiresAt),
        expires_in: leased.expiresInSeconds,
      };
    } catch (error) {
      this.note(by, appid, merchantId, error instanceof AppError ? error.code : 'internal');
      throw error;
    }
  }

  /** One token is handed out many times; formatting its expiry each time would be a noticeable part of the work. */
  private isoOf(moment: Date): string {
    const ms = moment.getTime();
    const known = this.isos.get(ms);
    if (known !== undefined) return known;
    if (this.isos.size >= MAX_ISOS) this.isos.clear();
    const iso = moment.toISOString();
    this.isos.set(ms, iso);
    return iso;
  }

  private note(by: PlatformCaller, appid: string, merchantId: string | null, outcome: string): void {
    this.hub.audit.count({
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
