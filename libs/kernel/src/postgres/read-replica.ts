import { setTimeout as delay } from 'node:timers/promises';
import { QueryFailedError } from 'typeorm';
import type { Turn } from '../concurrency/tenant-concurrency-limiter.ts';
import type { Log } from '../log/log.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { Database, type DatabaseOptions, type Tenant } from './database.ts';
import { codeOf, isConnectionBroken } from './errors.ts';
import type { Sql } from './transaction.ts';

/** An answer, and how old it may be. */
export interface ReplicaAnswer<T> {
  value: T;
  /** Everything that was committed before this moment is in the answer; null: the primary answered, with all there is. */
  asOf: Date | null;
}

export interface ReplicaOptions {
  database: DatabaseOptions;
  /** A replica further behind is not asked, in milliseconds. */
  maxLagMs: number;
}

/** Why the primary answers: no connection, too far behind, no standby any more, or its replay ended the query. */
type Fault = 'away' | 'behind' | 'promoted' | 'conflict';

interface Status {
  standby: boolean;
  /** Commit time of the last transaction that was replayed, by the clock of the primary. */
  asOf: Date | null;
  now: Date;
}

/** How long a replica may take to say that it is there, and for how long that is believed, in milliseconds. */
const CHECK_MS = 1500;
const BELIEVED_MS = 1000;
/** A replica that was away or promoted is asked again after this time. */
const RETRY_MS = 5000;
/** A primary on which nothing happens is given a commit to replay, at most so often. */
const BEAT_MS = 1000;
/** A long statement in the way of replay is ended by the standby; one that takes longer is ended here. */
const STATEMENT_TIMEOUT_MS = 20_000;

const STATUS = `SELECT pg_is_in_recovery() AS standby, pg_last_xact_replay_timestamp() AS "asOf", clock_timestamp() AS now`;

/**
 * Reads for tenants on a streaming replica of the database, with the same role and row-level security; on the primary where there
 * is no replica, and while it is of no use. Only for answers that may be as old as the replica: nothing that decides a write or
 * hands out a token.
 */
export class ReadReplica {
  private opening: Promise<Database> | undefined;
  private checking: Promise<boolean> | undefined;
  private goodUntil = 0;
  private skipUntil = 0;
  private nextBeat = 0;
  private fault: Fault | null = null;
  private lagMs = Number.NaN;
  private readonly reads: { inc(labels: { server: string; reason: string }): void };

  /** @param options null: there is no replica */
  constructor(
    private readonly primary: Database,
    private readonly options: ReplicaOptions | null,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.reads = metrics.counter(
      'wxfleet_fleet_reads_total',
      'Reads that a replica may answer, by the server that did, and why it was the primary: none, away, behind, promoted, conflict',
      ['server', 'reason'],
    );
    if (!options) return;
    metrics.gauge(
      'wxfleet_read_replica_lag_seconds',
      'How far the replica was behind when it was last asked',
      [],
      (gauge) => {
        if (!Number.isNaN(this.lagMs)) gauge.set(this.lagMs / 1000);
      },
    );
  }

  /**
   * One read-only transaction on behalf of a tenant. `work` may run twice, the second time on the primary: it only reads.
   * @throws what `work` throws, unless the replica is at fault
   */
  async read<T>(tenant: Tenant, work: (sql: Sql) => Promise<T>, turn?: Turn): Promise<ReplicaAnswer<T>> {
    if (!this.options) return { value: await this.primary.readForTenant(tenant, work, turn), asOf: null };
    const tried = await this.onReplica(tenant, work, turn, this.options);
    if (typeof tried !== 'string') {
      this.note(null);
      this.reads.inc({ server: 'replica', reason: 'none' });
      return tried;
    }
    this.note(tried);
    this.reads.inc({ server: 'primary', reason: tried });
    return { value: await this.primary.readForTenant(tenant, work, turn), asOf: null };
  }

  async close(): Promise<void> {
    const opened = await this.opening?.catch(() => undefined);
    await opened?.close();
  }

