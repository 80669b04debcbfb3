import { Controller } from '@nestjs/common';
import { ApiKeys, AuditTrail, type Principal, tenantOf } from '#libs/access';
import type { Scope } from '#libs/contract';
import { AppError, Database } from '#libs/kernel';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';

/** Default of the contract, for requests without a body. */
const DEFAULT_OVERLAP_SECONDS = 86_400;

@Controller()
export class ApiKeysController {
  constructor(
    private readonly audit: AuditTrail,
    private readonly db: Database,
    private readonly keys: ApiKeys,
  ) {}

  @Endpoint('createApiKey')
  async create(@Input() { body }: In<'createApiKey'>, @By() by: PlatformCaller) {
    const merchantIds = body.merchant_ids ?? by.principal.merchantIds;
    const expiresAt = body.expires_at ?? by.principal.expiresAt;
    assertWithin(by.principal, body.scopes, merchantIds);
    assertNoLonger(by.principal, expiresAt);
    return this.db.forTenant(tenantOf(by.principal, by.platform.platformId), async (sql) => {
      const { view, key } = await this.keys.create(sql, {
        platformId: by.platform.platformId,
        name: body.name,
        scopes: body.scopes,
        merchantIds,
        expiresAt,
        createdBy: by.principal.actor,
      });
      await this.audit.record(sql, {
        platformId: by.platform.platformId,
        actor: by.principal.actor,
        address: by.address,
        action: 'api_key.created',
        subject: `api_key:${view.id}`,
        detail: { name: view.name, scopes: view.scopes, merchant_ids: view.merchant_ids, expires_at: view.expires_at },
      });
      return { ...view, key: key.reveal() };
    });
  }

  @Endpoint('listApiKeys')
  list(@Input() { query }: In<'listApiKeys'>, @By() by: PlatformCaller) {
    return this.db.readForTenant(tenantOf(by.principal, by.platform.platformId), (sql) =>
      this.keys.list(sql, by.platform.platformId, { ...query, within: by.principal.merchantIds }),
    );
  }

  @Endpoint('rotateApiKey')
  async rotate(@Input() { params, body }: In<'rotateApiKey'>, @By() by: PlatformCaller) {
    const { platformId } = by.platform;
    return this.db.forTenant(tenantOf(by.principal, platformId), async (sql) => {
      const old = await this.keys.get(sql, platformId, params.id, by.principal.merchantIds);
      if (!old) throw notFound('API key');
      assertWithin(by.principal, old.scopes, old.merchant_ids);
      assertNoLonger(by.principal, old.expires_at === null ? null : new Date(old.expires_at));
      const overlapSeconds = body.overlap_seconds ?? DEFAULT_OVERLAP_SECONDS;
      const { view, key } = await this.keys.rotate(sql, platformId, old, {
        overlapSeconds,
        createdBy: by.principal.actor,
      });
      await this.audit.record(sql, {
        platformId,
        actor: by.principal.actor,
        address: by.address,
        action: 'api_key.rotated',
        subject: `api_key:${old.id}`,
        detail: { replaced_by: view.id, overlap_seconds: overlapSeconds },
      });
      return { ...view, key: key.reveal() };
    });
  }

  @Endpoint('revokeApiKey')
  async revoke(@Input() { params }: In<'revokeApiKey'>, @By() by: PlatformCaller): Promise<void> {
    const { platformId } = by.platform;
    await this.db.forTenant(tenantOf(by.principal, platformId), async (sql) => {
      const { principal } = by;
      const key = await this.keys.get(sql, platformId, params.id, principal.merchantIds);
      if (!key) throw notFound('API key');
      // Revoking a key with more scopes than the caller's is forbidden; its lifetime does not matter.
      assertWithin(principal, key.scopes, key.merchant_ids);
      await this.keys.revoke(sql, platformId, params.id, principal.merchantIds);
      await this.audit.record(sql, {
        platformId,
        actor: by.principal.actor,
        address: by.address,
        action: 'api_key.revoked',
        subject: `api_key:${params.id}`,
      });
    });
  }
}

/** A caller may grant only scopes and merchants it has itself. */
function assertWithin(principal: Principal, scopes: readonly Scope[], merchantIds: readonly string[] | null): void {
  const excess = scopes.filter((scope) => !principal.scopes.has(scope));
  if (excess.length > 0) throw new AppError('forbidden', `the API key itself lacks ${excess.join(', ')}`);
  const limit = principal.merchantIds;
  if (limit !== null && (merchantIds === null || merchantIds.some((id) => !limit.includes(id)))) {
    throw new AppError('forbidden', 'the API key itself is limited to other merchants');
  }
}

/** A new key must not outlive its creator: a key that leaks shortly before its expiry would live on in it. */
function assertNoLonger({ expiresAt: own }: Principal, expiresAt: Date | null): void {
  if (own !== null && (expiresAt === null || expiresAt > own)) {
    throw new AppError('forbidden', `the API key itself expires at ${own.toISOString()}`);
  }
}
