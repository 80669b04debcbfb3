import { Injectable } from '@nestjs/common';
import {
  AppError,
  Batcher,
  isDatabaseUnavailable,
  Clock,
  Database,
  Log,
  Sealer,
  type Secret,
  type Sql,
} from '#libs/kernel';
import { JobQueue } from '#libs/jobs';
import type { RefreshClaim } from './authorizer-token-rows.ts';
import { CustodyOptions } from '../custody-options.ts';
import { doubtedRequest } from '../jobs.ts';
import { keptFailure } from '../failures.ts';
import { coolDownSeconds, refreshAfterSeconds } from '../refresh/refresh-schedule.ts';
import { sealContext } from '../seal-context.ts';
import { keyOf, type RememberedToken } from '../refresh/token-cache.ts';
import { PendingCommits } from '../refresh/pending-commits.ts';
import { WRITE_FAILURES, WRITE_REFRESHED } from './authorizer-commits.sql.ts';

/** The result of a successful refresh. */
export interface Refreshed {
  claim: RefreshClaim;
  accessToken: Secret;
  expiresInSeconds: number;
  /** The refresh token to use from now on; null: the one that was sent stays. */
  newRefreshToken: Secret | null;
  /** Which of the two kept refresh tokens worked. */
  used: 'current' | 'previous';
}

interface Failed {
  claim: RefreshClaim;
  error: Error;
  mayBeReplaced: boolean;
  /** WeChat says that the account has not authorized the platform. */
  isDoubted: boolean;
}

/** Rows in one statement. */
const BATCH = 400;
/** A payload of a notification is under 8000 bytes; this many characters of appids go into one. */
const NOTICE_CHARS = 7000;
/** For how long (ms) a write is retried that an available database refuses, for example because of a deadlock. */
const KEEP_TRYING_MS = 60_000;
const RETRY_MS = [50, 100, 250, 500, 1000];
/** How long (ms) a stop waits for a database that is unavailable. */
const LAST_TRY_MS = 5000;

/** In place of an item's result: why it could not be written. */
class Unwritten {
  constructor(readonly error: Error) {}
}

/**
 * Writes the results of refreshes in batches: access token, refresh token and expiry of an account in one conditional
 * update. A result whose lease was taken over meanwhile changes nothing (`null`). A successful result is kept and retried for
 * as long as the database is unavailable, because it may hold the only copy of a rotated refresh token.
 */