  private async onReplica<T>(
    tenant: Tenant,
    work: (sql: Sql) => Promise<T>,
    turn: Turn | undefined,
    { maxLagMs }: ReplicaOptions,
  ): Promise<ReplicaAnswer<T> | Fault> {
    if (performance.now() < this.skipUntil) return this.fault ?? 'away';
    if (!(await this.isThere())) return this.skip('away');
    try {
      const db = await this.open();
      const reading = db.readForTenant(
        tenant,
        async (sql) => {
          const [status] = await sql.query<Status>(STATUS);
          if (!status?.standby) throw new NotUsed('promoted');
          const { asOf } = status;
          this.lagMs = asOf ? Math.max(0, status.now.getTime() - asOf.getTime()) : Number.NaN;
          if (!(this.lagMs < BEAT_MS)) this.beat();
          if (!asOf || this.lagMs > maxLagMs) throw new NotUsed('behind');
          return { value: await work(sql), asOf };
        },
        turn,
      );
      return await this.unlessItHangs(reading);
    } catch (error) {
      const fault = faultOf(error);
      if (fault === null) throw error;
      return fault === 'away' || fault === 'promoted' ? this.skip(fault) : fault;
    }
  }

  /** A long statement is waited for while the server answers others. @throws NotUsed */
  private async unlessItHangs<T>(reading: Promise<T>): Promise<T> {
    reading.catch(() => undefined); // it may fail when nobody waits for it any more
    for (;;) {
      const waited = new AbortController();
      const late = delay(CHECK_MS, LATE, { signal: waited.signal, ref: false }).catch(() => LATE);
      const first = await Promise.race([reading, late]).finally(() => waited.abort());
      if (first !== LATE) return first as T;
      this.goodUntil = 0;
      if (!(await this.isThere())) throw new NotUsed('away');
    }
  }

  /** Whether it answers at all: a server that hangs keeps one reader waiting for a moment, and no others. */
  private async isThere(): Promise<boolean> {
    if (performance.now() < this.goodUntil) return true;
    this.checking ??= Promise.race([
      this.open()
        .then((db) => db.query('SELECT 1'))
        .then(
          () => true,
          () => false,
        ),
      delay(CHECK_MS, false, { ref: false }),
    ]).finally(() => (this.checking = undefined));
    const there = await this.checking;
    if (there) this.goodUntil = performance.now() + BELIEVED_MS;
    return there;
  }

  /** Opened when it is first asked: a hub starts without its replica. */
  private open(): Promise<Database> {
    const { database } = this.options as ReplicaOptions;
    this.opening ??= Database.open({
      ...database,
      connectTimeoutMs: CHECK_MS,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    }).catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    });
    return this.opening;
  }

  /**
   * How far a replica is behind shows in the transactions it has replayed. Where the primary had none for a while, this gives it
   * one, so that the next reader knows better. The reader does not wait for it.
   */
  private beat(): void {
    const now = performance.now();
    if (now < this.nextBeat) return;
    this.nextBeat = now + BEAT_MS;
    this.primary.query('SELECT pg_current_xact_id()').catch(() => undefined);
  }

  private skip(fault: Fault): Fault {
    this.goodUntil = 0;
    this.skipUntil = performance.now() + RETRY_MS;
    return fault;
  }

  /** A line when it changes, not for every reader. A single conflict is no change. */
  private note(fault: Fault | null): void {
    if (fault === this.fault || fault === 'conflict') return;
    this.fault = fault;
    if (fault === null) this.log.info('read_replica.used', { lag_ms: this.lagMs });
    else this.log.warn('read_replica.not_used', { reason: fault });
  }
}

const LATE = Symbol('late');

class NotUsed extends Error {
  constructor(readonly fault: Fault) {
    super(`the replica is not used: ${fault}`);
  }
}

/** Its replay needs what the query reads (PostgreSQL, "Handling Query Conflicts"). */
const CONFLICTS = new Set(['40001', '40P01']);
/** Tables, columns or functions of a migration that it has not replayed. */
const OLDER_SCHEMA = new Set(['42P01', '42703', '42883', '3F000']);

/** What is wrong with the replica; null: the error is about something else. */
function faultOf(error: unknown): Fault | null {
  if (error instanceof NotUsed) return error.fault;
  if (error instanceof QueryFailedError) return faultOf(error.driverError);
  const code = codeOf(error);
  if (typeof code === 'string' && CONFLICTS.has(code)) return 'conflict';
  if (typeof code === 'string' && OLDER_SCHEMA.has(code)) return 'behind';
  return isConnectionBroken(error) ? 'away' : null;
}
