import type { AuthorizerLifecycle } from '#libs/authorizers';
import type { AuthorizerTokens, PlatformRef } from '#libs/custody';
import { HOUR_SECONDS, type Clock, type Database, type Log } from '#libs/kernel';
import { ownFailure, saysNothing, type CallFailure } from '../record/call-failure.ts';
import type { DomainLedger } from '../record/domain-ledger.ts';
import { ObservationClock } from '../record/observation-clock.ts';
import { PageTokens, type PageTokensSource } from './page-tokens.ts';
import { ShardLedger, type SubjectResult } from './shard-ledger.ts';
import { askMiniProgram, type CallResult, type SweepCallParts } from './sweep-call.ts';
import type { PlatformPace } from './sweep-pace.ts';
import { readPage, type PageSubject, type SweepPage } from './sweep-pages.ts';
import {
  LEASE_SECONDS,
  LeaseLost,
  endPass,
  pausePlatform,
  release,
  renew,
  type ShardClaim,
  type ShardCounts,
} from './sweep-shards.ts';

export interface ShardRunParts extends SweepCallParts {
  db: Database;
  clock: Clock;
  log: Log;
  ledger: DomainLedger;
  tokens: PageTokensSource & Pick<AuthorizerTokens, 'leaseMany' | 'reportRejected'>;
  authorizers: Pick<AuthorizerLifecycle, 'rereadGrant'>;
  pageSize: number;
  /** Called with what every committed page added. */
  onPage: (platform: PlatformRef, counts: ShardCounts) => void;
}

/**
 * `done`: nothing is left. `again`: what failed in passing is tried later. `paused`: the platform is left alone for a
 * while. `lost`: another worker has the shard. `stopped`: this process stops.
 */
export type ShardOutcome = 'done' | 'again' | 'paused' | 'lost' | 'stopped';

/** Why no more calls are begun. */
type Halt = { kind: 'paused'; seconds: number } | { kind: 'stopped' } | { kind: 'lost' };

interface LoadedPage {
  page: SweepPage;
  tokens: PageTokens;
  time: ObservationClock;
  /** In later passes: what comes after this page. */
  rest: readonly number[];
}

interface PageWork {
  /** By index of the subject; what has no result was not asked. */
  results: (SubjectResult | undefined)[];
  /** All calls have begun. */
  begun: Promise<void>;
  /** All calls have ended. */
  finished: Promise<void>;
}

/** Merchants claimed for a refresh at once: as many as are asked in some turns of all places, so that no claim grows old. */
const TURNS_AHEAD = 4;
const MIN_CHUNK = 8;
const MAX_CHUNK = 100;
const PAUSE_SECONDS = 60;
const LIMIT_PAUSE_SECONDS = { minute: 60, day: HOUR_SECONDS };
/**
 * Pages under way at once. They are committed in their order, so a mini program that WeChat is slow about holds up no more
 * than the commits: the calls of this many pages go on.
 */
const MAX_PAGES = 8;
/** Nothing of the platform works until these are over; asking for every mini program would say it a thousand times. */
const PLATFORM_TROUBLE = new Set(['ticket_unavailable', 'platform_misconfigured']);
/** The mini program's own trouble: it says nothing about the others. */
const OWN_TROUBLE = new Set([
  'permission_set_missing',
  'authorizer_not_authorized',
  'reauthorization_required',
  'internal',
]);

function isOfPlatform({ limit, error }: CallFailure): boolean {
  return (limit !== null && limit.of !== 'merchant') || PLATFORM_TROUBLE.has(error.code);
}

/**
 * Works through one shard. While the calls of one page run out, the next page is read and its calls begin as places
 * become free, so that WeChat is kept busy across pages; pages are committed in their order, each in one transaction
 * under the shard's lease.
 */
