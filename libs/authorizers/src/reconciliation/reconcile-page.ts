import { Injectable } from '@nestjs/common';
import { AuthorizerTokens, type HeldTokens, type KeptGrant, type PlatformRef } from '#libs/custody';
import { JobQueue, runBounded } from '#libs/jobs';
import { Database, Log, type Secret, type Sql } from '#libs/kernel';
import { AccountFacts } from '../accounts/account-facts.ts';
import { type AuthorizerState, AuthorizerStore } from '../accounts/authorizer-store.ts';
import { detailsRequests } from '../details/details.ts';
import { type ReconciliationClaim, type ReconciliationCounts, ReconciliationStore } from './reconcile-store.ts';
import { BULK_PRIORITY } from '../jobs.ts';
import { slotOf } from '../accounts/slot.ts';
import { AuthorizerVerification } from '../details/verification.ts';

/** One account of WeChat's list. `authTime` in Unix seconds. */
export interface ListedAccount {
  authorizerAppid: string;
  refreshToken: Secret | null;
  authTime: number | null;
}

/** Questions about single accounts at once, in one run. */
const CONCURRENCY = 8;
const GIVEN_UP = { state: 'reauthorization_required' };

type Verdict = Exclude<keyof ReconciliationCounts, 'listed' | 'markedUnauthorized'>;

/**
 * Compares accounts that WeChat lists with what is here. What is missing is added, what is broken repaired; nothing is
 * deleted and no token is replaced by nothing.
 */
@Injectable()
export class ReconciliationPages {
  constructor(
    private readonly db: Database,
    private readonly store: AuthorizerStore,
    private readonly facts: AccountFacts,
    private readonly runs: ReconciliationStore,
    private readonly tokens: AuthorizerTokens,
    private readonly verification: AuthorizerVerification,
    private readonly jobs: JobQueue,
    private readonly log: Log,
  ) {}

  /**
   * Deals with one page; all that it writes, and the new position, is one transaction under the run's lease. Entries that
   * could not be read count as failed, and conclude nothing about their accounts.
   * @returns false when it was told to stop before it wrote anything
   */
  async apply(
    platform: PlatformRef,
    claim: ReconciliationClaim,
    page: { items: readonly ListedAccount[]; unreadable: readonly (string | null)[] },
    askedAt: Date,
    position: { nextOffset: number; totalCount: number },
    detailsMaxAgeSeconds: number,
    signal?: AbortSignal,
  ): Promise<boolean> {
    // In the order of the appids: accounts are locked one after the other.
    const items = [...page.items].sort((one, other) => (one.authorizerAppid < other.authorizerAppid ? -1 : 1));
    const byAppid = new Map(items.map((account) => [account.authorizerAppid, account]));
    const named = [...new Set(page.unreadable)].filter((appid) => appid !== null && !byAppid.has(appid)) as string[];
    const nameless = page.unreadable.filter((appid) => appid === null).length;
    if (page.unreadable.length > 0) {
      const { platformId } = platform;
      const { unreadable } = page;
      this.log.warn('reconciliation.entries_unreadable', {
        platformId,
        count: unreadable.length,
        named: named.slice(0, 20),
      });
    }
    const seen = await this.runs.seen(this.db, claim, [...byAppid.keys(), ...named]);
    const unreadable = named.filter((appid) => !seen.has(appid));
    const fresh = [...byAppid.values()].filter((account) => !seen.has(account.authorizerAppid));
    const states = await this.states(
      platform.platformId,
      fresh.map((account) => account.authorizerAppid),
    );
    // The list may lag behind a withdrawal (61003 was seen for listed accounts), so a state is turned only by a question
    // about that very account.
    const doubtful = fresh.filter((account) => (states.get(account.authorizerAppid) ?? 'authorized') !== 'authorized');
    const verdicts = await this.verify(platform, doubtful, states, signal);
    if (signal?.aborted) return false;
    await this.db.transaction(async (sql) => {
      const plain = fresh.filter((account) => !verdicts.has(account.authorizerAppid));
      const unknown = plain.filter((account) => !states.has(account.authorizerAppid));
      const known = plain.filter((account) => states.has(account.authorizerAppid));
      for (const [appid, verdict] of await this.create(sql, platform.platformId, unknown, askedAt)) {
        verdicts.set(appid, verdict);
      }
      for (const [appid, verdict] of await this.repair(sql, platform.platformId, known, askedAt)) {
        verdicts.set(appid, verdict);
      }
      const odd = unreadable.length + nameless;
      const counts: Partial<ReconciliationCounts> = { listed: fresh.length + odd, failed: odd };
      for (const verdict of verdicts.values()) counts[verdict] = (counts[verdict] ?? 0) + 1;
      const knownAppids = known.map((account) => account.authorizerAppid);
      await this.readDetailsAgain(sql, platform.platformId, knownAppids, detailsMaxAgeSeconds);
      await this.runs.see(sql, claim, [...fresh.map((account) => account.authorizerAppid), ...unreadable]);
      await this.runs.advance(sql, claim, counts, position);
    });
    return true;
  }

