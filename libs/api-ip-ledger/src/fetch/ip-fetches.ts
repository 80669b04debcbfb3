import { Injectable } from '@nestjs/common';
import { AuditTrail, type AuditEvent } from '#libs/access';
import { ERROR_CODES, type ApiIpKind, type ErrorCode, type LastFailureView } from '#libs/contract';
import { ComponentAccounts } from '#libs/custody';
import { EventWriter } from '#libs/events';
import { AppError, Database, type Sql } from '#libs/kernel';
import { IpCandidates } from '../brake/ip-candidates.ts';
import { verdictOn, type HoldReason } from '../brake/ip-verdict.ts';
import { IpSnapshot } from '../history/ip-snapshot.entity.ts';
import { syncToken } from '../lists/ip-list.ts';
import { EmptyIpList, type Answer } from './ip-source.ts';
import {
  DATABASE_TIME,
  DUE,
  END_LEASE,
  EXTEND_SNAPSHOT,
  FREE,
  INSERT_SNAPSHOT,
  IS_LATE,
  LEASE_SECONDS,
  LIST_WATCHES,
  LOCK_WATCH,
  NOTE_FAILED_FETCH,
  NOTE_GOOD_FETCH,
  RELEASE_LEASE,
  RENEW_LEASE,
  SELECT_STATE,
} from './ip-fetches.sql.ts';

/** The right to fetch one list; every write under it is conditional on its generation. */
export interface FetchLease {
  kind: ApiIpKind;
  generation: number;
  /** Whose token got the list last time. */
  lastPlatformId: number | null;
}

/** A failure as the row keeps it: enough to say it again, no secret. */
export type KeptFailure = LastFailureView & { code: ErrorCode; reason: string };

export interface FetchState {
  /** A process is fetching. False also when its lease has run out. */
  leased: boolean;
  /** Different after every fetch that came to an end, good or bad. */
  attempt: string | null;
  /** When the list was seen last, to be compared; different after every good fetch. */
  observed: string | null;
  /** Seconds since then. */
  ageSeconds: number | null;
  failure: KeptFailure | null;
}

/** For alarms: how a list stands. */
export interface IpWatchRow {
  kind: ApiIpKind;
  /** In a row, since the last success. */
  failures: number;
  /** Seconds since the latest observation; null before the first. */
  ageSeconds: number | null;
  /** Entries of the published list that could not be read. */
  invalid: number;
  /** Why a list is held; null: none is. */
  held: HoldReason | null;
}

/**
 * `held`: the list waits (`IpCandidates`). `late`: a list that was asked for later is here already. `lost`: the lease had run out and
 * another process took it. Nothing is published by these three.
 */
export type KeepOutcome = 'first' | 'changed' | 'unchanged' | 'held' | 'late' | 'lost';

/** A kept answer, and what it was held for. */
export interface Kept {
  outcome: KeepOutcome;
  held: { no: number; reason: HoldReason; lost: string[]; isNew: boolean } | null;
}

/** Addresses that an event names; the list itself has them all. */
const MAX_TOLD = 1000;

/** The bookkeeping of fetches and the writing of their results. */
@Injectable()
export class IpFetches {
  constructor(
    private readonly db: Database,
    private readonly candidates: IpCandidates,
    private readonly accounts: ComponentAccounts,
    private readonly audit: AuditTrail,
    private readonly events: EventWriter,
  ) {}

  /** The database's time, to be kept as the time of a question. */
  async now(): Promise<string> {
    const [row] = await this.db.query<{ now: string }>(DATABASE_TIME);
    return (row as { now: string }).now;
  }

  /** Takes the lease whether or not the list is due. Null: somebody else is at it. */
  claim(kind: ApiIpKind): Promise<FetchLease | null> {
    return this.take(`kind = $1 AND ${FREE}`, [kind]);
  }

