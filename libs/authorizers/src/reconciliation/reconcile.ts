import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { ComponentAccounts, type PlatformRef } from '#libs/custody';
import { EventWriter } from '#libs/events';
import { JobQueue, runBounded } from '#libs/jobs';
import {
  HOUR_SECONDS,
  LeaseLost,
  AppError,
  Database,
  Log,
  Metrics,
  type Sql,
  Ticks,
  isDatabaseUnavailable,
} from '#libs/kernel';
import type { AuthorizerListPage } from '#libs/wechat';
import { AuthorizationCalls, refusalOf } from '../authorizations/authorization-calls.ts';
import { RECONCILE_PRIORITY, runReconciliation } from '../jobs.ts';
import { ReconciliationAlarm } from './reconcile-alarm.ts';
import { type ListGuard, suspicionOf, tooManyMissing } from './reconcile-guard.ts';
import { ReconciliationPages } from './reconcile-page.ts';
import {
  LIST_READ,
  type ReconciliationClaim,
  type ReconciliationCounts,
  type ReconciliationRow,
  ReconciliationStore,
} from './reconcile-store.ts';
import type { ReconciliationState } from './reconciliation.entity.ts';
import { AuthorizerVerification } from '../details/verification.ts';
import { AuthorizersOptions } from '../authorizers-options.ts';

export interface ReconcileOptions {
  /** Names and permission sets that were read longer ago are read again, in the background; default 0: all of them. */
  detailsMaxAgeSeconds?: number;
}

export interface ReconcileStart extends ReconcileOptions {
  /**
   * Somebody has looked and knows why the list is so much shorter, or names others: neither stops the run then. Who is not
   * listed is still asked about alone before anything is marked, and an empty list is never believed.
   */
  acceptShrunkList?: boolean;
}

const ANY_LENGTH: ListGuard = { minShare: 0, allowance: Infinity };
/** Over the list at most this often, when it changes while it is being read. */
const MAX_PASSES = 3;
/** Absent accounts asked about between two writes of progress. */
const CHUNK = 100;
const CONCURRENCY = 8;
/** After a scheduled run that came to no good end; twice as long after each further one. */
const FIRST_PAUSE_SECONDS = 300;
const LONGEST_PAUSE_SECONDS = HOUR_SECONDS;

/**
 * `$1` platform, `$2` interval, `$3` and `$4` first and longest pause, all in seconds. An open run is never due: it is at
 * work, or standing still.
 */
const DUE = `
  WITH run AS (
    SELECT reconciliation_id AS id, state, started_at, lease_until, coalesce(finished_at, started_at) AS ended_at
      FROM authorizers.reconciliation WHERE platform_id = $1
  ), good AS (
    SELECT coalesce(max(started_at), '-infinity') AS at FROM run WHERE state = 'done'
  ), bad AS (
    SELECT count(*) AS in_a_row, coalesce(max(ended_at), '-infinity') AS at
      FROM run, good WHERE state IN ('failed', 'stopped') AND started_at >= good.at
  )
  SELECT good.at <= wxfleet.now() - make_interval(secs => $2)
         AND bad.at <= wxfleet.now() - make_interval(secs => least($4, $3 * power(2, least(in_a_row, 20) - 1)))
         AND NOT EXISTS (SELECT 1 FROM run WHERE state = 'running') AS due,
         (SELECT id FROM run WHERE state = 'running' AND started_at < wxfleet.now() - interval '2 minutes'
             AND coalesce(lease_until, '-infinity') < wxfleet.now()) AS standing_still
    FROM good, bad`;

type End = { state: Exclude<ReconciliationState, 'running'>; reason: string | null };

/**
 * What one call of `run` came to: the end, or that its portion is done and a job for the next one added, or that somebody else
 * has the run, or that the process is stopping.
 */
export type ReconcileOutcome = 'done' | 'stopped' | 'failed' | 'continues' | 'elsewhere' | 'interrupted';

/** Where a run goes on with its next portion. `nextOffset`: where it is not that of the last page. */
interface Pause {
  pass: number;
  moved: boolean;
  nextOffset?: number;
}

/** How much of a portion is used up. */
class Portion {
  private pages = 0;
  private beganMs = performance.now();

  constructor(private readonly limits: { pages: number; ms: number }) {}

  /** What went before is not work that a portion is a part of. */
  beginNow(): void {
    this.beganMs = performance.now();
  }

  /** After each page. */
  isUsedUp(): boolean {
    this.pages += 1;
    return this.pages >= this.limits.pages || performance.now() - this.beganMs >= this.limits.ms;
  }
}

/**
 * Compares WeChat's authorizer list with what is here: repairs missed authorizations and lost refresh tokens, marks as
 * unauthorized who is not listed and, asked about alone, is confirmed as such. A list that cannot be believed stops the
 * run with an alarm and marks nobody. It goes on in portions, so that a platform with a long list keeps no slot from others, and
 * resumes where a killed process was.
 */
