import { Injectable } from '@nestjs/common';
import { Database, Log, type Secret } from '#libs/kernel';
import { ComponentApi, WechatApiError } from '#libs/wechat';
import { restartBudgets } from './budgets.ts';
import { CallQuota } from './call-quota.ts';

/** `limit_reached`: WeChat's ten resets of the month are used (48006). `refused`: any other answer. */
export type QuotaResetOutcome =
  | { outcome: 'cleared'; lifted: number }
  | { outcome: 'limit_reached' | 'refused'; wechat: { errcode: number; errmsg: string; rid: string | null } };

/**
 * The operator's way out of a used-up quota, which needs no token (page "clearComponentQuotaByAppSecret"). WeChat grants ten
 * resets per account and month over all ways, so it is called only when a person asked for it.
 */
@Injectable()
export class QuotaReset {
  constructor(
    private readonly db: Database,
    private readonly log: Log,
    private readonly api: ComponentApi,
    private readonly quota: CallQuota,
  ) {}

  /**
   * Resets the platform's own quota, or that of one merchant, and ends the parks that stand for it in every process.
   * @throws WechatError when no answer came; the reset may have happened then
   */
  async clearComponentQuota(
    platform: { platformId: number; componentAppid: string },
    appsecret: Secret,
    authorizerAppid?: string,
  ): Promise<QuotaResetOutcome> {
    const { db, log, api, quota } = this;
    const { componentAppid, platformId } = platform;
    try {
      await api.clearComponentQuotaV2(
        { componentAppid, priority: 'interactive', ...(authorizerAppid === undefined ? {} : { authorizerAppid }) },
        { appsecret },
      );
    } catch (error) {
      if (!(error instanceof WechatApiError)) throw error;
      log.warn('quota.not_cleared', { componentAppid, authorizerAppid, error });
      return { outcome: error.reaction === 'quota_month' ? 'limit_reached' : 'refused', wechat: error.wechat };
    }
    if (authorizerAppid === undefined) {
      // What was called before the reset belongs before it; of other processes all but the latest second is written.
      await quota.flush();
      await restartBudgets(db, platformId, quota.today().day);
    }
    const lifted = await quota.lifted(platformId, authorizerAppid ?? '');
    log.info('quota.cleared', { componentAppid, authorizerAppid, lifted });
    return { outcome: 'cleared', lifted };
  }
}
