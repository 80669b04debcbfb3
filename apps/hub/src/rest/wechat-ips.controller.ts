import { createHash } from 'node:crypto';
import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { AuditTrail, tenantOf } from '#libs/access';
import { type FetchedIps, ApiIps } from '#libs/api-ip-ledger';
import type { ApiIpKind, ApiIpSnapshotView, ApiIpView } from '#libs/contract';
import { Database } from '#libs/kernel';
import { ComponentAccounts } from '#libs/custody';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { Caller, In } from '../http/endpoint.ts';
import { assertWholePlatform, eventOf, withAudit } from './audited.ts';

/** WeChat's own addresses. They belong to nobody: every key with the scope sees the same list. */
@Controller()
export class WechatIpsController {
  constructor(
    private readonly audit: AuditTrail,
    private readonly db: Database,
    private readonly accounts: ComponentAccounts,
    private readonly apiIps: ApiIps,
  ) {}

  @Endpoint('getWechatIps')
  async get(
    @Input() { params, query }: In<'getWechatIps'>,
    @By() by: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApiIpView | string | undefined> {
    const view = await this.db.readForTenant(tenantOf(by.principal), (sql) =>
      this.apiIps.current(sql, params.kind, query.at),
    );
    if (!view) throw notFound('observation of these addresses');
    // The list and whether it is stale, but not when it was seen last: polling must not fetch an unchanged list.
    const etag = `"${digest(`${query.format} ${params.kind} ${view.sync_token} ${view.stale}`)}"`;
    reply.header('ETag', etag).header('Cache-Control', 'private, no-cache').header('Vary', 'Authorization');
    if (matches(request.headers['if-none-match'], etag)) {
      reply.code(304);
      return undefined;
    }
    if (query.format === 'json') return view;
    reply.type('text/plain; charset=utf-8');
    return view.ip_list.map((entry) => `${entry}\n`).join('');
  }

  @Endpoint('listWechatIpSnapshots')
  list(@Input() { params, query }: In<'listWechatIpSnapshots'>, @By() by: Caller) {
    return this.db.readForTenant(tenantOf(by.principal), (sql) => this.apiIps.snapshots(sql, params.kind, query));
  }

  /** A platform asks WeChat with its own token and on its own quota; only the operator may use that of any. */
  @Endpoint('takeWechatIpSnapshot')
  async take(
    @Input() { params }: In<'takeWechatIpSnapshot'>,
    @By() by: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApiIpSnapshotView> {
    assertWholePlatform(by);
    const event = (action: string, detail?: Record<string, unknown>) =>
      eventOf(by, action, `wechat_ips:${params.kind}`, detail);
    const { snapshot, changed } = await withAudit(
      (each) => this.db.forTenant(tenantOf(by.principal), (sql) => this.audit.record(sql, each)),
      {
        asked: event('wechat_ips.fetch_asked'),
        done: (fetched) => event('wechat_ips.fetched', { changed: fetched.changed }),
        failed: event('wechat_ips.fetched'),
      },
      () => this.fetch(by, params.kind),
    );
    reply.code(changed ? 201 : 200);
    return snapshot;
  }

  private async fetch(by: Caller, kind: ApiIpKind): Promise<FetchedIps> {
    const { platformId } = by.principal;
    if (platformId === null) return this.apiIps.fetch(kind);
    const platform = await this.accounts.refOf(platformId);
    if (!platform) throw notFound('platform');
    return this.apiIps.fetchFor(platform, kind);
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 27);
}

/** RFC 9110: `*`, or a list in which the weak and the strong form of a tag are the same. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
