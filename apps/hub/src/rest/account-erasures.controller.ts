import { Controller } from '@nestjs/common';
import { assertConfirmed } from '#libs/access';
import { AccountErasure } from '#libs/authorizers';
import { Database } from '#libs/kernel';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { assertWholePlatform, eventOf } from './audited.ts';
import { PlatformScope } from './platform-scope.ts';

@Controller()
export class AccountErasuresController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly db: Database,
    private readonly erasure: AccountErasure,
  ) {}

  /** As the worker: tokens and pushes are out of a tenant's reach. What the caller may see is asked as the caller. */
  @Endpoint('eraseAuthorizer')
  async erase(@Input() { params, body }: In<'eraseAuthorizer'>, @By() by: PlatformCaller) {
    const { authorizer_appid: authorizerAppid } = params;
    const seen = await this.scope.read(by, (sql) => this.scope.authorizer(sql, by, authorizerAppid));
    assertWholePlatform(by);
    assertConfirmed(body.confirm, authorizerAppid);
    const keepHistory = body.keep_history;
    const rows = await this.db.transaction(async (sql) => {
      const removed = await this.erasure.erase(sql, by.platform.platformId, authorizerAppid, { keepHistory });
      if (!removed) throw notFound('authorizer');
      const subject = `authorizer:${authorizerAppid}`;
      const detail = { keep_history: keepHistory };
      await this.scope.record(sql, eventOf(by, 'authorizer.erased', subject, detail, seen.merchantId));
      return removed;
    });
    return { authorizer_appid: authorizerAppid, keep_history: keepHistory, rows };
  }
}
