import { Injectable } from '@nestjs/common';
import { IsNull, Not } from 'typeorm';
import { EventWriter } from '#libs/events';
import { AppError, Secret, Clock, Database, Sealer, type Sql } from '#libs/kernel';
import { decodeAesKey } from '#libs/wechat-wire';
import { TokenInvalidationChannel } from '../token-invalidation-channel.ts';
import type { WechatRefusal } from '../failures.ts';
import { PlatformDirectory, type PlatformRef, type PushKeys } from './platform-directory.ts';
import { sealContext } from '../seal-context.ts';
import { ComponentAccount } from './component-account.entity.ts';
import {
  COUNT_PREVIOUS_PUSH_SECRETS_USE,
  FORGET_TOKEN_FAILURES,
  INSERT_ACCOUNT,
  INSERT_EMPTY_TOKEN,
  NEXT_PLATFORM_ID,
  NOTE_MISCONFIGURED,
  PLATFORMS_WITH_TICKET,
  SELECT,
  SELECT_PUSH_SECRETS,
} from './component-accounts.sql.ts';

/** `misconfigured`: WeChat refuses the platform's own secret or address; `ticket_stale`: no push for two periods. */
export type PlatformState = 'awaiting_ticket' | 'ready' | 'ticket_stale' | 'misconfigured';

/** A platform as it may be shown; no secret is in it. */
export interface PlatformRow {
  platformId: number;
  componentAppid: string;
  name: string;
  state: PlatformState;
  ticketReceivedAt: Date | null;
  /** When WeChat stops accepting the newest ticket (12 h after it came). */
  ticketExpiresAt: Date | null;
  componentAccessTokenExpiresAt: Date | null;
  /** What WeChat said against the configuration; null unless `misconfigured`. */
  misconfigured: { at: Date; wechat: WechatRefusal | null } | null;
  createdAt: Date;
  /** The pair of push token and AES key before, while it still opens pushes; null: none. */
  previousPushSecrets: { validUntil: Date; pushesOpened: number; lastUsedAt: Date | null } | null;
}

export interface NewPlatform {
  componentAppid: string;
  componentAppsecret: Secret;
  /** WeChat's 消息校验Token. */
  token: Secret;
  /** 43 characters. */
  encodingAesKey: Secret;
  name: string;
}

export type PlatformPatch = Partial<Omit<NewPlatform, 'componentAppid'>> & {
  /** The push token and AES key before end at once, also those of an earlier replacement. */
  endPreviousPushSecrets?: boolean;
};

/** For how long a replaced push token or AES key still opens pushes, unless the request ends it at once. */
const PREVIOUS_SECRETS_HOURS = 24;

type Selected = Omit<PlatformRow, 'misconfigured' | 'previousPushSecrets'> & {
  previousUntil: Date | null;
  previousUsed: number;
  previousUsedAt: Date | null;
  misconfiguredAt: Date | null;
  misconfiguredWechat: WechatRefusal | null;
};