  private async states(platformId: number, appids: readonly string[]): Promise<Map<string, AuthorizerState>> {
    const rows = await this.db.query<{ appid: string; state: AuthorizerState }>(
      `SELECT authorizer_appid AS appid, state FROM authorizers.authorizer
        WHERE platform_id = $1 AND authorizer_appid = ANY($2)`,
      [platformId, appids],
    );
    return new Map(rows.map((row) => [row.appid, row.state]));
  }

  private async verify(
    platform: PlatformRef,
    accounts: readonly ListedAccount[],
    states: ReadonlyMap<string, AuthorizerState>,
    signal?: AbortSignal,
  ): Promise<Map<string, Verdict>> {
    const verdicts = new Map<string, Verdict>();
    await runBounded(
      accounts,
      CONCURRENCY,
      async ({ authorizerAppid, refreshToken }) => {
        const neverExchanged = refreshToken === null;
        if (neverExchanged && states.get(authorizerAppid) === 'reauthorization_required') {
          verdicts.set(authorizerAppid, 'withoutRefreshToken');
          return;
        }
        try {
          const options = {
            priority: 'background',
            cause: 'reconciliation',
            neverExchanged,
            listedToken: refreshToken,
            signal,
          } as const;
          const outcome = await this.verification.run(platform, authorizerAppid, options);
          verdicts.set(
            authorizerAppid,
            outcome === 'recovered' ? 'recovered' : neverExchanged ? 'withoutRefreshToken' : 'unchanged',
          );
        } catch (error) {
          this.log.warn('reconciliation.account_failed', { authorizerAppid, error });
          verdicts.set(authorizerAppid, 'failed');
        }
      },
      signal,
    );
    return verdicts;
  }

  /** Accounts that are authorized here too. */
  private async repair(
    sql: Sql,
    platformId: number,
    accounts: readonly ListedAccount[],
    askedAt: Date,
  ): Promise<Map<string, Verdict>> {
    const appids = accounts.map((account) => account.authorizerAppid);
    const held = await this.tokens.held(sql, platformId, appids);
    const verdicts = new Map<string, Verdict>();
    const grants = new Map<string, KeptGrant>();
    const details = new Map<string, Record<string, unknown>>();
    for (const account of accounts) {
      const { authorizerAppid, refreshToken } = account;
      const { isUsable, isOld } = standingOf(account, held.get(authorizerAppid));
      if (refreshToken === null) {
        verdicts.set(authorizerAppid, 'withoutRefreshToken');
        if (isUsable && !isOld) continue;
        if (await this.giveUp(sql, platformId, account)) details.set(authorizerAppid, GIVEN_UP);
      } else if ((isUsable && !isOld) || !(await this.needsListed(sql, platformId, account))) {
        verdicts.set(authorizerAppid, 'unchanged');
      } else {
        verdicts.set(authorizerAppid, 'recovered');
        grants.set(authorizerAppid, { refreshToken, fetchedAt: askedAt, isNamed: true });
        details.set(authorizerAppid, { refresh_token: isUsable ? 'renewed' : 'recovered' });
      }
    }
    for (const [authorizerAppid, outcome] of await this.tokens.keepMany(sql, platformId, grants)) {
      if (outcome !== 'refused' && outcome !== 'outdated') continue;
      details.delete(authorizerAppid);
      verdicts.set(authorizerAppid, outcome === 'refused' ? 'failed' : 'unchanged');
      if (outcome === 'outdated') continue;
      const account = accounts.find((each) => each.authorizerAppid === authorizerAppid) as ListedAccount;
      if (await this.giveUp(sql, platformId, account)) details.set(authorizerAppid, GIVEN_UP);
    }
    await this.note(sql, platformId, details);
    return verdicts;
  }

  /**
   * Whether the token of the list is still of use, looked at under the account's lock: a withdrawal, or a new authorization
   * that was exchanged since the list was asked for, is newer. The lock of an account comes before that of its tokens, as
   * with the exchange of a code.
   */
  private async needsListed(sql: Sql, platformId: number, account: ListedAccount): Promise<boolean> {
    const { authorizerAppid } = account;
    const row = await this.store.lock(sql, platformId, authorizerAppid);
    if (row?.state !== 'authorized') return false;
    const held = await this.tokens.held(sql, platformId, [authorizerAppid]);
    const { isUsable, isOld } = standingOf(account, held.get(authorizerAppid));
    return !isUsable || isOld;
  }

