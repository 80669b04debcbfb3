import { AppError, type Log, type Secret } from '#libs/kernel';
import { WechatApiError, type ComponentApi } from '#libs/wechat';
import type { CallQuota } from './call-quota.ts';

/**
 * The operator's way out of a used-up quota, which needs no token (WeChat page "clearComponentQuotaByAppSecret"). WeChat
 * grants ten resets per account and month in all; whoever calls this asks a person first.
 */
export class QuotaReset {
  constructor(
    private readonly api: Pick<ComponentApi, 'clearComponentQuotaV2'>,
    private readonly quota: CallQuota,
    private readonly log: Log,
  ) {}

  /**
   * Resets the platform's own quota, or that of one merchant, and ends the parks that hang on it.
   * @returns how many paths were waiting
   * @throws AppError upstream_quota_exhausted when the month's resets are used up (48006), platform_misconfigured, upstream_failed
   */
  async clearComponentQuota(
    platform: { platformId: number; componentAppid: string },
    appsecret: Secret,
    authorizerAppid?: string,
  ): Promise<{ lifted: number }> {
    const { componentAppid, platformId } = platform;
    try {
      await this.api.clearComponentQuotaV2(
        { componentAppid, priority: 'interactive', ...(authorizerAppid === undefined ? {} : { authorizerAppid }) },
        { appsecret },
      );
    } catch (error) {
      if (!(error instanceof WechatApiError)) throw error;
      const code =
        error.reaction === 'quota_month'
          ? 'upstream_quota_exhausted'
          : error.reaction === 'config'
            ? 'platform_misconfigured'
            : 'upstream_failed';
      throw new AppError(code, `WeChat refused to reset the quota: ${error.errcode}`, {
        details: { wechat: error.wechat },
        cause: error,
      });
    }
    const lifted = await this.quota.lifted(platformId, authorizerAppid ?? null);
    this.log.warn('quota.cleared', { componentAppid, authorizerAppid, lifted });
    return { lifted };
  }
}