/** The platforms of the installation and their sealed secrets. */
@Injectable()
export class ComponentAccounts {
  private readonly directory: PlatformDirectory;

  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
    clock: Clock,
    private readonly channel: TokenInvalidationChannel,
    private readonly events: EventWriter,
  ) {
    this.directory = new PlatformDirectory(db, sealer, clock);
    channel.onPlatforms(() => this.directory.outdate());
  }

  /**
   * @throws AppError invalid_request naming the field: an appid that is already registered, a key of the wrong form
   */
  async create(sql: Sql, input: NewPlatform): Promise<PlatformRow> {
    assertAesKey(input.encodingAesKey);
    // The id is drawn first: it is part of what the secrets are bound to.
    const [drawn] = await sql.query<{ id: number }>(NEXT_PLATFORM_ID);
    const platformId = drawn!.id;
    const inserted = await sql.run(INSERT_ACCOUNT, [
      platformId,
      input.componentAppid,
      input.name,
      this.sealer.seal(input.componentAppsecret, sealContext.appsecret(platformId)),
      this.sealer.seal(input.token, sealContext.pushToken(platformId)),
      this.sealer.seal(input.encodingAesKey, sealContext.aesKey(platformId)),
    ]);
    if (inserted === 0) throw AppError.invalid('component_appid', 'is already registered, or still being removed');
    await sql.run(INSERT_EMPTY_TOKEN, [platformId]);
    await this.channel.platformChanged(sql);
    return (await this.byId(sql, platformId))!;
  }

  /**
   * Renames, or replaces secrets. The token and key before stay valid for incoming pushes for a day, or end at once; the app secret before is gone,
   * as it is at WeChat at once. A new secret ends the state `misconfigured` and every cool-down, so that it is tried now.
   * @throws AppError not_found, invalid_request
   */
  async update(sql: Sql, platformId: number, patch: PlatformPatch): Promise<PlatformRow> {
    if (patch.encodingAesKey) assertAesKey(patch.encodingAesKey);
    // A function, because on behalf of a tenant no sealed column can be read otherwise. It locks the row.
    const [row] = await sql.query<{ sealed_push_token: Buffer; sealed_aes_key: Buffer }>(SELECT_PUSH_SECRETS, [
      platformId,
    ]);
    if (!row) throw new AppError('not_found', 'there is no such platform');
    const before = await this.byId(sql, platformId);
    const values: unknown[] = [platformId];
    const changes: string[] = [];
    const set = (column: string, value: unknown) => changes.push(`${column} = $${values.push(value)}`);
    // Setting the value that is already set must not push the previous one out.
    const replace = (next: Secret | undefined, column: string, previous: string, sealed: Buffer, place: string) => {
      if (!next || this.sealer.open(sealed, place).equals(next)) return;
      set(column, this.sealer.seal(next, place));
      if (!patch.endPreviousPushSecrets) set(previous, sealed);
    };
    if (patch.name !== undefined) set('name', patch.name);
    replace(
      patch.token,
      'sealed_push_token',
      'sealed_previous_push_token',
      row.sealed_push_token,
      sealContext.pushToken(platformId),
    );
    replace(
      patch.encodingAesKey,
      'sealed_aes_key',
      'sealed_previous_aes_key',
      row.sealed_aes_key,
      sealContext.aesKey(platformId),
    );
    if (patch.endPreviousPushSecrets) {
      set('sealed_previous_push_token', null);
      set('sealed_previous_aes_key', null);
      set('previous_push_secrets_until', null);
    } else if (changes.some((change) => change.startsWith('sealed_previous_'))) {
      // One that has ended must not come back with the new time of the pair.
      for (const column of ['sealed_previous_push_token', 'sealed_previous_aes_key']) {
        if (!before?.previousPushSecrets && !changes.some((change) => change.startsWith(column))) set(column, null);
      }
      changes.push(
        `previous_push_secrets_until = wxfleet.now() + make_interval(hours => ${PREVIOUS_SECRETS_HOURS})`,
        'previous_push_secrets_used = 0',
        'previous_push_secrets_used_at = NULL',
      );
    }
    if (patch.componentAppsecret) {
      set('sealed_appsecret', this.sealer.seal(patch.componentAppsecret, sealContext.appsecret(platformId)));
      set('misconfigured_at', null);
      set('misconfigured_wechat', null);
    }
    // No expression reads a sealed column: the role of a tenant's transaction may write them only.
    await sql.run(
      `UPDATE custody.component_account SET ${[...changes, 'updated_at = wxfleet.now()'].join(', ')} WHERE platform_id = $1`,
      values,
    );
    if (patch.componentAppsecret) {
      if (before?.state === 'misconfigured') {
        await this.events.write(sql, [{ platformId, type: 'platform.ready', data: {} }]);
      }
      await sql.run(FORGET_TOKEN_FAILURES, [platformId]);
    }
    await this.channel.platformChanged(sql);
    return (await this.byId(sql, platformId))!;
  }

  async get(sql: Sql, componentAppid: string): Promise<PlatformRow | null> {
    const [row] = await sql.query<Selected>(`${SELECT} WHERE a.component_appid = $1 AND a.removing_at IS NULL`, [
      componentAppid,
    ]);
    return row ? shown(row) : null;
  }

  /** In order of creation; `after` is the last `platformId` of the page before. One row more than `limit` is never given. */
  async list(sql: Sql, page: { limit: number; after?: number }): Promise<PlatformRow[]> {
    const rows = await sql.query<Selected>(
      `${SELECT} WHERE a.platform_id > $1 AND a.removing_at IS NULL ORDER BY a.platform_id LIMIT $2`,
      [page.after ?? 0, page.limit],
    );
    return rows.map(shown);
  }

  /** From memory; asks the database for an appid not seen before, at most twice a second. */
  ref(componentAppid: string): Promise<PlatformRef | null> {
    return this.directory.ref(componentAppid);
  }

  /** From memory, by the id that rows carry. */
  async refOf(platformId: number): Promise<PlatformRef | null> {
    return (await this.directory.byId(platformId)) ?? null;
  }

  /** Every platform, from memory. */
  refs(): Promise<PlatformRef[]> {
    return this.directory.all();
  }

  /** Those that have ever had a ticket; before the first one nothing can be asked of WeChat in a platform's name. */
  withTicket(): Promise<PlatformRef[]> {
    return this.db.query<PlatformRef>(PLATFORMS_WITH_TICKET);
  }

  /** From memory. The current token and key come first. @throws SealError when the master key is missing or wrong */
  pushKeys(componentAppid: string): Promise<PushKeys | null> {
    return this.directory.pushKeys(componentAppid);
  }

  /** A push was opened by the pair of token and AES key before. */
  async countPreviousPushSecrets(platformId: number): Promise<void> {
    await this.db.run(COUNT_PREVIOUS_PUSH_SECRETS_USE, [platformId]);
  }

  /** The app secret, for the calls that need it. @throws SealError when the master key is missing or wrong */
  async appsecret(sql: Sql, platformId: number): Promise<Secret> {
    const account = await sql
      .repository(ComponentAccount)
      .findOne({ where: { platformId }, select: { platformId: true, sealedAppsecret: true } });
    if (!account) throw new AppError('not_found', 'there is no such platform');
    return this.sealer.open(account.sealedAppsecret, sealContext.appsecret(platformId));
  }

  /** WeChat refused the platform's own credentials or address. */
  async misconfigured(platformId: number, wechat: WechatRefusal | null): Promise<void> {
    await this.db.transaction(async (sql) => {
      const [row] = await sql.query<{ is_new: boolean }>(NOTE_MISCONFIGURED, [
        platformId,
        wechat === null ? null : JSON.stringify(wechat),
      ]);
      if (!row?.is_new) return;
      const data = {
        code: 'platform_misconfigured' as const,
        wechat: wechat && { errcode: wechat.errcode, rid: wechat.rid },
      };
      await this.events.write(sql, [{ platformId, type: 'platform.misconfigured', data }]);
    });
  }

  /** A call worked that could not have worked with a wrong configuration. `sql` is a transaction. */
  async configured(sql: Sql, platformId: number): Promise<void> {
    const { affected } = await sql
      .repository(ComponentAccount)
      .update({ platformId, misconfiguredAt: Not(IsNull()) }, { misconfiguredAt: null, misconfiguredWechat: null });
    if (affected === 1) await this.events.write(sql, [{ platformId, type: 'platform.ready', data: {} }]);
  }

  /**
   * Opens one secret of every platform, so that a wrong or missing master key stops the start instead of the first call.
   * @throws SealError that names the key
   */
  async assertKeys(sql: Sql = this.db): Promise<void> {
    const accounts = await sql
      .repository(ComponentAccount)
      .find({ select: { platformId: true, sealedAppsecret: true }, order: { platformId: 'ASC' } });
    for (const { platformId, sealedAppsecret } of accounts) {
      this.sealer.open(sealedAppsecret, sealContext.appsecret(platformId));
    }
  }

  private async byId(sql: Sql, platformId: number): Promise<PlatformRow | null> {
    const [row] = await sql.query<Selected>(`${SELECT} WHERE a.platform_id = $1 AND a.removing_at IS NULL`, [
      platformId,
    ]);
    return row ? shown(row) : null;
  }
}

function shown(selected: Selected): PlatformRow {
  const { misconfiguredAt, misconfiguredWechat, previousUntil, previousUsed, previousUsedAt, ...row } = selected;
  return {
    ...row,
    previousPushSecrets: previousUntil && {
      validUntil: previousUntil,
      pushesOpened: previousUsed,
      lastUsedAt: previousUsedAt,
    },
    misconfigured: misconfiguredAt && { at: misconfiguredAt, wechat: misconfiguredWechat },
  };
}

function assertAesKey(key: Secret): void {
  try {
    decodeAesKey(key.reveal());
  } catch {
    // The cause would carry nothing but the same sentence.
    throw AppError.invalid('encoding_aes_key', 'must be exactly 43 characters of A-Z, a-z and 0-9');
  }
}
