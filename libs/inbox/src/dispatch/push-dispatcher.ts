import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { ComponentAccounts } from '#libs/custody';
import { JobQueue, engineTime } from '#libs/jobs';
import { AppError, Database, Log, Metrics, Sealer, Ticks, describeError, isDatabaseUnavailable } from '#libs/kernel';
import { WechatError } from '#libs/wechat';
import { parsePushMessage } from '#libs/wechat-wire';
import { drainLaterRequest, drainRequest } from '../jobs.ts';
import { type ClaimedPush, PushClaims } from './push-claims.ts';
import { sealedBodyPlace } from '../push-seal.ts';
import { InboxOptions } from '../inbox-options.ts';
import { PushHandlers } from './push-handlers.ts';
import type { PushOutcome, StoredPush } from './stored-push.ts';

/** How many pushes ended how in one drain. `lost`: somebody else finished it first. */
export interface DrainCounts {
  handled: number;
  superseded: number;
  unhandled: number;
  /** Failed, will be tried again. */
  postponed: number;
  /** Given up. */
  failed: number;
  lost: number;
}

/** Longest wait between two tries, in seconds. */
const MAX_WAIT_SECONDS = 600;

/** Hands stored pushes to their handlers, in WeChat's order within one account, on any number of processes. */
@Injectable()
export class PushDispatcher {
  private readonly outcomes;

  constructor(
    private readonly db: Database,
    private readonly sealer: Sealer,
    private readonly accounts: ComponentAccounts,
    private readonly claims: PushClaims,
    private readonly handlers: PushHandlers,
    private readonly jobs: JobQueue,
    private readonly log: Log,
    metrics: Metrics,
    private readonly ticks: Ticks,
    private readonly options: InboxOptions,
  ) {
    this.outcomes = metrics.counter('wxfleet_push_dispatch_total', 'Stored pushes by what their handler made of them', [
      'outcome',
    ]);
  }

  /**
   * Handles every push of the account that is due. A failing push does not hold up the ones after it: it is tried again
   * later, and what it says is judged by its CreateTime then as now.
   */
  async drain(
    platformId: number,
    authorizerAppid: string,
    context: { signal?: AbortSignal } = {},
  ): Promise<DrainCounts> {
    const counts: DrainCounts = { handled: 0, superseded: 0, unhandled: 0, postponed: 0, failed: 0, lost: 0 };
    while (!context.signal?.aborted) {
      const claim = await this.claims.claim(platformId, authorizerAppid);
      if (claim.outcome === 'claimed') {
        const outcome = await this.dispatch(claim.push);
        counts[outcome] += 1;
        this.outcomes.inc({ outcome });
        continue;
      }
      // The process that has it may be dead: then its lease ends, and somebody has to look again.
      if (claim.outcome === 'busy') {
        await this.claims.lookAgain(this.db, platformId, authorizerAppid, claim.again);
      }
      break;
    }
    return counts;
  }

  /**
   * Puts a push that was given up or not understood back into the queue, for an operator.
   * `not_replayable`: it has been dealt with and its body is gone.
   */
  async replay(platformId: number, pushId: number): Promise<'replayed' | 'not_found' | 'not_replayable'> {
    return this.db.transaction(async (sql) => {
      const [row] = await sql.query<{ authorizer_appid: string; replayed: boolean }>(
        `UPDATE inbox.push p
            SET state = CASE WHEN was.replayable THEN 'pending' ELSE p.state END,
                attempts = CASE WHEN was.replayable THEN 0 ELSE p.attempts END,
                retry_at = NULL
           FROM (SELECT push_id, sealed_body IS NOT NULL AS replayable FROM inbox.push
                  WHERE platform_id = $1 AND push_id = $2 FOR UPDATE) AS was
          WHERE p.platform_id = $1 AND p.push_id = was.push_id
          RETURNING p.authorizer_appid, was.replayable AS replayed`,
        [platformId, pushId],
      );
      if (!row) return 'not_found';
      if (!row.replayed) return 'not_replayable';
      await this.jobs.addMany(sql, [drainRequest(platformId, row.authorizer_appid)]);
      return 'replayed';
    });
  }

