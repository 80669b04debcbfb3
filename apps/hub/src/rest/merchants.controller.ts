import { Controller, Inject } from '@nestjs/common';
import type { MerchantRow } from '#libs/authorizers';
import type { MerchantView } from '#libs/contract';
import { AppError } from '#libs/kernel';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { HUB } from '../services.ts';
import type { HubServices } from '../services.ts';
import { eventOf, listOnPlatform, onPlatform, readOnPlatform } from './scoped.ts';

@Controller()
export class MerchantsController {
  constructor(@Inject(HUB) private readonly hub: HubServices) {}

  @Endpoint('createMerchant')
  create(@Input() { body }: In<'createMerchant'>, @By() by: PlatformCaller): Promise<MerchantView> {
    const limit = by.principal.merchantIds;
    if (limit !== null && !limit.includes(body.merchant_id)) {
      throw new AppError('forbidden', 'the API key is limited to other merchants');
    }
    return onPlatform(this.hub, by, async (sql) => {
      const row = await this.hub.merchants.create(sql, by.platform.platformId, {
        merchantId: body.merchant_id,
        name: body.name,
      });
      const event = eventOf(by, 'merchant.created', `merchant:${row.merchantId}`, { name: row.name }, row.merchantId);
      await this.hub.audit.record(sql, event);
      return view(row);
    });
  }

  @Endpoint('listMerchants')
  list(@Input() { query }: In<'listMerchants'>, @By() by: PlatformCaller) {
    const { merchantIds } = by.principal;
    return listOnPlatform(this.hub, by, query, async (sql, portion) => {
      const page = await this.hub.merchants.list(sql, by.platform.platformId, { ...portion, merchantIds });
      return { ...page, items: page.items.map(view) };
    });
  }

  @Endpoint('getMerchant')
  async get(@Input() { params }: In<'getMerchant'>, @By() by: PlatformCaller): Promise<MerchantView> {
    const row = await readOnPlatform(this.hub, by, (sql) =>
      this.hub.merchants.get(sql, by.platform.platformId, params.merchant_id, by.principal.merchantIds),
    );
    if (!row) throw notFound('merchant');
    return view(row);
  }

  @Endpoint('updateMerchant')
  update(@Input() { params, body }: In<'updateMerchant'>, @By() by: PlatformCaller): Promise<MerchantView> {
    return onPlatform(this.hub, by, async (sql) => {
      const { platformId } = by.platform;
      const limit = by.principal.merchantIds;
      const row = await this.hub.merchants.rename(sql, platformId, params.merchant_id, body.name, limit);
      if (!row) throw notFound('merchant');
      const event = eventOf(by, 'merchant.renamed', `merchant:${row.merchantId}`, { name: row.name }, row.merchantId);
      await this.hub.audit.record(sql, event);
      return view(row);
    });
  }
}

function view(row: MerchantRow): MerchantView {
  return {
    merchant_id: row.merchantId,
    name: row.name,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