@Injectable()
export class AuthorizerReconcile implements OnApplicationBootstrap {
  private readonly ends;

  constructor(
    private readonly db: Database,
    private readonly calls: AuthorizationCalls,
    private readonly accounts: ComponentAccounts,
    private readonly runs: ReconciliationStore,
    private readonly pages: ReconciliationPages,
    private readonly verification: AuthorizerVerification,
    private readonly alarm: ReconciliationAlarm,
    private readonly events: EventWriter,
    private readonly jobs: JobQueue,
    private readonly log: Log,
    metrics: Metrics,
    private readonly options: AuthorizersOptions,
    private readonly ticks: Ticks,
  ) {
    this.ends = metrics.counter('wxfleet_reconciliations_total', 'Reconciliations by how they ended', ['state']);
  }

  /** The first tick comes at once: after a downtime much may be due. */
  onApplicationBootstrap(): void {
    void this.tick();
  }

  /** Starts the daily comparison where it is due, or due again after a failure. */
  @Interval('reconciliation', 5 * 60_000)
  tick(): Promise<void> {
    return this.ticks.run('reconciliation', async () =>
      this.ensureScheduled(await this.accounts.withTicket(), this.options.reconcileEveryMs),
    );
  }

  /** Starts one, or gives the id of the one that is running (whose job is added again, in case it was lost). */
  async start(platform: PlatformRef, start: ReconcileStart = {}, sql?: Sql): Promise<{ id: number }> {
    if (!sql) return this.db.transaction((own) => this.start(platform, start, own));
    const { acceptShrunkList, ...options } = start;
    const { id } = await this.runs.start(sql, platform.platformId, acceptShrunkList);
    await this.addJob(sql, platform.platformId, id, options);
    return { id };
  }

  /**
   * One that begins after `since` (database time): pushes up to then may be missing. Every account's details are read again,
   * since a lost `updateauthorized` shows nowhere else.
   * @throws Error while one that began earlier is running: it may have passed what is missing
   */
  async startSince(platform: PlatformRef, since: Date): Promise<void> {
    const [run] = await this.db.query<{ running: boolean; later: boolean }>(
      `SELECT state = 'running' AS running, started_at >= $2 AS later FROM authorizers.reconciliation
        WHERE platform_id = $1 ORDER BY reconciliation_id DESC LIMIT 1`,
      [platform.platformId, since],
    );
    if (run?.later) return;
    if (run?.running) throw new Error('a reconciliation that began earlier is still running');
    await this.start(platform);
  }

  /**
   * Tick: starts one for every platform without one in the last `intervalMs` that came to a good end, and wakes those that
   * stand still. What failed or stopped is tried again after a pause that doubles with every such end in a row: most causes
   * pass by themselves, and a day without a comparison is a day in which lost authorizations stay lost. Platforms that await
   * their first ticket are not to be given: nothing can be asked of WeChat in their name.
   */
  async ensureScheduled(platforms: readonly PlatformRef[], intervalMs: number): Promise<number> {
    let started = 0;
    for (const platform of platforms) {
      const [row] = await this.db.query<{ due: boolean; standing_still: number | null }>(DUE, [
        platform.platformId,
        intervalMs / 1000,
        FIRST_PAUSE_SECONDS,
        LONGEST_PAUSE_SECONDS,
      ]);
      // A little less than the interval, so that a run that is early by minutes does not skip a round.
      const options = { detailsMaxAgeSeconds: (intervalMs / 1000) * 0.8 };
      if (row?.standing_still != null) {
        // Adding its job again would put it behind those that came after it.
        const isWaiting = await this.jobs.isDue(this.db, jobKeyOf(platform.platformId));
        if (!isWaiting) await this.addJob(this.db, platform.platformId, row.standing_still, options);
      } else if (row?.due) {
        await this.start(platform, options);
        started += 1;
      }
    }
    return started;
  }

  view(sql: Sql, platformId: number, id: number): Promise<ReconciliationRow | null> {
    return this.runs.view(sql, platformId, id);
  }

  /** Goes on with a run, for one portion. Only one process at a time does; the others are told `elsewhere`. */
  async run(
    platform: PlatformRef,
    id: number,
    options: ReconcileOptions & { signal?: AbortSignal } = {},
  ): Promise<ReconcileOutcome> {
    const claim = await this.runs.claim(this.db, platform.platformId, id);
    if (!claim) return 'elsewhere';
    try {
      const end = await this.compare(platform, claim, options);
      if (end && 'pass' in end) {
        await this.db.transaction(async (sql) => {
          await this.runs.pause(sql, claim, end);
          await this.addJob(sql, platform.platformId, id, options);
        });
        return 'continues';
      }
      if (end) return await this.end(platform, claim, end);
      await this.runs.release(this.db, claim);
      return 'interrupted';
    } catch (error) {
      if (error instanceof LeaseLost) return 'elsewhere';
      // Without the database nothing can be written about the run either: its job comes back when the lease has expired.
      if (isDatabaseUnavailable(error)) throw error;
      this.log.error('reconciliation.broken', { platformId: platform.platformId, reconciliationId: id, error });
      return await this.end(platform, claim, { state: 'failed', reason: reasonOf(error) });
    }
  }

