import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ApiKeys, AuditTrail, assertConfirmed, tenantOf } from '#libs/access';
import { decodeCursor, pageOf, type PlatformRemovalView, type PlatformView } from '#libs/contract';
import { type PlatformRemovalRow, type PlatformRow, ComponentAccounts, PlatformRemoval } from '#libs/custody';
import { Database, Secret } from '#libs/kernel';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { Caller, In, PlatformCaller } from '../http/endpoint.ts';
import { assertWholePlatform, eventOf } from './audited.ts';
import { numericId } from './numeric-id.ts';
import { PublicUrls } from '../public-urls.ts';

@Controller()
export class PlatformsController {
  constructor(
    private readonly audit: AuditTrail,
    private readonly db: Database,
    private readonly urls: PublicUrls,
    private readonly accounts: ComponentAccounts,
    private readonly keys: ApiKeys,
    private readonly removal: PlatformRemoval,
  ) {}

  @Endpoint('createPlatform')
  async create(@Input() { body }: In<'createPlatform'>, @By() by: Caller): Promise<PlatformView> {
    const row = await this.db.forTenant(tenantOf(by.principal), async (sql) => {
      const created = await this.accounts.create(sql, {
        componentAppid: body.component_appid,
        componentAppsecret: new Secret(body.component_appsecret),
        token: new Secret(body.token),
        encodingAesKey: new Secret(body.encoding_aes_key),
        name: body.name,
      });
      await this.audit.record(sql, {
        platformId: created.platformId,
        actor: by.principal.actor,
        address: by.address,
        action: 'platform.created',
        subject: `platform:${created.componentAppid}`,
        detail: { name: created.name },
      });
      return created;
    });
    return this.view(row);
  }

  @Endpoint('listPlatforms')
  async list(@Input() { query }: In<'listPlatforms'>, @By() by: Caller) {
    const after = query.cursor === undefined ? 0 : decodeCursor('platforms', query.cursor, ['number'])[0];
    const own = by.principal.platformId;
    const rows = await this.db.readForTenant(tenantOf(by.principal), (sql) =>
      this.accounts.list(sql, own === null ? { limit: query.limit + 1, after } : { limit: 1, after: own - 1 }),
    );
    const visible = rows.filter((row) => own === null || (row.platformId === own && own > after));
    return pageOf(
      'platforms',
      visible,
      query.limit,
      (row) => this.view(row),
      (row) => [row.platformId],
    );
  }

  @Endpoint('getPlatform')
  async get(@By() by: PlatformCaller): Promise<PlatformView> {
    const row = await this.db.readForTenant(tenantOf(by.principal, by.platform.platformId), (sql) =>
      this.accounts.get(sql, by.platform.componentAppid),
    );
    if (!row) throw notFound('platform');
    return this.view(row);
  }

  @Endpoint('updatePlatform')
  async update(@Input() { body }: In<'updatePlatform'>, @By() by: PlatformCaller): Promise<PlatformView> {
    assertWholePlatform(by);
    const secret = (value: string | undefined) => (value === undefined ? undefined : new Secret(value));
    const row = await this.db.forTenant(tenantOf(by.principal, by.platform.platformId), async (sql) => {
      const updated = await this.accounts.update(sql, by.platform.platformId, {
        name: body.name,
        componentAppsecret: secret(body.component_appsecret),
        token: secret(body.token),
        encodingAesKey: secret(body.encoding_aes_key),
        ...(body.end_previous_push_secrets ? { endPreviousPushSecrets: true } : {}),
      });
      await this.audit.record(sql, {
        platformId: by.platform.platformId,
        actor: by.principal.actor,
        address: by.address,
        action: 'platform.changed',
        subject: `platform:${by.platform.componentAppid}`,
        // Names of what changed; the values are secrets.
        detail: { changed: Object.keys(body) },
      });
      return updated;
    });
    return this.view(row);
  }

  /** As the worker: a removal reaches what no tenant may touch. Only operators get here. */
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

  private view(row: PlatformRow): PlatformView {
    return {
      component_appid: row.componentAppid,
      name: row.name,
      events_url: this.urls.events(row.componentAppid),
      messages_url: this.urls.messages(row.componentAppid),
      redirect_url: this.urls.redirect(row.componentAppid),
      ticket_received_at: row.ticketReceivedAt?.toISOString() ?? null,
      ticket_expires_at: row.ticketExpiresAt?.toISOString() ?? null,
      component_access_token_expires_at: row.componentAccessTokenExpiresAt?.toISOString() ?? null,
      state: row.state,
      created_at: row.createdAt.toISOString(),
      previous_push_secrets: row.previousPushSecrets && {
        valid_until: row.previousPushSecrets.validUntil.toISOString(),
        pushes_opened: row.previousPushSecrets.pushesOpened,
        last_used_at: row.previousPushSecrets.lastUsedAt?.toISOString() ?? null,
      },
    };
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
