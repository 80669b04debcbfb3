import { Injectable } from '@nestjs/common';
import { decodeCursor, pageOf } from '#libs/contract';
import type { PlatformRef } from '#libs/custody';
import { AppError, type Sql } from '#libs/kernel';
import { type AuthorizerRef, AuthorizerRefs } from './authorizer-refs.ts';
import { type AccountKind, type AuthorizerState, AuthorizerStore } from './authorizer-store.ts';
import { AccountFacts } from './account-facts.ts';
import {
  ASSIGN_MERCHANT,
  BY_APPID,
  BY_ID,
  COLUMNS,
  FIND_MERCHANT,
  LIST_GRANTS,
  PAGE_OF_SWEEP,
  SEARCH,
} from './directory.sql.ts';

/** An account as screens and REST show it. */
export interface AuthorizerRow {
  authorizerId: number;
  authorizerAppid: string;
  merchantId: string | null;
  /** Null until WeChat has told it. */
  kind: AccountKind | null;
  nickName: string | null;
  principalName: string | null;
  state: AuthorizerState;
  /** Ascending. */
  permissionSets: number[];
  slot: number;
  authorizedAt: Date | null;
  unauthorizedAt: Date | null;
  /** `{at, code, wechat}` of the latest failed question about the account. */
  lastFailure: {
    at: string;
    code: string;
    wechat: { errcode: number; errmsg: string; rid: string | null } | null;
  } | null;
}

export interface AuthorizerFilter {
  state?: AuthorizerState;
  merchantId?: string;
  /** Only those that granted it. */
  permissionSet?: number;
  /** Only those that did not grant it. */
  lacksPermissionSet?: number;
  /** Only these; not together with `q`. */
  appids?: readonly string[];
  /** Part of appid, nick name or principal name, any letter case. */
  q?: string;
  /** The merchants the caller may see; null or absent: all accounts, also those not assigned yet. */
  merchantIds?: readonly string[] | null;
}

/** What an account had granted from a moment on. */
export interface GrantRow {
  changeId: number;
  changedAt: Date;
  state: AuthorizerState;
  permissionSets: number[];
  /** The sets of the row before; empty for the first. */
  previousSets: number[];
}

/** An account that a sweep may ask about. */
export interface SweepSubject {
  authorizerId: number;
  authorizerAppid: string;
  slot: number;
  hasPermissionSet18: boolean;
}

const LIST = 'authorizers';
const GRANTS = 'grants';

/** The accounts that authorized the platform: reads only, except for the assignment to a merchant. */
@Injectable()
export class AuthorizerDirectory {
  constructor(
    private readonly refs: AuthorizerRefs,
    private readonly store: AuthorizerStore,
    private readonly facts: AccountFacts,
  ) {}

  /** From memory, for hot paths; changes of other processes are seen within a second. `merchantIds` as in `get`. */
  ref(
    platform: PlatformRef,
    authorizerAppid: string,
    merchantIds: readonly string[] | null = null,
  ): Promise<AuthorizerRef | null> {
    return this.refs.ref(platform, authorizerAppid, merchantIds);
  }

  /** The same when it can be said without a promise; undefined: ask `ref`. */
  refAtHand(platform: PlatformRef, authorizerAppid: string): AuthorizerRef | undefined {
    return this.refs.atHand(platform, authorizerAppid);
  }

  /** `merchantIds` as in `AuthorizerFilter`: what is another tenant's does not exist. */
  async get(
    sql: Sql,
    platformId: number,
    authorizerAppid: string,
    merchantIds: readonly string[] | null = null,
  ): Promise<AuthorizerRow | null> {
    const [row] = await sql.query<AuthorizerRow>(BY_APPID, [platformId, authorizerAppid, merchantIds]);
    return row ?? null;
  }

  /** As `get`, by the surrogate id that other capabilities keep. */
  async byId(
    sql: Sql,
    platformId: number,
    authorizerId: number,
    merchantIds: readonly string[] | null = null,
  ): Promise<AuthorizerRow | null> {
    const [row] = await sql.query<AuthorizerRow>(BY_ID, [platformId, authorizerId, merchantIds]);
    return row ?? null;
  }