@Injectable()
export class AuthorizerCommits {
  private readonly successes: Batcher<Refreshed, RememberedToken | null | Unwritten>;
  private readonly failures: Batcher<Failed, boolean | Unwritten>;
  /** Its callers do not wait for a database that is unavailable. */
  readonly pending = new PendingCommits();
  private readonly kept = new Set<Refreshed>();
  private readonly maxKept: number;
  /** The process ends: nothing is retried. */
  private isStopped = false;

  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly jobs: JobQueue,
    options: CustodyOptions,
  ) {
    this.maxKept = options.maxPendingCommits;
    this.successes = new Batcher({
      maxSize: BATCH,
      write: (items) => this.insist(items, (some) => this.write(some), Number.POSITIVE_INFINITY),
    });
    this.failures = new Batcher({
      maxSize: BATCH,
      write: (items) => this.insist(items, (some) => this.writeFailures(some), KEEP_TRYING_MS),
    });
  }

  /**
   * The token as written, or null when another process holds the row by now. Does not resolve while the database is
   * unavailable: see `PendingCommits.waitFor`.
   * @throws why it cannot be written at all
   */
  async refreshed(result: Refreshed): Promise<RememberedToken | null> {
    if (this.kept.size >= this.maxKept && this.pending.isBlocked) {
      const error = new AppError('unavailable', 'the database is unavailable, and too many results wait for it', {
        retryAfterSeconds: 5,
      });
      this.markLost(result, error);
      throw error;
    }
    this.kept.add(result);
    const written = await this.pending.during(
      keyOf(result.claim.platformId, result.claim.authorizerAppid),
      this.successes.add(result),
    );
    const isKept = this.kept.delete(result);
    if (!(written instanceof Unwritten)) return written;
    if (isKept) this.markLost(result, written.error);
    throw written.error;
  }

  /**
   * Releases the lease and stores why; the pause before the next try grows. `mayBeReplaced`: WeChat may have given
   * a new access token anyway; `isDoubted` adds the job that reads the authorization again. False when the row is held by another process by now, and nothing was written.
   */
  async failed(claim: RefreshClaim, error: Error, mayBeReplaced: boolean, isDoubted = false): Promise<boolean> {
    const adding = this.failures.add({ claim, error, mayBeReplaced, isDoubted });
    const written = await this.pending.during(keyOf(claim.platformId, claim.authorizerAppid), adding);
    if (written instanceof Unwritten) throw written.error;
    return written;
  }

  /** Resolves when everything added so far is written. */
  async drained(): Promise<void> {
    await Promise.all([this.successes.drained(), this.failures.drained()]);
  }

  /** Like `drained`, but waits only seconds for a database that is unavailable; a result that is lost is an error in the log. */
  async stop(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const isLate = new Promise<void>((resolve) => (timer = setTimeout(resolve, LAST_TRY_MS)));
    await Promise.race([this.drained(), isLate]);
    clearTimeout(timer);
    this.isStopped = true;
    const lost = [...this.kept];
    this.kept.clear();
    for (const result of lost) this.markLost(result, new Error('the process stops while the database is unavailable'));
  }

  /** WeChat may refuse the stored refresh token in favour of the lost one; recovery asks WeChat for that one then. */
  private markLost({ claim, newRefreshToken }: Refreshed, error: Error): void {
    const { platformId, authorizerAppid } = claim;
    if (newRefreshToken) this.log.error('token.rotated_and_not_written', { platformId, authorizerAppid, error });
    else this.log.warn('token.not_written', { platformId, authorizerAppid, error });
  }

  private async write(items: Refreshed[]): Promise<(RememberedToken | null)[]> {
    const prepared = items.map((item) => this.prepare(item));
    const bytes = new Packing();
    const access = bytes.add(prepared.map((row) => row.sealedAccessToken));
    const refresh = bytes.add(prepared.map((row) => row.sealedRefreshToken));
    const written = await this.db.query<{ platform_id: number; authorizer_appid: string; generation: number }>(
      WRITE_REFRESHED,
      [
        bytes.value,
        items.map(({ claim }) => claim.platformId),
        items.map(({ claim }) => claim.authorizerAppid),
        items.map(({ claim }) => claim.leaseGeneration),
        prepared.map((row) => row.expiresMs / 1000),
        prepared.map((row) => row.refreshMs / 1000),
        access.at,
        access.bytes,
        refresh.at,
        refresh.bytes,
        items.map(({ used }) => used === 'previous'),
        noticeOf(items.map(({ claim }) => claim)),
        items.map(({ claim }) => claim.takenAtMs / 1000),
      ],
    );
    const generations = new Map(written.map((row) => [keyOf(row.platform_id, row.authorizer_appid), row.generation]));
    const now = this.clock.monotonicMs();
    return items.map(({ claim, accessToken, expiresInSeconds }, index) => {
      const generation = generations.get(keyOf(claim.platformId, claim.authorizerAppid));
      if (generation === undefined) return null;
      const { expiresMs, refreshMs } = prepared[index]!;
      return {
        token: accessToken,
        expiresAt: new Date(expiresMs),
        generation,
        deadMs: claim.takenMs + expiresInSeconds * 1000,
        refreshMs: claim.takenMs + (refreshMs - claim.takenAtMs),
        confirmedMs: now,
        mayBeReplaced: false,
      };
    });
  }

  private prepare({ claim, accessToken, expiresInSeconds, newRefreshToken }: Refreshed): Prepared {
    const { platformId, authorizerAppid, takenAtMs } = claim;
    return {
      sealedAccessToken: this.sealer.seal(accessToken, sealContext.accessToken(platformId, authorizerAppid)),
      sealedRefreshToken:
        newRefreshToken && this.sealer.seal(newRefreshToken, sealContext.refreshToken(platformId, authorizerAppid)),
      expiresMs: takenAtMs + expiresInSeconds * 1000,
      refreshMs: takenAtMs + refreshAfterSeconds(authorizerAppid, expiresInSeconds) * 1000,
    };
  }

  /** With the jobs for accounts whose authorization is doubted, in one transaction. */
  private writeFailures(items: Failed[]): Promise<boolean[]> {
    const doubted = items.filter((item) => item.isDoubted);
    if (doubted.length === 0) return this.updateFailed(this.db, items);
    return this.db.transaction(async (sql) => {
      await this.jobs.addMany(
        sql,
        doubted.map(({ claim }) => doubtedRequest(claim.platformId, claim.authorizerAppid)),
      );
      return this.updateFailed(sql, items);
    });
  }

  private async updateFailed(sql: Sql, items: Failed[]): Promise<boolean[]> {
    const written = await sql.query<{ platform_id: number; authorizer_appid: string; notices: number }>(
      WRITE_FAILURES,
      [
        items.map(({ claim }) => claim.platformId),
        items.map(({ claim }) => claim.authorizerAppid),
        items.map(({ claim }) => claim.leaseGeneration),
        items.map(({ claim, error }) => jsonOrNull(keptFailure(error, new Date(claim.takenAtMs)))),
        items.map(({ claim, error }) => waitSeconds(claim, error)),
        items.map(({ mayBeReplaced }) => mayBeReplaced),
        noticeOf(items.map(({ claim }) => claim)),
      ],
    );
    const keys = new Set(written.map((row) => keyOf(row.platform_id, row.authorizer_appid)));
    return items.map(({ claim }) => keys.has(keyOf(claim.platformId, claim.authorizerAppid)));
  }

  /**
   * Retries until it is written: while the database is unavailable for `awayMs`, while it refuses for a minute. When the items
   * themselves cannot be written, the batch is halved until only the faulty ones are left.
   */
  private async insist<In, Out>(
    items: In[],
    write: (items: In[]) => Promise<Out[]>,
    awayMs: number,
  ): Promise<(Out | Unwritten)[]> {
    const startMs = this.clock.monotonicMs();
    try {
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await write(items);
        } catch (caught) {
          const error = caught instanceof Error ? caught : new Error('a non-error was thrown', { cause: caught });
          if (isOfTheItems(error) && items.length > 1) break;
          const limitMs = isDatabaseUnavailable(error) ? awayMs : KEEP_TRYING_MS;
          if (isOfTheItems(error) || this.isStopped || this.clock.monotonicMs() - startMs >= limitMs) {
            return items.map(() => new Unwritten(error));
          }
          if (attempt === 0) this.log.warn('token.commit_retried', { error });
          this.pending.retry(items, error);
          await new Promise((resolve) => setTimeout(resolve, RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)]));
        }
      }
    } finally {
      this.pending.resume(items);
    }
    const half = Math.ceil(items.length / 2);
    const first = await this.insist(items.slice(0, half), write, awayMs);
    return [...first, ...(await this.insist(items.slice(half), write, awayMs))];
  }
}