  @Interval('push_rescue', 60_000)
  rescueTick(): Promise<void> {
    return this.ticks.run('push_rescue', () => this.rescue());
  }

  /**
   * Safety net, called every minute: gives a job to pending pushes that none seems to look after, for instance
   * because theirs ran out of attempts while the database was ill. At most 1,000 accounts at a time.
   */
  async rescue(): Promise<number> {
    const forgotten = await this.db.query<{ platform_id: number; authorizer_appid: string }>(
      `SELECT DISTINCT platform_id, authorizer_appid FROM inbox.push
        WHERE state = 'pending' AND received_at < wxfleet.now() - interval '1 minute'
          AND coalesce(retry_at, '-infinity') < wxfleet.now() - interval '1 minute'
          AND coalesce(lease_until, '-infinity') < wxfleet.now()
        LIMIT 1000`,
    );
    const now = await engineTime(this.db, 0);
    await this.jobs.addMany(
      this.db,
      forgotten.map((row) => drainLaterRequest(row.platform_id, row.authorizer_appid, now)),
    );
    if (forgotten.length > 0) this.log.warn('push.rescued', { accounts: forgotten.length });
    return forgotten.length;
  }

  private async dispatch(claimed: ClaimedPush): Promise<keyof DrainCounts> {
    let outcome: PushOutcome;
    try {
      outcome = await this.handle(claimed);
    } catch (error) {
      return this.failed(claimed, error);
    }
    return (await this.claims.finish(claimed, outcome)) ? outcome : 'lost';
  }

  private async handle(claimed: ClaimedPush): Promise<PushOutcome> {
    const handler = this.handlers.of(claimed.infoType);
    if (!handler) return 'unhandled';
    const platform = await this.accounts.refOf(claimed.platformId);
    if (!platform) throw new Error(`there is no platform ${claimed.platformId}`);
    if (!claimed.sealedBody) throw new Error('the push has no body');
    const place = sealedBodyPlace(claimed.platformId, claimed.digest);
    const push: StoredPush = {
      pushId: claimed.pushId,
      platformId: claimed.platformId,
      authorizerAppid: claimed.authorizerAppid,
      infoType: claimed.infoType,
      wechatCreatedAt: claimed.wechatCreatedAt,
      receivedAt: claimed.receivedAt,
      message: parsePushMessage(this.sealer.open(claimed.sealedBody, place).reveal()),
    };
    return handler(push, platform);
  }

  private async failed(claimed: ClaimedPush, error: unknown): Promise<keyof DrainCounts> {
    const { platformId, pushId, infoType, authorizerAppid, attempts } = claimed;
    const patient = isUpstreamsFault(error);
    const limit = patient ? this.options.maxPatientAttempts : this.options.maxAttempts;
    const failure = { ...describeError(error, 1), attempts };
    const fields = { platformId, pushId, infoType, authorizerAppid, attempts, error };
    if (attempts >= limit) {
      this.log.error('push.given_up', fields);
      return (await this.claims.giveUp(claimed, failure)) ? 'failed' : 'lost';
    }
    const wish = error instanceof AppError ? (error.retryAfterSeconds ?? 0) : 0;
    const wait = Math.min(MAX_WAIT_SECONDS, Math.max(wish, 2 ** Math.min(attempts, 10)));
    this.log.warn('push.postponed', { ...fields, waitSeconds: wait });
    return (await this.claims.postpone(claimed, failure, wait)) ? 'postponed' : 'lost';
  }
}

/** Failures that pass by themselves and say nothing about the push. */
function isUpstreamsFault(error: unknown): boolean {
  if (error instanceof WechatError) return error.retryable;
  if (isDatabaseUnavailable(error)) return true;
  return (
    error instanceof AppError &&
    ['upstream_busy', 'upstream_quota_exhausted', 'ticket_unavailable', 'unavailable'].includes(error.code)
  );
}
