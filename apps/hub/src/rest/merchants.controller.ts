import { Controller, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type MerchantRow, Merchants } from '#libs/authorizers';
import type { MerchantView } from '#libs/contract';
import { AppError } from '#libs/kernel';
import { notFound } from '../http/auth/authorize.ts';
import { By, Endpoint, Input } from '../http/endpoint.ts';
import type { In, PlatformCaller } from '../http/endpoint.ts';
import { assertWholePlatform, eventOf } from './audited.ts';
import { PlatformScope } from './platform-scope.ts';

@Controller()
export class MerchantsController {
  constructor(
    private readonly scope: PlatformScope,
    private readonly merchants: Merchants,
  ) {}

  @Endpoint('createMerchant')
  create(
    @Input() { body }: In<'createMerchant'>,
    @By() by: PlatformCaller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<MerchantView> {
    const limit = by.principal.merchantIds;
    if (limit !== null && !limit.includes(body.merchant_id)) {
      throw new AppError('forbidden', 'the API key is limited to other merchants');
    }
    return this.scope.writeOnce(by, async (sql) => {
      const row = await this.merchants.create(sql, by.platform.platformId, {
        merchantId: body.merchant_id,
        name: body.name,
      });
      reply.code(row.isNew ? 201 : 200);
      if (!row.isNew) return view(row);
      const event = eventOf(by, 'merchant.created', `merchant:${row.merchantId}`, { name: row.name }, row.merchantId);
      await this.scope.record(sql, event);
      return view(row);
    });
  }

  @Endpoint('listMerchants')
  list(@Input() { query }: In<'listMerchants'>, @By() by: PlatformCaller) {
    const { merchantIds } = by.principal;
    return this.scope.list(by, query, async (sql, portion) => {
      const page = await this.merchants.list(sql, by.platform.platformId, { ...portion, merchantIds });
      return { ...page, items: page.items.map(view) };
    });
  }

  @Endpoint('getMerchant')
  async get(@Input() { params }: In<'getMerchant'>, @By() by: PlatformCaller): Promise<MerchantView> {
    const row = await this.scope.read(by, (sql) =>
      this.merchants.get(sql, by.platform.platformId, params.merchant_id, by.principal.merchantIds),
    );
    if (!row) throw notFound('merchant');
    return view(row);
  }

  @Endpoint('updateMerchant')
  update(@Input() { params, body }: In<'updateMerchant'>, @By() by: PlatformCaller): Promise<MerchantView> {
    return this.scope.write(by, async (sql) => {
      const { platformId } = by.platform;
      const limit = by.principal.merchantIds;
      const row = await this.merchants.rename(sql, platformId, params.merchant_id, body.name, limit);
      if (!row) throw notFound('merchant');
      const event = eventOf(by, 'merchant.renamed', `merchant:${row.merchantId}`, { name: row.name }, row.merchantId);
      await this.scope.record(sql, event);
      return view(row);
    });
  }

  @Endpoint('removeMerchant')
  remove(@Input() { params, body }: In<'removeMerchant'>, @By() by: PlatformCaller) {
    const { merchant_id: merchantId } = params;
    return this.scope.write(by, async (sql) => {
      const { actor, merchantIds } = by.principal;
      // What another merchant has does not exist for a limited key.
      const merchant = await this.merchants.get(sql, by.platform.platformId, merchantId, merchantIds);
      if (!merchant) throw notFound('merchant');
      // Its accounts would be out of the key's sight, for good.
      assertWholePlatform(by);
      if (body.confirm !== merchantId) throw AppError.invalid('confirm', 'must repeat the merchant_id');
      const who = { actor, address: by.address };
      const unassigned = await this.merchants.remove(sql, by.platform.platformId, merchantId, who);
      if (!unassigned) throw notFound('merchant');
      const detail = { unassigned: unassigned.length };
      await this.scope.record(sql, eventOf(by, 'merchant.removed', `merchant:${merchantId}`, detail, merchantId));
      return { merchant_id: merchantId, unassigned };
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