  /**
   * Takes the lease of a list that is due: seen longer than the interval ago, and after failures not before a pause. In one
   * statement, so that a process that comes right after another's fetch finds nothing due.
   */
  claimDue(kind: ApiIpKind, intervalMs: number): Promise<FetchLease | null> {
    return this.take(`kind = $1 AND ${FREE} AND ${DUE}`, [kind, intervalMs]);
  }

  private async take(condition: string, values: unknown[]): Promise<FetchLease | null> {
    const [row] = await this.db.query<FetchLease>(
      `UPDATE api_ip_ledger.ip_watch w
          SET lease_generation = lease_generation + 1, lease_until = wxfleet.now() + interval '${LEASE_SECONDS} s'
        WHERE ${condition}
       RETURNING kind, lease_generation AS generation,
                 (SELECT platform_id FROM api_ip_ledger.ip_snapshot s
                   WHERE s.kind = w.kind ORDER BY no DESC LIMIT 1) AS "lastPlatformId"`,
      values,
    );
    return row ?? null;
  }

  /** @returns the time of the renewal; null when another process has taken over */
  async renew(lease: FetchLease): Promise<string | null> {
    const [row] = await this.db.query<{ now: string }>(RENEW_LEASE, [lease.kind, lease.generation]);
    return row?.now ?? null;
  }

  /** Records a list: extends the published one, publishes another, or holds it. */
  keep(lease: FetchLease, answer: Answer): Promise<Kept> {
    const { kind } = lease;
    return this.db.transaction(async (sql): Promise<Kept> => {
      const [watch] = await sql.query<{ isLate: boolean }>(IS_LATE, [kind, lease.generation, answer.askedAt]);
      if (!watch) return { outcome: 'lost', held: null };
      if (watch.isLate) {
        await sql.run(END_LEASE, [kind]);
        return { outcome: 'late', held: null };
      }
      await sql.run(NOTE_GOOD_FETCH, [kind, answer.askedAt]);
      return this.judge(sql, kind, answer);
    });
  }

  private async judge(sql: Sql, kind: ApiIpKind, answer: Answer): Promise<Kept> {
    const { list } = answer;
    const published = await this.published(sql, kind);
    if (published?.digest.equals(list.digest)) {
      // The body stays the first one, unless what could not be read differs: it is the evidence for that.
      await sql.run(EXTEND_SNAPSHOT, [
        kind,
        published.no,
        answer.platformId,
        list.invalid,
        answer.body,
        answer.askedAt,
      ]);
      await this.candidates.withdraw(sql, kind);
      return { outcome: 'unchanged', held: null };
    }
    const verdict = verdictOn(list, published?.entries ?? null);
    if (!verdict.publish) {
      const held = await this.hold(sql, kind, answer, verdict, published?.entries ?? []);
      if (!this.candidates.agreed(held)) return { outcome: 'held', held: { ...held, lost: verdict.lost } };
      await this.candidates.published(sql, kind, held.no, 'agreement');
    } else {
      await this.candidates.withdraw(sql, kind);
    }
    await this.publish(sql, kind, answer, published?.entries ?? []);
    return { outcome: published ? 'changed' : 'first', held: null };
  }

  private async hold(
    sql: Sql,
    kind: ApiIpKind,
    answer: Answer,
    { reason, lost }: { reason: HoldReason; lost: string[] },
    published: readonly string[],
  ) {
    const before = new Set(published);
    const added = answer.list.entries.filter((entry) => !before.has(entry));
    const held = await this.candidates.hold(sql, kind, { ...answer, reason, lost, added });
    if (held.isNew) await this.tell(sql, 'api_ips.held', kind, answer.list.digest, { added, removed: lost });
    return held;
  }

