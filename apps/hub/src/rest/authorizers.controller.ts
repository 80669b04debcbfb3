import { Controller } from '@nestjs/common';
import { AuthorizerDirectory, mayReadDomains, type GrantRow } from '#libs/authorizers';
import type { AuthorizerView, GrantView } from '#libs/contract';
import { AppError } from '#libs/kernel';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { assertWholePlatform } from './audited.ts';
import { AuthorizerViews } from './authorizer-views.ts';
import { PlatformScope } from './platform-scope.ts';

@Controller()
export class AuthorizersController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly directory: AuthorizerDirectory,
    private readonly views: AuthorizerViews,
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
      return { items: await this.views.of(sql, by.platform, page.items), next_cursor: page.next_cursor };
    });
  }

  @Endpoint('getAuthorizer')
  get(@Input() { params }: In<'getAuthorizer'>, @By() by: PlatformCaller): Promise<AuthorizerView> {
    return this.scope.read(by, async (sql) =>
      this.views.one(sql, by.platform, await this.scope.authorizer(sql, by, params.authorizer_appid)),
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
      return this.views.one(sql, by.platform, row);
    });
  }
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