export class ShardRun {
  private halt: Halt | null = null;
  /**
   * Written as failed for a limit that seemed to be their own, with no success since: when it turns out to be the platform's,
   * they are asked again after it.
   */
  private readonly limited: number[] = [];
  private readonly stopping = new AbortController();
  private readonly ledger: ShardLedger;

  constructor(
    private readonly parts: ShardRunParts,
    private readonly platform: PlatformRef,
    private readonly claim: ShardClaim,
    private readonly pace: PlatformPace,
  ) {
    this.ledger = new ShardLedger(parts.db, parts.ledger, parts.log, claim);
  }

  async run(signal: AbortSignal): Promise<ShardOutcome> {
    const stop = () => this.stop({ kind: 'stopped' });
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const heartbeat = setInterval(() => void this.beat(), (LEASE_SECONDS * 1000) / 3);
    try {
      await this.workThrough();
      return await this.end();
    } catch (error) {
      this.stop({ kind: 'lost' });
      if (error instanceof LeaseLost) return 'lost';
      throw error;
    } finally {
      clearInterval(heartbeat);
      signal.removeEventListener('abort', stop);
    }
  }

  private async workThrough(): Promise<void> {
    let commits = Promise.resolve();
    const underWay: Promise<void>[] = [];
    let reading: Promise<LoadedPage> | null = this.read(this.claim.cursor, this.claim.retrying);
    try {
      while (reading && !this.halt) {
        const loaded: LoadedPage = await reading;
        const { page, rest } = loaded;
        reading = page.last ? null : this.read(page.subjects.at(-1) ?? null, rest);
        reading?.catch(() => undefined); // dealt with when its turn comes
        const work = this.begin(loaded);
        commits = commits.then(async () => {
          await work.finished;
          const retries = this.halt?.kind === 'paused' ? this.limited.splice(0) : [];
          this.parts.onPage(this.platform, await this.ledger.commit(page.subjects, work.results, rest, retries));
          page.subjects.forEach(({ authorizerId }, index) => {
            const result = work.results[index];
            if (result?.kind === 'failed' && isOfPlatform(result.failure) && !result.failure.transient)
              this.limited.push(authorizerId);
          });
        });
        commits.catch(() => this.stop({ kind: 'lost' }));
        underWay.push(commits);
        await work.begun;
        if (underWay.length === MAX_PAGES) await underWay.shift();
      }
    } finally {
      await commits;
    }
  }

  private async end(): Promise<ShardOutcome> {
    const { db } = this.parts;
    const { halt, claim } = this;
    switch (halt?.kind) {
      case 'lost':
        return 'lost';
      case 'stopped':
        await release(db, claim, 0);
        return 'stopped';
      case 'paused':
        await pausePlatform(db, claim.platformId, halt.seconds);
        await release(db, claim, halt.seconds);
        this.pace.paused();
        return 'paused';
      case undefined:
        return endPass(db, claim);
    }
  }

  private async read(
    after: { slot: number; authorizerId: number } | null,
    retrying: readonly number[],
  ): Promise<LoadedPage> {
    const { db, clock, log, tokens, pageSize } = this.parts;
    const page = await readPage(db, this.claim, after, retrying, pageSize);
    const time = ObservationClock.at(clock, page.now);
    const wanted = page.subjects
      .filter((subject) => this.toBeAsked(subject))
      .map(({ authorizerAppid }) => authorizerAppid);
    const leases = await tokens.leaseMany(this.platform, wanted);
    const chunk = Math.max(MIN_CHUNK, Math.min(MAX_CHUNK, this.pace.limit * TURNS_AHEAD));
    return {
      page,
      tokens: new PageTokens(tokens, log, this.platform, leases, wanted, chunk),
      time,
      rest: retrying.slice(pageSize),
    };
  }

  private toBeAsked(subject: PageSubject): boolean {
    return subject.readable && !subject.observedInRound && !this.ledger.isAhead(subject);
  }

