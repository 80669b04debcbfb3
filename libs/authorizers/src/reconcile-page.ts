import type { AuthorizerTokens, HeldTokens, PlatformRef } from '#libs/custody';
import { type JobQueue, runBounded } from '#libs/jobs';
import type { Database, Log, Secret, Sql } from '#libs/kernel';
import type { AuthorizerState, AuthorizerStore } from './authorizer-store.ts';
import { infoRequest } from './jobs.ts';
import type { ReconciliationClaim, ReconciliationCounts, ReconciliationStore } from './reconcile-store.ts';
import { slotOf } from './slot.ts';
import type { AuthorizerVerification } from './verification.ts';

/** One account of WeChat's list. `authTime` in Unix seconds. */
export interface ListedAccount {
  authorizerAppid: string;
  refreshToken: Secret | null;
  authTime: number | null;
}

export interface PageParts {
  db: Database;
  store: AuthorizerStore;
  runs: ReconciliationStore;
  tokens: Pick<AuthorizerTokens, 'keep' | 'held'>;
  verification: AuthorizerVerification;
  jobs: JobQueue;
  log: Log;
  changed: (sql: Sql, platformId: number, authorizerAppid: string) => Promise<void>;
}

/** Questions about single accounts at once, in one run. */
const CONCURRENCY = 8;
/** Reading details again comes after everything that somebody waits for. */
const BEHIND_EVENTS = 10;

type Verdict = Exclude<keyof ReconciliationCounts, 'listed' | 'markedUnauthorized'>;

/**
 * Compares accounts that WeChat lists with what is here. What is missing is added, what is broken repaired; nothing is
 * deleted and no token is replaced by nothing.
 */
export class ReconciliationPages {
  constructor(private readonly parts: PageParts) {}

  /**
   * Deals with one page; all that it writes, and the new position, is one transaction under the run's lease.
   * @returns false when it was told to stop before it wrote anything
   */
  async apply(
    platform: PlatformRef,
    claim: ReconciliationClaim,
    listed: readonly ListedAccount[],
    askedAt: Date,
    position: { nextOffset: number; totalCount: number },
    detailsMaxAgeSeconds: number,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const { db, runs } = this.parts;
    const byAppid = new Map(listed.map((account) => [account.authorizerAppid, account]));
    const seen = await runs.seen(db, claim, [...byAppid.keys()]);
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
    await db.transaction(async (sql) => {
      const plain = fresh.filter((account) => !verdicts.has(account.authorizerAppid));
      const held = await this.parts.tokens.held(
        sql,
        platform.platformId,
        plain.map((account) => account.authorizerAppid),
      );
      for (const account of plain) {
        const mine = held.get(account.authorizerAppid);
        const isKnown = states.has(account.authorizerAppid);
        verdicts.set(
          account.authorizerAppid,
          isKnown
            ? await this.repair(sql, platform.platformId, account, mine, askedAt)
            : await this.create(sql, platform.platformId, account, askedAt),
        );
      }
      const counts: Partial<ReconciliationCounts> = { listed: fresh.length };
      for (const verdict of verdicts.values()) counts[verdict] = (counts[verdict] ?? 0) + 1;
      const appids = fresh.map((account) => account.authorizerAppid);
      await this.readDetailsAgain(sql, platform.platformId, appids, detailsMaxAgeSeconds);
      await runs.see(sql, claim, appids);
      await runs.advance(sql, claim, counts, position);
    });
    return true;
  }

  private async states(platformId: number, appids: readonly string[]): Promise<Map<string, AuthorizerState>> {
    const rows = await this.parts.db.query<{ appid: string; state: AuthorizerState }>(
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
          const options = { priority: 'background', cause: 'reconciliation', neverExchanged, signal } as const;
          const outcome = await this.parts.verification.run(platform, authorizerAppid, options);
          verdicts.set(
            authorizerAppid,
            outcome === 'recovered' ? 'recovered' : neverExchanged ? 'withoutRefreshToken' : 'unchanged',
          );
        } catch (error) {
          this.parts.log.warn('reconciliation.account_failed', { authorizerAppid, error });
          verdicts.set(authorizerAppid, 'failed');
        }
      },
      signal,
    );
    return verdicts;
  }

  /** An account that is authorized here too. */
  private async repair(
    sql: Sql,
    platformId: number,
    account: ListedAccount,
    held: HeldTokens | undefined,
    askedAt: Date,
  ): Promise<Verdict> {
    const { store, tokens } = this.parts;
    const { authorizerAppid, refreshToken } = account;
    const isUsable = held?.state === 'usable' && held.hasRefreshToken;
    // Authorized again since our token came: ours died with the authorization before.
    const isOld =
      account.authTime !== null &&
      held?.refreshTokenReceivedAt != null &&
      account.authTime * 1000 > held.refreshTokenReceivedAt.getTime();
    if (refreshToken === null) {
      if (isUsable && isOld) {
        const row = await store.lock(sql, platformId, authorizerAppid);
        if (row?.state === 'authorized') {
          await store.requireReauthorization(sql, row);
          await this.note(sql, platformId, authorizerAppid, { state: 'reauthorization_required' });
        }
      }
      return 'withoutRefreshToken';
    }
    if (isUsable && !isOld) return 'unchanged';
    await tokens.keep(sql, platformId, authorizerAppid, { refreshToken, fetchedAt: askedAt });
    await this.note(sql, platformId, authorizerAppid, { refresh_token: isUsable ? 'renewed' : 'recovered' });
    return 'recovered';
  }

  /** An account whose authorization we never heard of. */
  private async create(sql: Sql, platformId: number, account: ListedAccount, askedAt: Date): Promise<Verdict> {
    const { authorizerAppid, refreshToken } = account;
    const created = await sql.run(
      `INSERT INTO authorizers.authorizer (platform_id, authorizer_appid, slot, state, authorized_at)
       VALUES ($1, $2, $3, $4, coalesce(to_timestamp($5), wxfleet.now()))
       ON CONFLICT (platform_id, authorizer_appid) DO NOTHING`,
      [
        platformId,
        authorizerAppid,
        slotOf(authorizerAppid),
        refreshToken ? 'authorized' : 'reauthorization_required',
        account.authTime,
      ],
    );
    // Its event came while the list was being read.
    if (created === 0) return 'unchanged';
    if (refreshToken) {
      await this.parts.tokens.keep(sql, platformId, authorizerAppid, { refreshToken, fetchedAt: askedAt });
    }
    await this.parts.jobs.addMany(sql, [infoRequest(platformId, authorizerAppid)]);
    await this.note(sql, platformId, authorizerAppid, { created: true });
    return refreshToken ? 'created' : 'withoutRefreshToken';
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
          AND coalesce(info_fetched_at, '-infinity') <= wxfleet.now() - make_interval(secs => $3)`,
      [platformId, appids, maxAgeSeconds],
    );
    await this.parts.jobs.addMany(
      sql,
      rows.map(({ appid }) => infoRequest(platformId, appid, BEHIND_EVENTS)),
    );
  }

  private async note(
    sql: Sql,
    platformId: number,
    authorizerAppid: string,
    detail: Record<string, unknown>,
  ): Promise<void> {
    await this.parts.store.record(sql, platformId, authorizerAppid, {
      kind: 'reconciliation',
      effect: 'applied',
      detail,
    });
    await this.parts.changed(sql, platformId, authorizerAppid);
  }
}
