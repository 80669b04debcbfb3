import { Injectable } from '@nestjs/common';
import { TokenInvalidationChannel } from '#libs/custody';
import type { Sql } from '#libs/kernel';
import { AccountFacts, type KnownBy } from './account-facts.ts';
import { slotOf } from './slot.ts';
import {
  AUTHORIZE,
  CONFIRM_AUTHORIZATION,
  DESCRIBE_ACCOUNT,
  FIND_APPLIED_EVENT,
  INSERT_UNKNOWN_AUTHORIZER,
  LOCK_AUTHORIZER,
  NOTE_INFO_FAILURE,
  RECORD_EVENT,
  RECORD_EVENTS,
  REQUIRE_REAUTHORIZATION,
  SELECT_AUTHORIZER,
  UNAUTHORIZE,
} from './authorizer-store.sql.ts';

export type AuthorizerState = 'authorized' | 'unauthorized' | 'reauthorization_required';
export type AccountKind = 'mini_program' | 'official_account' | 'other';

/** The row as a transaction holds it. */
export interface LockedAuthorizer {
  platformId: number;
  authorizerId: number;
  authorizerAppid: string;
  merchantId: string | null;
  state: AuthorizerState;
  /** Null until WeChat has told it. */
  kind: AccountKind | null;
  permissionSets: number[];
  authorizedAt: Date | null;
  /** WeChat's CreateTime of the newest event applied. */
  stateEventAt: Date | null;
  infoFetchedAt: Date | null;
  /** Changes with every change of the row; what was read before a call to WeChat is compared with it after. */
  version: string;
  /** Database time of the latest change. */
  updatedAt: Date;
  isNew: boolean;
}

export type EventKind =
  'authorized' | 'updateauthorized' | 'unauthorized' | 'registered' | 'redirect' | 'reconciliation' | 'verification';
export type EventEffect = 'applied' | 'superseded' | 'repeated' | 'failed';

/** Statements on `authorizers.authorizer` and its history. Every method runs in the caller's transaction. */
@Injectable()
export class AuthorizerStore {
  constructor(
    private readonly news: TokenInvalidationChannel,
    private readonly facts: AccountFacts,
  ) {}

  /** Tells every process that what it remembers of these accounts is outdated, at the commit of `sql`. */
  changed(sql: Sql, platformId: number, ...authorizerAppids: string[]): Promise<void> {
    return this.news.tokensChanged(sql, platformId, authorizerAppids);
  }

  async read(sql: Sql, platformId: number, authorizerAppid: string): Promise<LockedAuthorizer | null> {
    const [row] = await sql.query<LockedAuthorizer>(SELECT_AUTHORIZER, [platformId, authorizerAppid]);
    return row ?? null;
  }

  async lock(sql: Sql, platformId: number, authorizerAppid: string): Promise<LockedAuthorizer | null> {
    const [row] = await sql.query<LockedAuthorizer>(LOCK_AUTHORIZER, [platformId, authorizerAppid]);
    return row ?? null;
  }

  /** A row that did not exist begins as unauthorized and without a time: whatever comes next is newer. */
  async lockOrCreate(sql: Sql, platformId: number, authorizerAppid: string): Promise<LockedAuthorizer> {
    const present = await this.lock(sql, platformId, authorizerAppid);
    if (present) return present;
    const created = await sql.run(INSERT_UNKNOWN_AUTHORIZER, [platformId, authorizerAppid, slotOf(authorizerAppid)]);
    const row = await this.lock(sql, platformId, authorizerAppid);
    if (!row) throw new Error('an authorizer vanished although none is ever deleted');
    return { ...row, isNew: created === 1 };
  }

  /**
   * WeChat gave tokens or said that the account is authorized. `at`: when, by WeChat; absent: now. `eventAt` moves the time
   * that later events are compared with. What the account is will be asked again, so `info_fetched_at` is cleared.
   */
  async authorize(
    sql: Sql,
    row: LockedAuthorizer,
    change: { by: KnownBy; permissionSets?: readonly number[]; at?: Date | null; eventAt?: Date | null },
  ): Promise<void> {
    await sql.run(AUTHORIZE, [
      row.platformId,
      row.authorizerId,
      change.permissionSets ?? null,
      change.at ?? null,
      change.eventAt ?? null,
    ]);
    const fact = factOf(row, change.permissionSets ?? row.permissionSets, change.by, change.at);
    if (row.state !== 'authorized') await this.facts.granted(sql, row.platformId, fact);
    else if (isOther(fact)) await this.facts.updated(sql, row.platformId, fact);
  }