  private async compare(
    platform: PlatformRef,
    claim: ReconciliationClaim,
    options: ReconcileOptions & { signal?: AbortSignal },
  ): Promise<End | Pause | null> {
    const portion = new Portion(this.options.reconciliationPortion);
    // Who goes on with a run that was cut short does not know how the list has moved since.
    let { pass, moved } = claim.before ?? { pass: 1, moved: claim.generation > 1 };
    let offset = claim.nextOffset;
    let total = claim.before && offset > 0 ? claim.totalCount : null;
    while (pass !== LIST_READ) {
      const walked = await this.walk(platform, claim, { offset, total }, portion, options);
      if (walked === null) return null;
      if ('end' in walked) return walked.end;
      moved ||= walked.moved;
      if (walked.isCut) return { pass, moved };
      pass = moved && pass < MAX_PASSES ? pass + 1 : LIST_READ;
      moved = false;
      offset = 0;
      total = null;
      if (walked.isUsedUp) return { pass, moved, nextOffset: offset };
    }
    return this.absent(platform, claim, portion, options.signal);
  }

  /**
   * Once over the list from `offset`. `moved`: it changed on the way, so that an account may have been passed over. `isCut`: the
   * portion is used up before the end of the list, `isUsedUp`: with it.
   */
  private async walk(
    platform: PlatformRef,
    claim: ReconciliationClaim,
    from: { offset: number; total: number | null },
    portion: Portion,
    { signal, detailsMaxAgeSeconds = 0 }: ReconcileOptions & { signal?: AbortSignal },
  ): Promise<{ moved: boolean; isCut: boolean; isUsedUp: boolean } | { end: End } | null> {
    const guard = this.options.listGuard;
    const held = await this.runs.held(this.db, claim);
    let { total } = from;
    let moved = false;
    for (let { offset } = from; ;) {
      if (signal?.aborted) return null;
      const [asked] = await this.db.query<{ at: Date }>('SELECT wxfleet.now() AS at');
      let page: AuthorizerListPage;
      try {
        page = await this.page(platform, offset, signal);
      } catch (error) {
        if (signal?.aborted) return null;
        return { end: { state: 'failed', reason: `page_failed: at ${offset}: ${reasonOf(error)}` } };
      }
      const { at } = asked as { at: Date };
      let suspicion = suspicionOf(held, page.totalCount, guard);
      // Asked at this moment: it may have been said since the run began, and to another process.
      if (suspicion && (await this.runs.acceptsShrunkList(this.db, claim))) {
        suspicion = suspicionOf(held, page.totalCount, ANY_LENGTH);
      }
      if (suspicion) return { end: { state: 'stopped', reason: suspicion } };
      if (total !== null && total !== page.totalCount) moved = true;
      total = page.totalCount;
      const isEnd = page.count === 0;
      if (isEnd && offset < page.totalCount) {
        // The count is one above the list at times. A list without its last accounts marks nobody: each is asked about alone.
        const isCredible = !tooManyMissing(page.totalCount, page.totalCount - offset, guard);
        if (!isCredible && !(await this.runs.acceptsShrunkList(this.db, claim))) {
          const reason = `list_ended_early: nothing at ${offset} of ${page.totalCount}`;
          return { end: { state: 'stopped', reason } };
        }
      }
      const next = offset + page.count;
      const position = { nextOffset: next, totalCount: total };
      const written = await this.pages.apply(platform, claim, page, at, position, detailsMaxAgeSeconds, signal);
      if (!written) return null;
      offset = next;
      const isWhole = isEnd || offset >= page.totalCount;
      const isUsedUp = portion.isUsedUp();
      if (isWhole || isUsedUp) return { moved, isCut: !isWhole, isUsedUp };
    }
  }

