import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ApiKeys, AuditTrail, assertConfirmed } from '#libs/access';
import type { PlatformRemovalView } from '#libs/contract';
import { type PlatformRemovalRow, PlatformRemoval } from '#libs/custody';
import { Database } from '#libs/kernel';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { eventOf } from './audited.ts';
import { numericId } from './numeric-id.ts';

/** As the worker: a removal reaches what no tenant may touch. Only operators get here. */
@Controller()
export class PlatformRemovalsController {
  constructor(
    private readonly db: Database,
    private readonly audit: AuditTrail,
    private readonly keys: ApiKeys,
    private readonly removal: PlatformRemoval,
  ) {}

  @Endpoint('removePlatform')
  async remove(
    @Input() { body }: In<'removePlatform'>,
    @By() by: PlatformCaller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { platform } = by;
    const { componentAppid } = platform;
    if (body.dry_run) {
      const rows = await this.removal.counts(this.db, platform.platformId);
      return { component_appid: componentAppid, rows };
    }
    assertConfirmed(body.confirm ?? '', componentAppid);
    const row = await this.db.transaction(async (sql) => {
      const { id } = await this.removal.start(sql, platform, by.principal.actor);
      const ended = await this.keys.endPlatform(sql, platform.platformId);
      const detail = { removal: String(id), ended_keys: ended.keys, erased_users: ended.users };
      await this.audit.record(sql, eventOf(by, 'platform.removed', `platform:${componentAppid}`, detail));
      return this.removal.view(sql, id);
    });
    if (!row) throw notFound('platform');
    reply.code(202);
    return removalView(row);
  }

  @Endpoint('getPlatformRemoval')
  async removalOf(@Input() { params }: In<'getPlatformRemoval'>): Promise<PlatformRemovalView> {
    const id = numericId(params.id);
    const row = id === null ? null : await this.removal.view(this.db, id);
    if (!row) throw notFound('removal');
    return removalView(row);
  }
}

function removalView(row: PlatformRemovalRow): PlatformRemovalView {
  return {
    id: String(row.id),
    component_appid: row.componentAppid,
    state: row.state,
    total: row.total,
    removed: row.removed,
    current: row.current,
    started_at: row.startedAt.toISOString(),
    finished_at: row.finishedAt?.toISOString() ?? null,
  };
}