  /**
   * Authorized at WeChat, without a refresh token that could be of use: the merchant has to come again. Looked at once more
   * under the lock, because the code of a new authorization may have been exchanged since.
   */
  private async giveUp(sql: Sql, platformId: number, account: ListedAccount): Promise<boolean> {
    const { authorizerAppid } = account;
    const row = await this.store.lock(sql, platformId, authorizerAppid);
    if (row?.state !== 'authorized') return false;
    const held = await this.tokens.held(sql, platformId, [authorizerAppid]);
    const { isUsable, isOld } = standingOf(account, held.get(authorizerAppid));
    if (isUsable && !isOld) return false;
    await this.store.requireReauthorization(sql, row);
    return true;
  }

  /** Accounts whose authorization we never heard of. */
  private async create(
    sql: Sql,
    platformId: number,
    accounts: readonly ListedAccount[],
    askedAt: Date,
  ): Promise<Map<string, Verdict>> {
    if (accounts.length === 0) return new Map();
    const rows = await sql.query<{ appid: string }>(
      `INSERT INTO authorizers.authorizer (platform_id, authorizer_appid, slot, state, authorized_at)
       SELECT $1, a.appid, a.slot, a.state, coalesce(to_timestamp(a.auth_time), wxfleet.now())
         FROM unnest($2::text[], $3::int[], $4::text[], $5::float8[]) AS a (appid, slot, state, auth_time)
        ORDER BY a.appid
       ON CONFLICT (platform_id, authorizer_appid) DO NOTHING
       RETURNING authorizer_appid AS appid`,
      [
        platformId,
        accounts.map((account) => account.authorizerAppid),
        accounts.map((account) => slotOf(account.authorizerAppid)),
        accounts.map((account) => (account.refreshToken ? 'authorized' : 'reauthorization_required')),
        accounts.map((account) => account.authTime),
      ],
    );
    const created = new Set(rows.map((row) => row.appid));
    const grants = new Map<string, KeptGrant>();
    const verdicts = new Map<string, Verdict>();
    for (const { authorizerAppid, refreshToken } of accounts) {
      // One that is not new after all: its event came while the list was being read.
      const isNew = created.has(authorizerAppid);
      verdicts.set(authorizerAppid, !isNew ? 'unchanged' : refreshToken ? 'created' : 'withoutRefreshToken');
      if (isNew && refreshToken) grants.set(authorizerAppid, { refreshToken, fetchedAt: askedAt });
    }
    await this.tokens.keepMany(sql, platformId, grants);
    const known = accounts.filter((account) => created.has(account.authorizerAppid) && account.refreshToken);
    await this.facts.granted(
      sql,
      platformId,
      ...known.map(({ authorizerAppid }) => ({
        authorizerAppid,
        merchantId: null,
        // The list does not tell them; they come with the details.
        permissionSets: [],
        previousPermissionSets: [],
        by: 'reconciliation' as const,
      })),
    );
    await this.note(sql, platformId, new Map([...created].map((appid) => [appid, { created: true }])));
    await this.jobs.addMany(sql, await detailsRequests(sql, platformId, [...created], 0));
    return verdicts;
  }

  /** The list tells no permission sets: a lost `updateauthorized` is found by asking about the account itself. */
  private async readDetailsAgain(
    sql: Sql,
    platformId: number,
    appids: readonly string[],
    maxAgeSeconds: number,
  ): Promise<void> {
    const rows = await sql.query<{ appid: string }>(
      `SELECT authorizer_appid AS appid FROM authorizers.authorizer
        WHERE platform_id = $1 AND authorizer_appid = ANY($2) AND state = 'authorized'
          AND coalesce(info_asked_at, '-infinity') <= wxfleet.now() - make_interval(secs => $3)
        ORDER BY authorizer_id`,
      [platformId, appids, maxAgeSeconds],
    );
    const stale = rows.map((row) => row.appid);
    await this.jobs.addMany(sql, await detailsRequests(sql, platformId, stale, BULK_PRIORITY));
  }

  private async note(
    sql: Sql,
    platformId: number,
    details: ReadonlyMap<string, Record<string, unknown>>,
  ): Promise<void> {
    if (details.size === 0) return;
    const event = { kind: 'reconciliation', effect: 'applied' } as const;
    await this.store.recordMany(sql, platformId, event, details);
    await this.store.changed(sql, platformId, ...details.keys());
  }
}

/** Whether what we hold can be used, and whether the account was authorized again since it came. */
function standingOf(account: ListedAccount, held: HeldTokens | undefined): { isUsable: boolean; isOld: boolean } {
  return {
    isUsable: held?.state === 'usable' && held.hasRefreshToken,
    isOld:
      account.authTime !== null &&
      held?.refreshTokenReceivedAt != null &&
      account.authTime * 1000 > held.refreshTokenReceivedAt.getTime(),
  };
}
