import { Controller } from '@nestjs/common';
import { ApiKeys, assertCovers, assertMayGrant, normalNetwork } from '#libs/access';
import { AppError } from '#libs/kernel';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { eventOf } from './audited.ts';
import { CallerScope } from './caller-scope.ts';

/** When no body says otherwise, as the description has it. */
const DEFAULT_OVERLAP_SECONDS = 86_400;

@Controller()
export class ApiKeysController {
  constructor(
    private readonly scope: CallerScope,
    private readonly keys: ApiKeys,
  ) {}

  @Endpoint('createApiKey')
  async create(@Input() { body }: In<'createApiKey'>, @By() by: PlatformCaller) {
    const merchantIds = body.merchant_ids ?? by.principal.merchantIds;
    const expiresAt = body.expires_at ?? by.principal.expiresAt;
    const networks = body.networks ? normalNetworks(body.networks) : (by.principal.networks ?? null);
    assertMayGrant(by.principal, { scopes: body.scopes, merchantIds, expiresAt, networks });
    return this.scope.writeOnce(by, async (sql) => {
      const { view, key } = await this.keys.create(sql, {
        platformId: by.platform.platformId,
        name: body.name,
        scopes: body.scopes,
        merchantIds,
        expiresAt,
        networks,
        createdBy: by.principal.actor,
      });
      const { name, scopes, merchant_ids, expires_at } = view;
      const detail = { name, scopes, merchant_ids, expires_at, networks: view.networks };
      await this.scope.record(sql, eventOf(by, 'api_key.created', `api_key:${view.id}`, detail));
      return { ...view, key: key.reveal() };
    });
  }

  @Endpoint('listApiKeys')
  list(@Input() { query }: In<'listApiKeys'>, @By() by: PlatformCaller) {
    return this.scope.read(by, (sql) =>
      this.keys.list(sql, by.platform.platformId, { ...query, within: by.principal.merchantIds }),
    );
  }

  @Endpoint('rotateApiKey')
  async rotate(@Input() { params, body }: In<'rotateApiKey'>, @By() by: PlatformCaller) {
    const { platformId } = by.platform;
    return this.scope.writeOnce(by, async (sql) => {
      const old = await this.keys.get(sql, platformId, params.id, by.principal.merchantIds);
      if (!old) throw notFound('API key');
      assertMayGrant(by.principal, {
        scopes: old.scopes,
        merchantIds: old.merchant_ids,
        expiresAt: old.expires_at === null ? null : new Date(old.expires_at),
        networks: old.networks,
      });
      const overlapSeconds = body.overlap_seconds ?? DEFAULT_OVERLAP_SECONDS;
      const { view, key } = await this.keys.rotate(sql, platformId, old, {
        overlapSeconds,
        createdBy: by.principal.actor,
      });
      const detail = { replaced_by: view.id, overlap_seconds: overlapSeconds };
      await this.scope.record(sql, eventOf(by, 'api_key.rotated', `api_key:${old.id}`, detail));
      return { ...view, key: key.reveal() };
    });
  }

  @Endpoint('revokeApiKey')
  async revoke(@Input() { params, query }: In<'revokeApiKey'>, @By() by: PlatformCaller): Promise<void> {
    const { platformId } = by.platform;
    await this.scope.write(by, async (sql) => {
      const { principal } = by;
      const key = await this.keys.get(sql, platformId, params.id, principal.merchantIds);
      if (!key) throw notFound('API key');
      assertCovers(principal, { scopes: key.scopes, merchantIds: key.merchant_ids });
      const made = query.made === 'revoke' ? await this.keys.revokeMade(sql, platformId, params.id) : null;
      await this.keys.revoke(sql, platformId, params.id, principal.merchantIds);
      const detail = made ? { revoked_keys: made.keys, disabled_users: made.users } : undefined;
      await this.scope.record(sql, eventOf(by, 'api_key.revoked', `api_key:${params.id}`, detail));
    });
  }
}

/** In normal form. @throws AppError invalid_request naming the entry */
function normalNetworks(given: readonly string[]): string[] {
  return given.map((text, index) => {
    const network = normalNetwork(text);
    if (network === null) throw AppError.invalid(`networks.${index}`, 'must be an address or a CIDR range');
    return network;
  });
}