  private begin(loaded: LoadedPage): PageWork {
    const { subjects } = loaded.page;
    const results = new Array<SubjectResult | undefined>(subjects.length);
    const calls: Promise<void>[] = [];
    const begun = (async () => {
      for (const [index, subject] of subjects.entries()) {
        if (!this.toBeAsked(subject)) {
          results[index] = this.ledger.isAhead(subject)
            ? { kind: 'ahead' }
            : { kind: subject.readable ? 'known' : 'skipped' };
          continue;
        }
        await this.pace.acquire();
        if (this.halt) {
          this.pace.release();
          return;
        }
        calls.push(
          this.ask(loaded, subject)
            .then((result) => {
              results[index] = result;
            })
            .finally(() => this.pace.release()),
        );
      }
    })();
    const finished = begun.then(async () => {
      await Promise.all(calls).finally(() => loaded.tokens.close());
      // What stops the whole platform is no failure of those who met it: they are asked when it has ended.
      if (this.halt?.kind === 'paused') {
        results.forEach((result, index) => {
          if (result?.kind === 'failed' && isOfPlatform(result.failure)) results[index] = undefined;
        });
      }
    });
    finished.catch(() => undefined); // awaited by the commit
    return { results, begun, finished };
  }

  private async ask(loaded: LoadedPage, subject: PageSubject): Promise<SubjectResult | undefined> {
    const result = await askMiniProgram(
      this.parts,
      this.platform,
      subject,
      loaded.tokens,
      loaded.time,
      this.stopping.signal,
    ).catch((error: unknown): CallResult => {
      if (!saysNothing(error)) {
        this.parts.log.error('domain_sweep.mini_program_failed', { authorizerAppid: subject.authorizerAppid, error });
        return { kind: 'failed', failure: ownFailure(error), at: loaded.time.now() };
      }
      this.stop({ kind: 'lost' });
      throw error;
    });
    if (result.kind === 'observed') {
      this.pace.succeeded();
      this.limited.length = 0;
    }
    if (result.kind !== 'failed') return result.kind === 'stopped' ? undefined : result;
    const { failure } = result;
    const { limit } = failure;
    if (limit) {
      if (limit.of === 'platform' || (limit.of === 'unknown' && this.pace.limitMet(limit.lasts))) {
        if (limit.lasts === 'minute' && !this.halt) this.pace.slowDown();
        this.pause(failure.error.retryAfterSeconds ?? LIMIT_PAUSE_SECONDS[limit.lasts]);
      }
    } else if (PLATFORM_TROUBLE.has(failure.error.code)) {
      this.pause(PAUSE_SECONDS);
    } else if (!OWN_TROUBLE.has(failure.error.code) && this.pace.failed()) {
      this.pause(PAUSE_SECONDS);
    }
    if (failure.grantDoubted) await this.rereadGrant(subject);
    return result;
  }

  private async rereadGrant(subject: PageSubject): Promise<void> {
    try {
      await this.parts.authorizers.rereadGrant(this.platform, subject.authorizerAppid);
    } catch (error) {
      // Reconciliation comes by, too.
      this.parts.log.warn('domain_sweep.grant_not_read', { authorizerAppid: subject.authorizerAppid, error });
    }
  }

  private pause(seconds: number): void {
    if (this.halt) return;
    this.halt = { kind: 'paused', seconds: Math.max(1, Math.ceil(seconds)) };
    this.parts.log.info('domain_sweep.paused', { componentAppid: this.platform.componentAppid, seconds });
  }

  /** Ends this run early: calls in flight are given up. */
  private stop(halt: Halt): void {
    if (!this.halt || this.halt.kind === 'paused') this.halt = halt;
    this.stopping.abort();
  }

  private async beat(): Promise<void> {
    try {
      if (!(await renew(this.parts.db, this.claim))) this.stop({ kind: 'lost' });
    } catch (error) {
      // The next beat may come through; if none does, the lease runs out and the commit finds it lost.
      this.parts.log.debug('domain_sweep.heartbeat_failed', { error });
    }
  }
}
