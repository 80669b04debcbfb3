import { Controller, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ApiIps, aggregated, ipListEtag, ipListFormats, type FetchedIps } from '#libs/api-ip-ledger';
import type { ApiIpKind, ApiIpSnapshotView, ApiIpView } from '#libs/contract';
import { ComponentAccounts } from '#libs/custody';
import { notFound } from '../http/auth/authorize.ts';
import { PublicUrls } from '../public-urls.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { Caller, In } from '../http/endpoint.ts';
import { assertWholePlatform, eventOf } from './audited.ts';
import { CallerScope } from './caller-scope.ts';

/** WeChat's own addresses. They belong to nobody: every key with the scope sees the same list. */
@Controller()
export class WechatIpsController {
  constructor(
    private readonly scope: CallerScope,
    private readonly accounts: ComponentAccounts,
    private readonly apiIps: ApiIps,
    private readonly urls: PublicUrls,
  ) {}

  @Endpoint('getWechatIps')
  async get(
    @Input() { params, query }: In<'getWechatIps'>,
    @By() by: Caller,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ApiIpView | string | undefined> {
    const { format, family, aggregate, rules } = query;
    const { view: listed, firstObservedAt } = await this.scope.read(by, (sql) =>
      this.apiIps.published(sql, params.kind, query.at),
    );
    const etag = ipListEtag(listed, [format, family, aggregate, rules].join(' '));
    reply.header('ETag', etag).header('Cache-Control', 'private, no-cache').header('Vary', 'Authorization');
    if (matches(request.headers['if-none-match'], etag)) {
      reply.code(304);
      return undefined;
    }
    const ofFamily = listed.ip_list.filter((entry) => family === 'all' || (family === 'ipv6') === entry.includes(':'));
    const view = { ...listed, ip_list: aggregate === 'true' ? aggregated(ofFamily) : ofFamily };
    if (format === 'json') return view;
    const text = ipListFormats[format];
    reply.type(text.mediaType);
    const source = `${this.urls.base}/v1/wechat-ips/${params.kind}`;
    return text.render(view, { source, since: firstObservedAt.toISOString(), rules });
  }

  @Endpoint('diffWechatIps')
  diff(@Input() { params, query }: In<'diffWechatIps'>, @By() by: Caller) {
    return this.scope.read(by, (sql) => this.apiIps.diff(sql, params.kind, query.from, query.to ?? null));
  }

  @Endpoint('listWechatIpLifetimes')
  lifetimes(@Input() { params, query }: In<'listWechatIpLifetimes'>, @By() by: Caller) {
    return this.scope.read(by, (sql) => this.apiIps.lifetimes(sql, params.kind, query));
  }

  @Endpoint('listWechatIpCandidates')
  candidates(@Input() { params }: In<'listWechatIpCandidates'>, @By() by: Caller) {
    return this.scope.read(by, (sql) => this.apiIps.heldLists(sql, params.kind));
  }

  @Endpoint('confirmWechatIpCandidate')
  confirm(@Input() { params }: In<'confirmWechatIpCandidate'>, @By() by: Caller): Promise<ApiIpSnapshotView> {
    const event = eventOf(by, 'wechat_ips.confirmed', `wechat_ips:${params.kind}`, { candidate: params.id });
    return this.apiIps.confirm(params.kind, params.id, event);
  }

  @Endpoint('listWechatIpSnapshots')
  list(@Input() { params, query }: In<'listWechatIpSnapshots'>, @By() by: Caller) {
    return this.scope.read(by, (sql) => this.apiIps.snapshots(sql, params.kind, query));
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
    const { snapshot, changed } = await this.scope.withAudit(
      by,
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

/** RFC 9110: `*`, or a list in which the weak and the strong form of a tag are the same. */
function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
}
