import { Controller } from '@nestjs/common';
import type { QuotaView } from '#libs/contract';
import { CallQuota, merchantCalls, quotaView, setBudget } from '#libs/quota';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { assertWholePlatform, eventOf } from './audited.ts';
import { PlatformScope } from './platform-scope.ts';

@Controller()
export class QuotaController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly quota: CallQuota,
  ) {}

  @Endpoint('getQuota')
  view(@By() by: PlatformCaller): Promise<QuotaView> {
    assertWholePlatform(by);
    return this.scope.read(by, (sql) => quotaView(sql, by.platform.platformId, this.quota.today()));
  }

  @Endpoint('setQuotaBudget')
  setBudget(@Input() { body }: In<'setQuotaBudget'>, @By() by: PlatformCaller) {
    assertWholePlatform(by);
    const { platformId } = by.platform;
    const { path, per_day: perDay, reserve } = body;
    return this.scope.write(by, async (sql) => {
      await setBudget(sql, platformId, path, perDay === null ? null : { perDay, reserve });
      const event =
        perDay === null
          ? eventOf(by, 'quota_budget.removed', `path:${path}`)
          : eventOf(by, 'quota_budget.set', `path:${path}`, { per_day: perDay, reserve });
      await this.scope.record(sql, event);
      return { items: (await quotaView(sql, platformId, this.quota.today())).budgets };
    });
  }

  /** The counts of all merchants lie in one row, so that a key that is limited to some cannot be given its own. */
  @Endpoint('getMerchantCalls')
  calls(@Input() { params, query }: In<'getMerchantCalls'>, @By() by: PlatformCaller) {
    return this.scope.read(by, async (sql) => {
      await this.scope.authorizer(sql, by, params.authorizer_appid);
      assertWholePlatform(by);
      const { day } = this.quota.today();
      return { items: await merchantCalls(sql, by.platform.platformId, params.authorizer_appid, day, query.days) };
    });
  }
}