  /** Oldest first, by keyset: what is added while somebody pages comes at the end. @throws CursorError */
  async list(
    sql: Sql,
    platformId: number,
    filter: AuthorizerFilter,
    page: { limit: number; cursor?: string },
  ): Promise<{ items: AuthorizerRow[]; next_cursor: string | null }> {
    const [after] = page.cursor === undefined ? [0] : decodeCursor(LIST, page.cursor, ['number']);
    if (filter.q !== undefined) return this.search(sql, platformId, filter, after, page.limit);
    const values: unknown[] = [platformId, after, page.limit + 1];
    const conditions = ['platform_id = $1', 'authorizer_id > $2'];
    // Only conditions that apply: each shape of the question has its own plan and can use its own index.
    const add = (condition: (parameter: string) => string, value: unknown) => {
      values.push(value);
      conditions.push(condition(`$${values.length}`));
    };
    if (filter.state !== undefined) add((p) => `state = ${p}`, filter.state);
    if (filter.merchantId !== undefined) add((p) => `merchant_id = ${p}`, filter.merchantId);
    if (filter.merchantIds) add((p) => `merchant_id = ANY(${p}::text[])`, filter.merchantIds);
    if (filter.appids) add((p) => `authorizer_appid = ANY(${p}::text[])`, filter.appids);
    if (filter.permissionSet !== undefined) add((p) => `${p}::int = ANY(permission_sets)`, filter.permissionSet);
    if (filter.lacksPermissionSet !== undefined) {
      add((p) => `NOT (${p}::int = ANY(permission_sets))`, filter.lacksPermissionSet);
    }
    const text = `SELECT ${COLUMNS} FROM authorizers.authorizer WHERE ${conditions.join(' AND ')} ORDER BY authorizer_id LIMIT $3`;
    // Without a filter it walks the primary key, for every caller.
    const isPlain = values.length === 3;
    const rows = await sql.query<AuthorizerRow>(isPlain ? { name: 'authorizers.page', text } : text, values);
    return pageOf(
      LIST,
      rows,
      page.limit,
      (row) => row,
      (row) => [row.authorizerId],
    );
  }

  private async search(
    sql: Sql,
    platformId: number,
    filter: AuthorizerFilter,
    after: number,
    limit: number,
  ): Promise<{ items: AuthorizerRow[]; next_cursor: string | null }> {
    const rows = await sql.query<AuthorizerRow>(SEARCH, [
      platformId,
      filter.q,
      after,
      limit + 1,
      filter.merchantIds ?? null,
      filter.state ?? null,
      filter.merchantId ?? null,
      filter.permissionSet ?? null,
      filter.lacksPermissionSet ?? null,
    ]);
    return pageOf(
      LIST,
      rows,
      limit,
      (row) => row,
      (row) => [row.authorizerId],
    );
  }

  /** When which permission sets were granted, newest first. @throws CursorError */
  async grants(
    sql: Sql,
    platformId: number,
    authorizerId: number,
    page: { limit: number; cursor?: string },
  ): Promise<{ items: GrantRow[]; next_cursor: string | null }> {
    const [before] = page.cursor === undefined ? [null] : decodeCursor(GRANTS, page.cursor, ['number']);
    const rows = await sql.query<GrantRow>(LIST_GRANTS, [platformId, authorizerId, before, page.limit + 1]);
    return pageOf(
      GRANTS,
      rows,
      page.limit,
      (row) => row,
      (row) => [row.changeId],
    );
  }

  /**
   * Gives the account to a merchant; null takes it away.
   * @returns null when there is no such account for this caller
   * @throws AppError invalid_request naming merchant_id when there is no such merchant for this caller
   */
  async assign(
    sql: Sql,
    platformId: number,
    authorizerAppid: string,
    merchantId: string | null,
    by: { merchantIds: readonly string[] | null; actor: string; address?: string },
  ): Promise<AuthorizerRow | null> {
    const { merchantIds } = by;
    if (merchantId !== null) {
      const [merchant] = await sql.query(FIND_MERCHANT, [platformId, merchantId, merchantIds]);
      if (!merchant) throw AppError.invalid('merchant_id', 'is not a merchant of this platform');
    }
    const before = await this.get(sql, platformId, authorizerAppid, merchantIds);
    const [row] = await sql.query<AuthorizerRow>(ASSIGN_MERCHANT, [
      platformId,
      authorizerAppid,
      merchantId,
      merchantIds,
    ]);
    if (!row) return null;
    const change = { from: before?.merchantId ?? null, to: merchantId };
    await this.facts.assigned(sql, platformId, authorizerAppid, change, by);
    await this.store.changed(sql, platformId, authorizerAppid);
    return row;
  }

  /**
   * One page of the authorized mini programs of a slot range, in the order of (slot, authorizer_id). `slotTo` is included.
   */
  sweepPage(
    sql: Sql,
    platformId: number,
    range: {
      slotFrom: number;
      slotTo: number;
      after: { slot: number; authorizerId: number } | null;
      limit: number;
    },
  ): Promise<SweepSubject[]> {
    return sql.query<SweepSubject>(PAGE_OF_SWEEP, [
      platformId,
      range.slotFrom,
      range.slotTo,
      range.after?.slot ?? range.slotFrom,
      range.after?.authorizerId ?? 0,
      range.limit,
    ]);
  }
}
