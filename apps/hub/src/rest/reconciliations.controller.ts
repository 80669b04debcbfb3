import { Controller } from '@nestjs/common';
import type { ReconciliationView } from '#libs/contract';
import { AuthorizerReconcile } from '#libs/authorizers';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { numericId } from './numeric-id.ts';
import { assertWholePlatform, eventOf } from './audited.ts';
import { PlatformScope } from './platform-scope.ts';

@Controller()
export class ReconciliationsController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly reconcile: AuthorizerReconcile,
  ) {}

  @Endpoint('startReconciliation')
  start(@Input() { body }: In<'startReconciliation'>, @By() by: PlatformCaller): Promise<{ id: string }> {
    assertWholePlatform(by);
    return this.scope.writeOnce(by, async (sql) => {
      const { accept_shrunk_list: acceptShrunkList = false } = body;
      const { id } = await this.reconcile.start(by.platform, { acceptShrunkList }, sql);
      const detail = acceptShrunkList ? { accept_shrunk_list: true } : {};
      await this.scope.record(sql, eventOf(by, 'reconciliation.started', `reconciliation:${id}`, detail));
      return { id: String(id) };
    });
  }

  @Endpoint('getReconciliation')
  async get(@Input() { params }: In<'getReconciliation'>, @By() by: PlatformCaller): Promise<ReconciliationView> {
    assertWholePlatform(by);
    const id = numericId(params.id);
    const row =
      id === null ? null : await this.scope.read(by, (sql) => this.reconcile.view(sql, by.platform.platformId, id));
    if (!row) throw notFound('reconciliation');
    return {
      id: String(row.reconciliationId),
      state: row.state,
      reason: row.reason,
      total: row.totalCount,
      listed: row.listed,
      created: row.created,
      recovered: row.recovered,
      unchanged: row.unchanged,
      marked_unauthorized: row.markedUnauthorized,
      without_refresh_token: row.withoutRefreshToken,
      failed: row.failed,
      started_at: row.startedAt.toISOString(),
      finished_at: row.finishedAt?.toISOString() ?? null,
    };
  }
}