interface Prepared {
  sealedAccessToken: Buffer;
  sealedRefreshToken: Buffer | null;
  /** Database time, Unix ms. */
  expiresMs: number;
  refreshMs: number;
}

/** Many values in one buffer. Positions count from 1, as in SQL; a null has no bytes. */
class Packing {
  private readonly parts: Buffer[] = [];
  private length = 0;

  add(values: readonly (Buffer | null)[]): { at: number[]; bytes: number[] } {
    const at: number[] = [];
    const bytes: number[] = [];
    for (const value of values) {
      at.push(this.length + 1);
      bytes.push(value?.length ?? 0);
      if (!value) continue;
      this.parts.push(value);
      this.length += value.length;
    }
    return { at, bytes };
  }

  get value(): Buffer {
    return Buffer.concat(this.parts, this.length);
  }
}

/** Numbers the notification that names each row, so that no payload grows too long. */
function noticeOf(claims: readonly RefreshClaim[]): number[] {
  let chars = 0;
  return claims.map(({ authorizerAppid }) => {
    chars += authorizerAppid.length + 1;
    return Math.floor(chars / NOTICE_CHARS);
  });
}

function waitSeconds(claim: RefreshClaim, error: Error): number {
  const kept = keptFailure(error, new Date(claim.takenAtMs));
  switch (kept?.code) {
    case 'authorizer_not_authorized':
    case 'platform_misconfigured':
    case 'upstream_failed':
      return coolDownSeconds(claim.failures + 1, 30, 900);
    default:
      return coolDownSeconds(claim.failures + 1, 1, 300);
  }
}

function jsonOrNull(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}

/** What a retry does not change: values that do not fit (SQLSTATE classes 22, 23), a statement that cannot be (42). */
function isOfTheItems(error: Error): boolean {
  const { code } = error as { code?: unknown };
  if (typeof code === 'string') return /^(22|23|42)[0-9A-Z]{3}$/.test(code);
  return error instanceof TypeError || error instanceof RangeError;
}
