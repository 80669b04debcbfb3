import type { SnapshotView } from '#libs/contract';
import { mayReadDomains, type AuthorizerLifecycle } from '#libs/authorizers';
import type { AuthorizerTokens, PlatformRef } from '#libs/custody';
import { AppError, SingleFlight, type Clock, type Database, type Log } from '#libs/kernel';
import type { CallPriority, MiniProgramApi } from '#libs/wechat';
import { callFailure, checkedAnswer, permissionMissing, type CallFailure } from '../record/call-failure.ts';
import { inTransaction } from '../record/commit.ts';
import type { DomainHistory, SubjectRef } from './domain-history.ts';
import type { DomainLedger } from '../record/domain-ledger.ts';
import { ObservationClock } from '../record/observation-clock.ts';

/** A mini program of which a snapshot is asked, with what is recorded about it. */
export interface SnapshotSubject extends SubjectRef {
  state: 'authorized' | 'unauthorized' | 'reauthorization_required';
  permissionSets: readonly number[];
}

export interface DomainSnapshotsParts {
  db: Database;
  clock: Clock;
  log: Log;
  ledger: DomainLedger;
  history: DomainHistory;
  tokens: Pick<AuthorizerTokens, 'call'>;
  api: Pick<MiniProgramApi, 'getEffectiveDomainRaw'>;
  authorizers: Pick<AuthorizerLifecycle, 'rereadGrant'>;
}

export interface TakenSnapshot {
  /** The latest snapshot of the mini program. */
  snapshot: SnapshotView;
  /** Whether this answer differed from the snapshot before (or was the first). */
  changed: boolean;
}

/** Takes a snapshot now. */
export class DomainSnapshots {
  private readonly flights = new SingleFlight<TakenSnapshot>();

  constructor(private readonly parts: DomainSnapshotsParts) {}

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
    const { db, clock, tokens, api, ledger, history } = this.parts;
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
    const { db, ledger, authorizers, log } = this.parts;
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
