import { Injectable } from '@nestjs/common';
import { And, Equal, In } from 'typeorm';
import { decodeCursor, pageOf } from '#libs/contract';
import { AppError, type Sql } from '#libs/kernel';
import { AccountFacts } from '../accounts/account-facts.ts';
import { AuthorizerStore } from '../accounts/authorizer-store.ts';
import { AuthorizationLink } from '../links/authorization-link.entity.ts';
import { Merchant } from './merchant.entity.ts';

export interface MerchantRow {
  merchantId: string;
  name: string;
  createdAt: Date;
  updatedAt: Date;
}

export interface MerchantPage {
  items: MerchantRow[];
  next_cursor: string | null;
}

const COLUMNS = 'merchant_id AS "merchantId", name, created_at AS "createdAt", updated_at AS "updatedAt"';
const LIST = 'merchants';

/** The provider's own customers, to whom accounts are assigned. `merchantIds` limits what a caller sees; null: all. */
@Injectable()
export class Merchants {
  constructor(
    private readonly store: AuthorizerStore,
    private readonly facts: AccountFacts,
  ) {}

  /**
   * `isNew` is false when there is one of the same id and name: the request was repeated.
   * @throws AppError conflict when the id is that of a merchant with another name
   */
  async create(
    sql: Sql,
    platformId: number,
    input: { merchantId: string; name: string },
  ): Promise<MerchantRow & { isNew: boolean }> {
    const [row] = await sql.query<MerchantRow>(
      `INSERT INTO authorizers.merchant (platform_id, merchant_id, name) VALUES ($1, $2, $3)
       ON CONFLICT (platform_id, merchant_id) DO NOTHING RETURNING ${COLUMNS}`,
      [platformId, input.merchantId, input.name],
    );
    if (row) return { ...row, isNew: true };
    const present = await this.get(sql, platformId, input.merchantId);
    if (present?.name === input.name) return { ...present, isNew: false };
    throw new AppError('conflict', 'merchant_id: there is a merchant with this id and another name');
  }

  async get(
    sql: Sql,
    platformId: number,
    merchantId: string,
    merchantIds: readonly string[] | null = null,
  ): Promise<MerchantRow | null> {
    const found = await sql.repository(Merchant).findOneBy(oneOf(platformId, merchantId, merchantIds));
    return found && shown(found);
  }

  /** By merchant_id, bytewise. @throws CursorError */
  async list(
    sql: Sql,
    platformId: number,
    page: { limit: number; cursor?: string; merchantIds?: readonly string[] | null },
  ): Promise<MerchantPage> {
    const [after] = page.cursor === undefined ? [''] : decodeCursor(LIST, page.cursor, ['string']);
    const rows = await sql.query<MerchantRow>(
      `SELECT ${COLUMNS} FROM authorizers.merchant
        WHERE platform_id = $1 AND merchant_id COLLATE "C" > $2 AND ($3::text[] IS NULL OR merchant_id = ANY($3))
        ORDER BY merchant_id COLLATE "C" LIMIT $4`,
      [platformId, after, page.merchantIds ?? null, page.limit + 1],
    );
    return pageOf(
      LIST,
      rows,
      page.limit,
      (row) => row,
      (row) => [row.merchantId],
    );
  }

  /**
   * Removes a merchant with its links. Its accounts stay with the platform, assigned to nobody.
   * @param by the caller, who sees the whole platform
   * @returns the accounts that were its; null when there is no such merchant
   */
  async remove(
    sql: Sql,
    platformId: number,
    merchantId: string,
    by: { actor: string; address?: string },
  ): Promise<string[] | null> {
    const [merchant] = await sql.query(
      'SELECT 1 FROM authorizers.merchant WHERE platform_id = $1 AND merchant_id = $2 FOR UPDATE',
      [platformId, merchantId],
    );
    if (!merchant) return null;
    const accounts = await sql.query<{ appid: string }>(
      `UPDATE authorizers.authorizer SET merchant_id = NULL, updated_at = wxfleet.now()
        WHERE platform_id = $1 AND merchant_id = $2 RETURNING authorizer_appid AS appid`,
      [platformId, merchantId],
    );
    const appids = accounts.map(({ appid }) => appid).sort();
    for (const appid of appids) await this.facts.assigned(sql, platformId, appid, { from: merchantId, to: null }, by);
    if (appids.length > 0) await this.store.changed(sql, platformId, ...appids);
    await sql.repository(AuthorizationLink).delete({ platformId, merchantId });
    await sql.repository(Merchant).delete({ platformId, merchantId });
    return appids;
  }

  /** @returns null when there is no such merchant for this caller */
  async rename(
    sql: Sql,
    platformId: number,
    merchantId: string,
    name: string,
    merchantIds: readonly string[] | null = null,
  ): Promise<MerchantRow | null> {
    await sql
      .repository(Merchant)
      .update(oneOf(platformId, merchantId, merchantIds), { name, updatedAt: () => 'wxfleet.now()' });
    return this.get(sql, platformId, merchantId, merchantIds);
  }
}

/** A merchant, where the caller may see it. */
function oneOf(platformId: number, merchantId: string, merchantIds: readonly string[] | null) {
  return { platformId, merchantId: merchantIds === null ? merchantId : And(Equal(merchantId), In(merchantIds)) };
}

function shown({ merchantId, name, createdAt, updatedAt }: Merchant): MerchantRow {
  return { merchantId, name, createdAt, updatedAt };
}
