import { Controller, Inject } from '@nestjs/common';
import type { QuotaView } from '#libs/contract';
import { AppError, type Secret } from '#libs/kernel';
import { merchantCalls, quotaView, setBudget } from '#libs/quota';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { HUB } from '../services.ts';
import type { HubServices } from '../services.ts';
import { assertWholePlatform, authorizerFor, eventOf, onPlatform, readOnPlatform } from './scoped.ts';

/** WeChat's own words for a reset that is not granted any more this month. */
const NO_MORE_RESETS = 48006;

@Controller()
export class QuotaController {
  constructor(@Inject(HUB) private readonly hub: HubServices) {}

  @Endpoint('getQuota')
  view(@By() by: PlatformCaller): Promise<QuotaView> {
    assertWholePlatform(by);
    return readOnPlatform(this.hub, by, (sql) => quotaView(sql, by.platform.platformId, this.hub.quota.today()));
  }

  @Endpoint('setQuotaBudget')
  setBudget(@Input() { body }: In<'setQuotaBudget'>, @By() by: PlatformCaller) {
    assertWholePlatform(by);
    const { platformId } = by.platform;
    const { path, per_day: perDay, reserve } = body;
    return onPlatform(this.hub, by, async (sql) => {
      await setBudget(sql, platformId, path, perDay === null ? null : { perDay, reserve });
      const event =
        perDay === null
          ? eventOf(by, 'quota_budget.removed', `path:${path}`)
          : eventOf(by, 'quota_budget.set', `path:${path}`, { per_day: perDay, reserve });
      await this.hub.audit.record(sql, event);
      return { items: (await quotaView(sql, platformId, this.hub.quota.today())).budgets };
    });
  }

  /** The counts of all merchants lie in one row, so that a key that is limited to some cannot be given its own. */
  @Endpoint('getMerchantCalls')
  calls(@Input() { params, query }: In<'getMerchantCalls'>, @By() by: PlatformCaller) {
    return readOnPlatform(this.hub, by, async (sql) => {
      await authorizerFor(this.hub, sql, by, params.authorizer_appid);
      assertWholePlatform(by);
      const { day } = this.hub.quota.today();
      return { items: await merchantCalls(sql, by.platform.platformId, params.authorizer_appid, day, query.days) };
    });
  }

  /**
   * Recorded before WeChat is asked, because the reset may have happened even if no answer comes, and again with what came
   * of it.
   */
  @Endpoint('resetQuota')
  async reset(@Input() { body }: In<'resetQuota'>, @By() by: PlatformCaller) {
    const { platform } = by;
    const appid = body.authorizer_appid ?? platform.componentAppid;
    if (body.confirm !== appid) throw AppError.invalid('confirm', `must repeat the appid whose quota is reset`);
    if (body.authorizer_appid !== undefined) {
      const { authorizer_appid: authorizerAppid } = body;
      await readOnPlatform(this.hub, by, (sql) => authorizerFor(this.hub, sql, by, authorizerAppid));
    }
    await this.record(by, 'quota.reset_asked', appid, 'ok');
    const result = await this.ask(by, await this.hub.accounts.appsecret(this.hub.db, platform.platformId), body);
    if (result.outcome === 'cleared') {
      await this.record(by, 'quota.reset', appid, 'ok');
      return { appid, lifted: result.lifted };
    }
    await this.record(by, 'quota.reset', appid, result.outcome);
    const { wechat } = result;
    throw new AppError(
      'upstream_failed',
      wechat.errcode === NO_MORE_RESETS
        ? 'WeChat grants ten resets per account and month, and those of this month are used'
        : 'WeChat refused to reset the quota',
      { details: { wechat } },
    );
  }

  private ask(by: PlatformCaller, appsecret: Secret, body: In<'resetQuota'>['body']) {
    return this.hub.quotaReset
      .clearComponentQuota(by.platform, appsecret, body.authorizer_appid)
      .catch(async (error: unknown) => {
        await this.record(by, 'quota.reset', body.authorizer_appid ?? by.platform.componentAppid, 'no_answer');
        throw error;
      });
  }

  private record(by: PlatformCaller, action: string, appid: string, outcome: string): Promise<void> {
    return onPlatform(this.hub, by, (sql) =>
      this.hub.audit.record(sql, { ...eventOf(by, action, `quota:${appid}`), outcome }),
    );
  }
}