  /** The lists are the same for all platforms: each gets an event. */
  private async tell(
    sql: Sql,
    type: 'api_ips.changed' | 'api_ips.held',
    kind: ApiIpKind,
    digest: Buffer,
    { added, removed }: { added: string[]; removed: string[] },
  ): Promise<void> {
    const platforms = await this.accounts.refs();
    const data = {
      kind,
      added: added.slice(0, MAX_TOLD),
      removed: removed.slice(0, MAX_TOLD),
      sync_token: syncToken(digest),
    };
    await this.events.write(
      sql,
      platforms.map(({ platformId }) => ({ platformId, type, data })),
    );
  }

  private async published(
    sql: Sql,
    kind: ApiIpKind,
  ): Promise<{ no: number; digest: Buffer; entries: string[] } | undefined> {
    const latest = await sql.repository(IpSnapshot).findOne({ where: { kind }, order: { no: 'DESC' } });
    return latest ? { no: latest.no, digest: latest.digest, entries: latest.ipList } : undefined;
  }

  private async publish(
    sql: Sql,
    kind: ApiIpKind,
    { list, body, platformId, askedAt }: Answer,
    published: readonly string[],
  ): Promise<void> {
    await sql.run(INSERT_SNAPSHOT, [kind, list.digest, list.entries, list.invalid, body, platformId, askedAt]);
    const [before, after] = [new Set(published), new Set(list.entries)];
    await this.tell(sql, 'api_ips.changed', kind, list.digest, {
      added: list.entries.filter((entry) => !before.has(entry)),
      removed: published.filter((entry) => !after.has(entry)),
    });
  }

  /**
   * An operator says that a held list is right: it is published.
   * @throws AppError not_found, or conflict when it is not held any more
   */
  async confirm(kind: ApiIpKind, no: number, event: AuditEvent): Promise<void> {
    await this.db.transaction(async (sql) => {
      // Before the candidate: the order of `keep`.
      await sql.query(LOCK_WATCH, [kind]);
      const found = await this.candidates.find(sql, kind, no);
      if (!found) throw new AppError('not_found', `no such candidate of the ${kind} list`);
      if (found.state !== 'held') throw new AppError('conflict', `this candidate is ${found.state}, not held`);
      await this.publish(sql, kind, found.answer, (await this.published(sql, kind))?.entries ?? []);
      await this.candidates.published(sql, kind, no, event.actor);
      await this.audit.record(sql, event);
    });
  }

  /**
   * Records that the list could not be fetched; the lists that are known stay. An empty list is also held, so that an operator sees
   * it and may confirm it.
   * @returns null when the lease was lost
   */
  async fail(lease: FetchLease, error: AppError, cause: unknown = error): Promise<Kept | null> {
    return this.db.transaction(async (sql) => {
      const failed = await sql.run(NOTE_FAILED_FETCH, [
        lease.kind,
        lease.generation,
        error.code,
        JSON.stringify(error.details.wechat ?? null),
        error.message,
      ]);
      if (failed === 0) return null;
      const published = cause instanceof EmptyIpList ? await this.published(sql, lease.kind) : undefined;
      if (!(cause instanceof EmptyIpList) || !published) return { outcome: 'held', held: null };
      const { entries: lost } = published;
      const held = await this.hold(sql, lease.kind, cause.answer, { reason: 'empty', lost }, lost);
      return { outcome: 'held', held: { ...held, lost } };
    });
  }

  /** Lets go without a result: nothing was learnt about the list. */
  async release(lease: FetchLease): Promise<void> {
    await this.db.run(RELEASE_LEASE, [lease.kind, lease.generation]);
  }

  async state(sql: Sql, kind: ApiIpKind): Promise<FetchState> {
    const [row] = await sql.query<FetchState>(SELECT_STATE, [kind]);
    if (!row) throw new Error(`no row for the ${kind} list`);
    const { failure } = row;
    return {
      ...row,
      failure: failure && { ...failure, code: failure.code in ERROR_CODES ? failure.code : 'internal' },
    };
  }

  watch(sql: Sql): Promise<IpWatchRow[]> {
    return sql.query<IpWatchRow>(LIST_WATCHES);
  }
}
