import { Inject, Injectable } from '@nestjs/common';
import type { SnapshotView } from '#libs/contract';
import { AuthorizerLifecycle, mayReadDomains } from '#libs/authorizers';
import { AuthorizerTokens, type PlatformRef } from '#libs/custody';
import { AppError, Clock, Database, Log, SingleFlight } from '#libs/kernel';
import { type CallPriority, MiniProgramApi } from '#libs/wechat';
import { callFailure, checkedAnswer, permissionMissing, type CallFailure } from '../record/call-failure.ts';
import { inTransaction } from '../record/commit.ts';
import { DomainHistory, type SubjectRef } from './domain-history.ts';
import { DomainLedger } from '../record/domain-ledger.ts';
import { ObservationClock } from '../record/observation-clock.ts';

/** A mini program of which a snapshot is asked, with what is recorded about it. */
export interface SnapshotSubject extends SubjectRef {
  state: 'authorized' | 'unauthorized' | 'reauthorization_required';
  permissionSets: readonly number[];
}

export interface TakenSnapshot {
  /** The latest snapshot of the mini program. */
  snapshot: SnapshotView;
  /** Whether this answer differed from the snapshot before (or was the first). */
  changed: boolean;
}

/** Takes a snapshot now. */
@Injectable()
export class DomainSnapshots {
  private readonly flights = new SingleFlight<TakenSnapshot>();

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly ledger: DomainLedger,
    private readonly history: DomainHistory,
    @Inject(AuthorizerTokens) private readonly tokens: Pick<AuthorizerTokens, 'call'>,
    @Inject(MiniProgramApi) private readonly api: Pick<MiniProgramApi, 'getEffectiveDomainRaw'>,
    @Inject(AuthorizerLifecycle) private readonly authorizers: Pick<AuthorizerLifecycle, 'rereadGrant'>,
  ) {}

  /**
   * Asks WeChat and records the answer; callers that come while it runs share its outcome. What the record says against
   * it (state, set 18) is said without asking WeChat. A failure is remembered in the history, because from then on
   * nothing is known.
   * @throws AppError permission_set_missing, authorizer_not_authorized, reauthorization_required, ticket_unavailable,
   * platform_misconfigured, upstream_busy, upstream_failed, upstream_quota_exhausted, unavailable
   */
  async take(
    platform: PlatformRef,
    subject: SnapshotSubject,
    options: { priority?: CallPriority; signal?: AbortSignal } = {},
  ): Promise<TakenSnapshot> {
    if (subject.state === 'reauthorization_required') {
      throw new AppError('reauthorization_required', 'the mini program must authorize the platform again');
    }
    if (subject.state !== 'authorized') {
      throw new AppError('authorizer_not_authorized', 'the mini program does not authorize the platform');
    }
    if (!mayReadDomains(subject)) throw permissionMissing();
    return this.flights.run(`${platform.platformId}:${subject.authorizerId}`, () =>
      this.ask(platform, subject, options.priority ?? 'interactive', options.signal),
    );
  }

  private async ask(
    platform: PlatformRef,
    subject: SnapshotSubject,
    priority: CallPriority,
    signal: AbortSignal | undefined,
  ): Promise<TakenSnapshot> {
    const { db, clock, tokens, api, ledger, history } = this;
    const { componentAppid, platformId } = platform;
    const { authorizerAppid, authorizerId } = subject;
    const time = await ObservationClock.read(clock, db);
    const call = { componentAppid, authorizerAppid, priority, ...(signal ? { signal } : {}) };
    let askedAt = time.now();
    let answer;
    try {
      const body = await tokens.call(
        platform,
        authorizerAppid,
        { priority, ...(signal ? { signal } : {}) },
        (token) => {
          askedAt = time.now();
          return api.getEffectiveDomainRaw(call, token);
        },
      );
      answer = checkedAnswer(body);
    } catch (cause) {
      throw await this.failed(platform, subject, callFailure(cause), askedAt);
    }
    const observation = { authorizerId, askedAt, answeredAt: time.now(), ...answer };
    return inTransaction(db, async (sql) => {
      const [recorded] = await ledger.record(sql, platformId, [observation]);
      const snapshot = await history.latest(sql, platformId, subject);
      if (!recorded || !snapshot) throw new Error('a recorded observation left no snapshot');
      return { snapshot, changed: recorded.outcome === 'first' || recorded.outcome === 'changed' };
    });
  }

  private async failed(
    platform: PlatformRef,
    subject: SnapshotSubject,
    failure: CallFailure,
    at: Date,
  ): Promise<AppError> {
    const { db, ledger, authorizers, log } = this;
    await inTransaction(db, (sql) =>
      ledger.noteGaps(sql, platform.platformId, [
        {
          authorizerId: subject.authorizerId,
          at,
          reason: failure.reason,
          failure: { at: at.toISOString(), ...failure.shown },
          transient: failure.transient,
          unreadableBody: failure.unreadableBody,
        },
      ]),
    );
    if (failure.grantDoubted) {
      try {
        await authorizers.rereadGrant(platform, subject.authorizerAppid);
      } catch (error) {
        // The caller's answer stays what WeChat said; the grant is read again by the next event or reconciliation.
        log.warn('domain_snapshot.grant_not_read', { authorizerAppid: subject.authorizerAppid, error });
      }
    }
    return failure.error;
  }
}