  private async page(platform: PlatformRef, offset: number, signal?: AbortSignal): Promise<AuthorizerListPage> {
    const pauses = this.options.listPagePausesMs;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.calls.list(platform, { offset, count: this.options.listPageSize }, signal);
      } catch (error) {
        const pause = pauses[attempt];
        if (pause === undefined || signal?.aborted || error instanceof AppError) throw error;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  /** Who is authorized here and not listed there is asked about alone. */
  private async absent(
    platform: PlatformRef,
    claim: ReconciliationClaim,
    portion: Portion,
    signal?: AbortSignal,
  ): Promise<End | Pause | null> {
    const guard = this.options.listGuard;
    // Goes over the whole fleet in every portion: with a million accounts nearly all of the time would be this.
    const { absent, held, missing } = await this.runs.absent(this.db, claim);
    portion.beginNow();
    // The number of accounts that WeChat gave was plausible; the accounts it named need not have been.
    if (tooManyMissing(held, missing, guard) && !(await this.runs.acceptsShrunkList(this.db, claim))) {
      return { state: 'stopped', reason: `accounts_missing: ${missing} of ${held} accounts are not listed` };
    }
    for (let start = 0; start < absent.length; start += CHUNK) {
      if (signal?.aborted) return null;
      const chunk = absent.slice(start, start + CHUNK);
      const { asked, counts } = await this.ask(platform, chunk, signal);
      await this.db.transaction(async (sql) => {
        await this.runs.see(sql, claim, asked);
        await this.runs.advance(sql, claim, counts);
      });
      if (counts.failed === chunk.length && chunk.length > 3) {
        return { state: 'failed', reason: 'accounts_failed: WeChat does not answer about single accounts' };
      }
      if (portion.isUsedUp() && start + CHUNK < absent.length && !signal?.aborted)
        return { pass: LIST_READ, moved: false };
    }
    return signal?.aborted ? null : { state: 'done', reason: null };
  }

  private async ask(
    platform: PlatformRef,
    authorizerAppids: readonly string[],
    signal?: AbortSignal,
  ): Promise<{ asked: string[]; counts: Partial<ReconciliationCounts> }> {
    const counts = { markedUnauthorized: 0, unchanged: 0, recovered: 0, failed: 0 };
    const asked: string[] = [];
    await runBounded(
      authorizerAppids,
      CONCURRENCY,
      async (authorizerAppid) => {
        try {
          const options = { priority: 'background', cause: 'reconciliation', signal } as const;
          const outcome = await this.verification.run(platform, authorizerAppid, options);
          if (outcome === 'unauthorized') counts.markedUnauthorized += 1;
          else if (outcome === 'recovered') counts.recovered += 1;
          else counts.unchanged += 1;
        } catch (error) {
          if (signal?.aborted) return;
          this.log.warn('reconciliation.account_failed', { authorizerAppid, error });
          counts.failed += 1;
        }
        asked.push(authorizerAppid);
      },
      signal,
    );
    return { asked, counts };
  }

  private async end(platform: PlatformRef, claim: ReconciliationClaim, end: End): Promise<ReconcileOutcome> {
    try {
      await this.db.transaction(async (sql) => {
        await this.runs.finish(sql, claim, end);
        const row = await this.runs.view(sql, platform.platformId, claim.reconciliationId);
        if (!row) return;
        const data = {
          reconciliation_id: String(row.reconciliationId),
          state: end.state,
          listed: row.listed,
          created: row.created,
          recovered: row.recovered,
          unchanged: row.unchanged,
          marked_unauthorized: row.markedUnauthorized,
          without_refresh_token: row.withoutRefreshToken,
          failed: row.failed,
        };
        const { platformId } = platform;
        await this.events.write(sql, [{ platformId, type: 'reconciliation.finished', merchantId: null, data }]);
      });
    } catch (error) {
      if (error instanceof LeaseLost) return 'elsewhere';
      throw error;
    }
    const row = await this.runs.view(this.db, platform.platformId, claim.reconciliationId);
    const isGood = end.state === 'done';
    this.ends.inc({ state: end.state });
    this.alarm.outdate();
    this.log[isGood ? 'info' : 'error'](`reconciliation.${end.state}`, { platformId: platform.platformId, ...row });
    return end.state;
  }

  private addJob(sql: Sql, platformId: number, id: number, { detailsMaxAgeSeconds }: ReconcileOptions): Promise<void> {
    const payload = {
      platformId,
      reconciliationId: id,
      ...(detailsMaxAgeSeconds === undefined ? {} : { detailsMaxAgeSeconds }),
    };
    return this.jobs.add(sql, runReconciliation, payload, {
      jobKey: jobKeyOf(platformId),
      // One at a time per platform, and not behind its details and first looks: a lost token is brought back here.
      queueName: `reconcile:${platformId}`,
      maxAttempts: 20,
      // The next portion does not wait for the details that the one before has asked for.
      priority: RECONCILE_PRIORITY,
    });
  }
}

function jobKeyOf(platformId: number): string {
  return `reconcile:${platformId}`;
}

function reasonOf(error: unknown): string {
  const refusal = refusalOf(error);
  if (refusal) return `WeChat answered ${refusal.errcode}`;
  if (error instanceof AppError) return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
