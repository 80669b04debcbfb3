import { Controller } from '@nestjs/common';
import { ComponentAccounts } from '#libs/custody';
import { AppError, Database, type Secret } from '#libs/kernel';
import { QuotaReset } from '#libs/quota';
import { ERRCODE } from '#libs/wechat-wire';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { eventOf } from './audited.ts';
import { PlatformScope } from './platform-scope.ts';

@Controller()
export class QuotaResetsController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly db: Database,
    private readonly accounts: ComponentAccounts,
    private readonly quotaReset: QuotaReset,
  ) {}

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
      await this.scope.read(by, (sql) => this.scope.authorizer(sql, by, authorizerAppid));
    }
    await this.record(by, 'quota.reset_asked', appid, 'ok');
    const result = await this.ask(by, await this.accounts.appsecret(this.db, platform.platformId), body);
    if (result.outcome === 'cleared') {
      await this.record(by, 'quota.reset', appid, 'ok');
      return { appid, lifted: result.lifted };
    }
    await this.record(by, 'quota.reset', appid, result.outcome);
    const { wechat } = result;
    throw new AppError(
      'upstream_failed',
      wechat.errcode === ERRCODE.noMoreResets
        ? 'WeChat grants ten resets per account and month, and those of this month are used'
        : 'WeChat refused to reset the quota',
      { details: { wechat } },
    );
  }

  private ask(by: PlatformCaller, appsecret: Secret, body: In<'resetQuota'>['body']) {
    return this.quotaReset
      .clearComponentQuota(by.platform, appsecret, body.authorizer_appid)
      .catch(async (error: unknown) => {
        await this.record(by, 'quota.reset', body.authorizer_appid ?? by.platform.componentAppid, 'no_answer');
        throw error;
      });
  }

  private record(by: PlatformCaller, action: string, appid: string, outcome: string): Promise<void> {
    return this.scope.write(by, (sql) => this.scope.record(sql, { ...eventOf(by, action, `quota:${appid}`), outcome }));
  }
}
