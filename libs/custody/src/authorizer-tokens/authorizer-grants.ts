import { Injectable } from '@nestjs/common';
import { EventWriter } from '#libs/events';
import { Sealer, type Secret, type Sql } from '#libs/kernel';
import type { AuthorizerTokenState } from './authorizer-token-rows.ts';
import { TokenInvalidationChannel } from '../token-invalidation-channel.ts';
import { effectiveExpiry, refreshAfterSeconds } from '../refresh/refresh-schedule.ts';
import { sealContext } from '../seal-context.ts';
import { CONFIRM_TOKENS, LOCK_PRESENT, RESUME_TOKENS, SUSPEND_TOKENS, UPSERT_TOKENS } from './authorizer-grants.sql.ts';

/** Tokens of one merchant as WeChat gave them, by `api_query_auth`, `api_get_authorizer_info` or `api_get_authorizer_list`. */
export interface KeptGrant {
  refreshToken?: Secret | null;
  accessToken?: Secret | null;
  /** Life of the access token from `fetchedAt` on. */
  expiresInSeconds?: number | null;
  /** Database time at or before the call that brought them; default: now. */
  fetchedAt?: Date;
  /**
   * The refresh token is one that WeChat names and not one that it has just given. Of an account whose tokens are lost, one
   * that is here already has been refused, and is not taken again. Where a usable one came after WeChat was asked
   * (`fetchedAt`), the named one may be older, and is not taken either.
   */
  isNamed?: boolean;
}

/**
 * - `created` there was nothing before; `replaced` another refresh token was here and is now the previous one
 * - `same` the refresh token is the one that was here; `without_token` the grant has none, and what is here stays
 * - `refused` WeChat names a token that it has refused: nothing changes, the account stays lost
 * - `outdated` WeChat was asked before the usable token that is here came: nothing changes
 */
export type KeepOutcome = 'created' | 'replaced' | 'same' | 'without_token' | 'refused' | 'outdated';

interface Present {
  authorizer_appid: string;
  state: AuthorizerTokenState;
  sealed_refresh_token: Buffer | null;
  sealed_previous_refresh_token: Buffer | null;
  refresh_token_received_at: Date | null;
  updated_at: Date;
}

interface Write {
  appid: string;
  outcome: KeepOutcome;
  refreshToken: Buffer | null;
  /** What is kept beside `refreshToken`; null: what was here. */
  previousRefreshToken: Buffer | null;
  accessToken: Buffer | null;
  lifeSeconds: number | null;
  refreshSeconds: number | null;
  fetchedAt: Date | null;
}

/** Takes refresh tokens into custody, and suspends and resumes them. Nothing here ever replaces a token by none. */
@Injectable()
export class AuthorizerGrants {
  constructor(
    private readonly sealer: Sealer,
    private readonly channel: TokenInvalidationChannel,
    private readonly events: EventWriter,
  ) {}

  /**
   * Keeps what came and makes the account usable. A refresh that is under way with older tokens is superseded by this. The
   * refresh token that was here stays as the previous one until the new one has worked. One that has not worked itself by
   * then goes, and the one that last worked stays: a row with a previous token is one whose present token has not worked.
   */
  async keepMany(
    sql: Sql,
    platformId: number,
    grants: ReadonlyMap<string, KeptGrant>,
  ): Promise<Map<string, KeepOutcome>> {
    const appids = [...grants.keys()].sort();
    if (appids.length === 0) return new Map();
    const present = new Map(
      (await sql.query<Present>(LOCK_PRESENT, [platformId, appids])).map((row) => [row.authorizer_appid, row]),
    );
    const writes: Write[] = [];
    const confirmed: Write[] = [];
    const outcomes = new Map<string, KeepOutcome>();
    for (const appid of appids) {
      const grant = grants.get(appid)!;
      if (this.isRefused(platformId, appid, grant, present.get(appid))) {
        outcomes.set(appid, 'refused');
        continue;
      }
      if (isOutdated(grant, present.get(appid))) {
        outcomes.set(appid, 'outdated');
        continue;
      }
      const write = this.writeOf(platformId, appid, grant, present.get(appid));
      outcomes.set(appid, write.outcome);
      const isNews = write.outcome === 'created' || write.outcome === 'replaced' || write.accessToken !== null;
      if (isNews || present.get(appid)?.state !== 'usable') writes.push(write);
      else if (write.outcome === 'same') confirmed.push(write);
    }
    if (confirmed.length > 0) await this.confirm(sql, platformId, confirmed);
    if (writes.length > 0) {
      await this.write(sql, platformId, writes);
      await this.events.write(
        sql,
        writes.flatMap(({ appid: authorizerAppid, refreshToken }) => {
          const before = present.get(authorizerAppid);
          const isRecovered = before?.state === 'lost' && (refreshToken ?? before.sealed_refresh_token) !== null;
          // A lost row is not written again before it recovers.
          return isRecovered
            ? [
                {
                  platformId,
                  type: 'token.recovered' as const,
                  authorizerAppid,
                  data: { since: before.updated_at.toISOString() },
                },
              ]
            : [];
        }),
      );
      await this.channel.tokensChanged(
        sql,
        platformId,
        writes.map((write) => write.appid),
      );
    }
    return outcomes;
  }

