import { Controller } from '@nestjs/common';
import { decodeCursor, pageOf, type PlatformView } from '#libs/contract';
import { type PlatformRow, ComponentAccounts } from '#libs/custody';
import { Secret } from '#libs/kernel';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { Caller, In, PlatformCaller } from '../http/endpoint.ts';
import { assertWholePlatform, eventOf } from './audited.ts';
import { CallerScope } from './caller-scope.ts';
import { PublicUrls } from '../public-urls.ts';

@Controller()
export class PlatformsController {
  constructor(
    private readonly scope: CallerScope,
    private readonly urls: PublicUrls,
    private readonly accounts: ComponentAccounts,
  ) {}

  @Endpoint('createPlatform')
  create(@Input() { body }: In<'createPlatform'>, @By() by: Caller): Promise<PlatformView> {
    return this.scope.writeOnce(by, async (sql) => {
      const created = await this.accounts.create(sql, {
        componentAppid: body.component_appid,
        componentAppsecret: new Secret(body.component_appsecret),
        token: new Secret(body.token),
        encodingAesKey: new Secret(body.encoding_aes_key),
        name: body.name,
      });
      const event = eventOf(by, 'platform.created', `platform:${created.componentAppid}`, { name: created.name });
      await this.scope.record(sql, { ...event, platformId: created.platformId });
      return this.view(created);
    });
  }

  @Endpoint('listPlatforms')
  async list(@Input() { query }: In<'listPlatforms'>, @By() by: Caller) {
    const after = query.cursor === undefined ? 0 : decodeCursor('platforms', query.cursor, ['number'])[0];
    const own = by.principal.platformId;
    const rows = await this.scope.read(by, (sql) =>
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
    const row = await this.scope.read(by, (sql) => this.accounts.get(sql, by.platform.componentAppid));
    if (!row) throw notFound('platform');
    return this.view(row);
  }

  @Endpoint('updatePlatform')
  async update(@Input() { body }: In<'updatePlatform'>, @By() by: PlatformCaller): Promise<PlatformView> {
    assertWholePlatform(by);
    const secret = (value: string | undefined) => (value === undefined ? undefined : new Secret(value));
    const row = await this.scope.write(by, async (sql) => {
      const updated = await this.accounts.update(sql, by.platform.platformId, {
        name: body.name,
        componentAppsecret: secret(body.component_appsecret),
        token: secret(body.token),
        encodingAesKey: secret(body.encoding_aes_key),
        ...(body.end_previous_push_secrets ? { endPreviousPushSecrets: true } : {}),
      });
      // Names of what changed; the values are secrets.
      const detail = { changed: Object.keys(body) };
      await this.scope.record(sql, eventOf(by, 'platform.changed', `platform:${by.platform.componentAppid}`, detail));
      return updated;
    });
    return this.view(row);
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