  /** An event that confirms what the row says already: only its time counts. */
  async confirm(sql: Sql, row: LockedAuthorizer, eventAt: Date): Promise<void> {
    await sql.run(CONFIRM_AUTHORIZATION, [row.platformId, row.authorizerId, eventAt]);
  }

  async unauthorize(
    sql: Sql,
    row: LockedAuthorizer,
    change: { by: KnownBy; at?: Date | null; eventAt?: Date | null },
  ): Promise<void> {
    await sql.run(UNAUTHORIZE, [row.platformId, row.authorizerId, change.at ?? null, change.eventAt ?? null]);
    const fact = factOf(row, row.permissionSets, change.by, change.at);
    if (row.state !== 'unauthorized') await this.facts.revoked(sql, row.platformId, fact);
  }

  /** WeChat has the account as authorized, but no refresh token of it is to be had. */
  async requireReauthorization(sql: Sql, row: LockedAuthorizer, eventAt: Date | null = null): Promise<void> {
    await sql.run(REQUIRE_REAUTHORIZATION, [row.platformId, row.authorizerId, eventAt]);
  }

  /** What `api_get_authorizer_info` said to a question of the moment `askedAt`. What could not be read stays as it was. */
  async describe(
    sql: Sql,
    row: LockedAuthorizer,
    askedAt: Date,
    info: {
      kind: AccountKind | null;
      nickName: string | null;
      principalName: string | null;
      userName: string | null;
      permissionSets: readonly number[] | null;
      unreadable: readonly string[];
    },
  ): Promise<void> {
    await sql.run(DESCRIBE_ACCOUNT, [
      row.platformId,
      row.authorizerId,
      info.kind,
      storable(info.nickName),
      storable(info.principalName),
      storable(info.userName),
      info.permissionSets,
      askedAt,
      info.unreadable,
    ]);
    const fact = factOf(row, info.permissionSets ?? row.permissionSets, 'reconciliation');
    // One that becomes authorized with this answer is told as granted.
    if (row.state === 'authorized' && isOther(fact)) await this.facts.updated(sql, row.platformId, fact);
  }

  /** Notes a failed question about the account; it changes nothing that is known about it. */
  async noteFailure(
    sql: Sql,
    platformId: number,
    authorizerAppid: string,
    failure: { code: string; wechat: { errcode: number; errmsg: string; rid: string | null } | null },
  ): Promise<void> {
    await sql.run(NOTE_INFO_FAILURE, [
      platformId,
      authorizerAppid,
      failure.code,
      failure.wechat ? JSON.stringify(failure.wechat) : null,
    ]);
  }

  /** Whether the very same event has had its effect before; WeChat encrypts a repetition again. */
  async wasApplied(sql: Sql, row: LockedAuthorizer, kind: EventKind, wechatCreatedAt: Date): Promise<boolean> {
    const [found] = await sql.query(FIND_APPLIED_EVENT, [row.platformId, row.authorizerAppid, kind, wechatCreatedAt]);
    return found !== undefined;
  }

  /** Appends to the account's history. Details hold no code and no token. */
  async record(
    sql: Sql,
    platformId: number,
    authorizerAppid: string,
    event: { kind: EventKind; effect: EventEffect; wechatCreatedAt?: Date | null; detail?: Record<string, unknown> },
  ): Promise<void> {
    await sql.run(RECORD_EVENT, [
      platformId,
      authorizerAppid,
      event.kind,
      event.wechatCreatedAt ?? null,
      event.effect,
      event.detail ?? {},
    ]);
  }

  /** The same event for many accounts, each with its detail. */
  async recordMany(
    sql: Sql,
    platformId: number,
    event: { kind: EventKind; effect: EventEffect },
    details: ReadonlyMap<string, Record<string, unknown>>,
  ): Promise<void> {
    await sql.run(RECORD_EVENTS, [
      platformId,
      event.kind,
      event.effect,
      [...details.keys()],
      [...details.values()].map((detail) => JSON.stringify(detail)),
    ]);
  }
}

function factOf(row: LockedAuthorizer, permissionSets: readonly number[], by: KnownBy, at?: Date | null) {
  const { authorizerAppid, merchantId, permissionSets: previousPermissionSets } = row;
  return { authorizerAppid, merchantId, permissionSets, previousPermissionSets, by, at: at ?? null };
}

function isOther({ permissionSets, previousPermissionSets }: ReturnType<typeof factOf>): boolean {
  return permissionSets.join() !== previousPermissionSets.join();
}

/** Names come as merchants typed them. PostgreSQL's text holds neither NUL nor half of a surrogate pair. */
function storable(text: string | null): string | null {
  return text === null ? null : Buffer.from(text.replaceAll('\u0000', '')).toString();
}