  /** The authorization ended: nothing is handed out any more, and the refresh token is kept in case that was not so. */
  async suspend(sql: Sql, platformId: number, authorizerAppid: string): Promise<boolean> {
    const changed = await sql.run(SUSPEND_TOKENS, [platformId, authorizerAppid]);
    if (changed > 0) await this.channel.tokensChanged(sql, platformId, [authorizerAppid]);
    return changed > 0;
  }

  /** Takes a suspension back: the kept refresh token is used again. False when there was nothing to resume. */
  async resume(sql: Sql, platformId: number, authorizerAppid: string): Promise<boolean> {
    const changed = await sql.run(RESUME_TOKENS, [platformId, authorizerAppid]);
    if (changed > 0) await this.channel.tokensChanged(sql, platformId, [authorizerAppid]);
    return changed > 0;
  }

  /** The same tokens came again: nothing changes but the time at which WeChat said so. */
  private async confirm(sql: Sql, platformId: number, writes: readonly Write[]): Promise<void> {
    await sql.run(CONFIRM_TOKENS, [
      platformId,
      writes.map((write) => write.appid),
      writes.map((write) => write.fetchedAt),
    ]);
  }

  private isRefused(platformId: number, appid: string, grant: KeptGrant, present: Present | undefined): boolean {
    const { refreshToken, isNamed } = grant;
    if (!isNamed || !refreshToken || present?.state !== 'lost') return false;
    const place = sealContext.refreshToken(platformId, appid);
    return [present.sealed_refresh_token, present.sealed_previous_refresh_token].some(
      (sealed) => sealed !== null && this.sealer.open(sealed, place).equals(refreshToken),
    );
  }

  private writeOf(platformId: number, appid: string, grant: KeptGrant, present: Present | undefined): Write {
    const place = sealContext.refreshToken(platformId, appid);
    const given = grant.refreshToken ?? null;
    const same =
      given !== null &&
      present?.sealed_refresh_token != null &&
      this.sealer.open(present.sealed_refresh_token, place).equals(given);
    const named = grant.accessToken ? (grant.expiresInSeconds ?? null) : null;
    const life = named === null ? null : effectiveExpiry(named);
    return {
      appid,
      outcome: same
        ? 'same'
        : given === null && present
          ? 'without_token'
          : present?.sealed_refresh_token
            ? 'replaced'
            : 'created',
      refreshToken: given === null || same ? null : this.sealer.seal(given, place),
      previousRefreshToken: given === null || !present ? null : this.previousOf(present, given, place),
      accessToken:
        grant.accessToken && life !== null
          ? this.sealer.seal(grant.accessToken, sealContext.accessToken(platformId, appid))
          : null,
      lifeSeconds: life,
      refreshSeconds: life === null ? null : refreshAfterSeconds(appid, life),
      fetchedAt: grant.fetchedAt ?? null,
    };
  }

  /** Which of two tokens that are here stays beside a third one, or beside one of them. */
  private previousOf(present: Present, given: Secret, place: string): Buffer | null {
    const { sealed_refresh_token: current, sealed_previous_refresh_token: previous } = present;
    // Of a lost account neither works; the later one tells a token that WeChat has refused.
    if (previous === null || present.state === 'lost') return current;
    // The previous one comes back: the one that came between may be its successor all the same.
    return this.sealer.open(previous, place).equals(given) ? current : previous;
  }

  private async write(sql: Sql, platformId: number, writes: readonly Write[]): Promise<void> {
    await sql.run(UPSERT_TOKENS, [
      platformId,
      writes.map((write) => write.appid),
      writes.map((write) => write.refreshToken),
      writes.map((write) => write.accessToken),
      writes.map((write) => write.lifeSeconds),
      writes.map((write) => write.refreshSeconds),
      writes.map((write) => write.fetchedAt),
      writes.map((write) => write.previousRefreshToken),
    ]);
  }
}

/** A token that WeChat named before the usable one came that is here. */
function isOutdated({ isNamed, fetchedAt }: KeptGrant, present: Present | undefined): boolean {
  if (!isNamed || !fetchedAt || present?.state !== 'usable' || present.sealed_refresh_token === null) return false;
  return present.refresh_token_received_at !== null && fetchedAt < present.refresh_token_received_at;
}
