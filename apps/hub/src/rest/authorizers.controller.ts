import { Controller } from '@nestjs/common';
import { AuditTrail, assertConfirmed } from '#libs/access';
import {
  AccountErasure,
  AuthorizerDirectory,
  mayReadDomains,
  type AuthorizerRow,
  type GrantRow,
} from '#libs/authorizers';
import type { AuthorizerView, GrantView } from '#libs/contract';
import { DomainHistory, nextSnapshotAt } from '#libs/domain-ledger';
import { AppError, Database, type Sql, Settings } from '#libs/kernel';
import { AuthorizerTokens } from '#libs/custody';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { assertWholePlatform, eventOf } from './audited.ts';
import { PlatformScope } from './platform-scope.ts';

@Controller()
export class AuthorizersController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly settings: Settings,
    private readonly authorizerTokens: AuthorizerTokens,
    private readonly directory: AuthorizerDirectory,
    private readonly history: DomainHistory,
    private readonly db: Database,
    private readonly erasure: AccountErasure,
    private readonly audit: AuditTrail,
  ) {}

  @Endpoint('listAuthorizers')
  list(@Input() { query }: In<'listAuthorizers'>, @By() by: PlatformCaller) {
    if (query.q !== undefined && query.authorizer_appids) {
      throw AppError.invalid('authorizer_appids', 'give either authorizer_appids or q');
    }
    return this.scope.list(by, query, async (sql, portion) => {
      const page = await this.directory.list(
        sql,
        by.platform.platformId,
        {
          state: query.state,
          merchantId: query.merchant_id,
          permissionSet: query.permission_set,
          lacksPermissionSet: query.lacks_permission_set,
          appids: query.authorizer_appids,
          q: query.q,
          merchantIds: by.principal.merchantIds,
        },
        portion,
      );
      return { items: await this.views(sql, by, page.items), next_cursor: page.next_cursor };
    });
  }

  @Endpoint('getAuthorizer')
  get(@Input() { params }: In<'getAuthorizer'>, @By() by: PlatformCaller): Promise<AuthorizerView> {
    return this.scope.read(by, async (sql) =>
      this.view(sql, by, await this.scope.authorizer(sql, by, params.authorizer_appid)),
    );
  }

  @Endpoint('listGrants')
  grants(@Input() { params, query }: In<'listGrants'>, @By() by: PlatformCaller) {
    return this.scope.list(by, query, async (sql, portion) => {
      const { authorizerId } = await this.scope.authorizer(sql, by, params.authorizer_appid);
      const page = await this.directory.grants(sql, by.platform.platformId, authorizerId, portion);
      return { ...page, items: page.items.map(grantOf) };
    });
  }

  @Endpoint('updateAuthorizer')
  update(@Input() { params, body }: In<'updateAuthorizer'>, @By() by: PlatformCaller): Promise<AuthorizerView> {
    // It would be out of the key's sight, for good.
    if (body.merchant_id === null) assertWholePlatform(by);
    return this.scope.write(by, async (sql) => {
      const { actor, merchantIds } = by.principal;
      const who = { actor, merchantIds, address: by.address };
      const { platformId } = by.platform;
      const row = await this.directory.assign(sql, platformId, params.authorizer_appid, body.merchant_id, who);
      if (!row) throw notFound('authorizer');
      return this.view(sql, by, row);
    });
  }

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
      await this.audit.record(sql, eventOf(by, 'authorizer.erased', subject, detail, seen.merchantId));
      return removed;
    });
    return { authorizer_appid: authorizerAppid, keep_history: keepHistory, rows };
  }

  private async view(sql: Sql, by: PlatformCaller, row: AuthorizerRow): Promise<AuthorizerView> {
    const [view] = await this.views(sql, by, [row]);
    return view as AuthorizerView;
  }

  /** One statement per table for the whole page. */
  private async views(sql: Sql, by: PlatformCaller, rows: readonly AuthorizerRow[]): Promise<AuthorizerView[]> {
    if (rows.length === 0) return [];
    const { platformId, componentAppid } = by.platform;
    const { snapshotIntervalMs } = this.settings;
    const ids = rows.map((row) => row.authorizerId);
    const appids = rows.map((row) => row.authorizerAppid);
    const [watches, expiries, [clock]] = await Promise.all([
      this.history.watchOf(sql, platformId, ids),
      this.authorizerTokens.expiries(sql, platformId, appids),
      sql.query<{ now: Date }>('SELECT wxfleet.now() AS now'),
    ]);
    return rows.map((row) => {
      const watch = watches.get(row.authorizerId);
      const canReadDomains = mayReadDomains(row);
      // While its details are not known, an account that grants set 18 is taken for a mini program.
      const isScheduled = canReadDomains && (row.kind === 'mini_program' || row.kind === null);
      return {
        authorizer_appid: row.authorizerAppid,
        component_appid: componentAppid,
        merchant_id: row.merchantId,
        kind: row.kind,
        nick_name: row.nickName,
        principal_name: row.principalName,
        state: row.state,
        permission_sets: row.permissionSets,
        can_read_domains: canReadDomains,
        authorized_at: row.authorizedAt?.toISOString() ?? null,
        unauthorized_at: row.unauthorizedAt?.toISOString() ?? null,
        access_token_expires_at: expiries.get(row.authorizerAppid)?.toISOString() ?? null,
        last_snapshot_at: watch?.lastSnapshotAt?.toISOString() ?? null,
        next_snapshot_at:
          isScheduled && clock ? nextSnapshotAt(row.slot, snapshotIntervalMs, clock.now).toISOString() : null,
        last_failure: latest(row.lastFailure, watch?.lastFailure ?? null),
      };
    });
  }
}

/** Two capabilities remember failures of an account: the question what it is, and the look at its domains. */
function latest<F extends { at: string }>(one: F | null, other: F | null): F | null {
  if (!one || !other) return one ?? other;
  return Date.parse(one.at) >= Date.parse(other.at) ? one : other;
}

function grantOf(row: GrantRow): GrantView {
  const { permissionSets, previousSets } = row;
  return {
    at: row.changedAt.toISOString(),
    state: row.state,
    permission_sets: permissionSets,
    gained: permissionSets.filter((id) => !previousSets.includes(id)),
    lost: previousSets.filter((id) => !permissionSets.includes(id)),
    can_read_domains: mayReadDomains(row),
  };
}
