import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { decodeCursor, pageOf, type AuditEventView } from '#libs/contract';
import { Database, Log, isDatabaseUnavailable, within, type Sql } from '#libs/kernel';
import { AuditChain } from './audit-chain.ts';

/** One audited action. Never holds a secret. */
export interface AuditEvent {
  platformId: number | null;
  /** On whose behalf, where it concerns one merchant: keys limited to that merchant may read it. */
  merchantId?: string | null;
  /** `api_key:<id>`, `operator:<id>`, `user:<name>`, `wechat`, `system`. */
  actor: string;
  /** `<thing>.<what happened>`, for instance `merchant.created`. */
  action: string;
  /** `<thing>:<id>`. */
  subject?: string;
  /** `ok` or an error code; default `ok`. */
  outcome?: string;
  /** Network address of the caller. */
  address?: string;
  detail?: Record<string, unknown>;
}

export type CountedEvent = Omit<AuditEvent, 'detail'>;

export interface AuditFilter {
  from?: Date | undefined;
  to?: Date | undefined;
  actor?: string | undefined;
  action?: string | undefined;
  subject?: string | undefined;
  /** Only what concerns these merchants; null or absent: everything of the platform. */
  merchantIds?: readonly string[] | null;
  limit: number;
  cursor?: string | undefined;
}

export class AuditOptions {
  /** How long a stop waits for its last write: less than a step of the shutdown may take. */
  lastWriteMs = 8000;
}

interface Counted {
  event: CountedEvent;
  count: number;
}

interface EventRow {
  id: number;
  at: Date;
  merchant_id: string | null;
  actor: string;
  action: string;
  subject: string | null;
  outcome: string;
  address: string | null;
  count: number;
  detail: Record<string, unknown>;
}

const FLUSH_MS = 1000;
/** Links made in one turn; the rest follows with the next one, so that requests get the database meanwhile. */
const LINKS_A_TURN = 10_000;
/** Rows written in one go: between two of them requests have their turn. */
const PORTION = 250;
/** Kinds of counted events at once. A flood of different ones is then counted without telling them apart. */
const MAX_KINDS = 50_000;

/**
 * The audit log. Changes are recorded in the transaction that makes them; frequent events (token hand-outs) are counted
 * in memory and written every second and on stop: a kill -9 loses what was counted since the latest write began. While the
 * database is away they wait in memory, and a stop then says them as log lines `audit.unwritten`. What was written is linked
 * to the chain by turns of its own, so that a chain that is long behind, or held up, keeps no count from being written.
 */
@Injectable()
export class AuditTrail implements OnModuleInit, OnApplicationShutdown {
  private counts = new Map<string, Counted>();
  /** Taken from `counts` by the write that is under way, less what it has written. */
  private underWay = new Map<string, Counted>();
  private timers: NodeJS.Timeout[] = [];
  private writing: Promise<void> | undefined;
  private linking: Promise<void> | undefined;
  private troubled = false;

  constructor(
    private readonly db: Database,
    private readonly log: Log,
    private readonly chain?: AuditChain,
    private readonly options: AuditOptions = new AuditOptions(),
  ) {}

  onModuleInit(): void {
    this.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  start(): void {
    // A flush or link already in progress is not started twice.
    this.timers = [
      setInterval(() => void (this.writing ?? this.flush()), FLUSH_MS),
      setInterval(() => void (this.linking ?? this.link()), FLUSH_MS),
    ];
    for (const timer of this.timers) timer.unref();
  }

  /** Writes what is counted, to the log if not to the database; links what there is time for. */
  async stop(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    const isWritten = await within(this.options.lastWriteMs, this.flush());
    if (isWritten && this.counts.size === 0) await within(this.options.lastWriteMs / 2, this.link());
    this.sayUnwritten();
  }

  /** Records within the caller's transaction: the event exists if and only if the change does. */
  async record(sql: Sql, event: AuditEvent): Promise<void> {
    await sql.run(
      `INSERT INTO access.audit_event (platform_id, merchant_id, actor, action, subject, outcome, address, detail)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        event.platformId,
        event.merchantId ?? null,
        event.actor,
        event.action,
        event.subject ?? null,
        event.outcome ?? 'ok',
        event.address ?? null,
        JSON.stringify(event.detail ?? {}),
      ],
    );
  }

  /** Counts one of many alike; costs a look-up in a map. */
  count(event: CountedEvent): void {
    const key = keyOf(event);
    const present = this.counts.get(key);
    if (present) present.count += 1;
    else if (this.counts.size < MAX_KINDS) this.counts.set(key, { event, count: 1 });
    else this.countRoughly(event);
  }

  /** Writes everything that was counted until now; when the database is away, the counts stay and grow. */
  flush(): Promise<void> {
    const written = (this.writing ?? Promise.resolve())
      .then(() => this.writeCounts())
      .finally(() => {
        if (this.writing === written) this.writing = undefined;
      });
    this.writing = written;
    return written;
  }

  /** Links what was written until now to the chain, so much of it as one turn may. */
  link(): Promise<void> {
    const linked = (this.linking ?? Promise.resolve())
      .then(() => this.chain?.extend(LINKS_A_TURN))
      .then(
        () => undefined,
        (error: unknown) => {
          if (!this.troubled) this.log.warn('audit.chain_failed', { error });
        },
      )
      .finally(() => {
        if (this.linking === linked) this.linking = undefined;
      });
    this.linking = linked;
    return linked;
  }

  /** Events of a platform, newest first. */
  async list(
    sql: Sql,
    platformId: number,
    filter: AuditFilter,
  ): Promise<{ items: AuditEventView[]; next_cursor: string | null }> {
    const after = filter.cursor === undefined ? null : decodeCursor('audit', filter.cursor, ['number']);
    const rows = await sql.query<EventRow>(
      `SELECT id, at, merchant_id, actor, action, subject, outcome, address, count, detail FROM access.audit_event
       WHERE platform_id = $1 AND ($2::bigint IS NULL OR id < $2)
         AND ($3::timestamptz IS NULL OR at >= $3) AND ($4::timestamptz IS NULL OR at < $4)
         AND ($5::text IS NULL OR actor = $5) AND ($6::text IS NULL OR action = $6) AND ($7::text IS NULL OR subject = $7)
         AND ($8::text[] IS NULL OR merchant_id = ANY ($8))
       ORDER BY id DESC LIMIT $9`,
      [
        platformId,
        after?.[0] ?? null,
        filter.from ?? null,
        filter.to ?? null,
        filter.actor ?? null,
        filter.action ?? null,
        filter.subject ?? null,
        filter.merchantIds ?? null,
        filter.limit + 1,
      ],
    );
    return pageOf(
      'audit',
      rows,
      filter.limit,
      (row) => ({ ...row, id: String(row.id), at: row.at.toISOString() }),
      (row) => [row.id],
    );
  }

  /** Who and what are kept; on what and on whose behalf are not. */
  private countRoughly({ platformId, actor, action, outcome, address }: CountedEvent): void {
    const event = { platformId, actor, action, outcome, address };
    const key = keyOf({ ...event, subject: '*' });
    const present = this.counts.get(key);
    if (present) present.count += 1;
    else this.counts.set(key, { event, count: 1 });
  }

  private async writeCounts(): Promise<void> {
    this.underWay = this.counts;
    this.counts = new Map();
    const batch = [...this.underWay];
    for (let from = 0; from < batch.length; from += PORTION) {
      const portion = batch.slice(from, from + PORTION);
      try {
        await this.insert(portion.map(([, counted]) => counted));
        for (const [key] of portion) this.underWay.delete(key);
        this.troubled = false;
      } catch (error) {
        // Without a database every other portion would wait for it in vain.
        const isAway = isDatabaseUnavailable(error);
        this.putBack(isAway ? batch.slice(from) : portion);
        if (!this.troubled) this.log.warn('audit.flush_failed', { error, waiting: this.counts.size });
        this.troubled = true;
        if (isAway) return;
      }
    }
  }

  private async insert(events: readonly Counted[]): Promise<void> {
    const column = (of: (counted: Counted) => unknown) => events.map(of);
    await this.db.run(
      `INSERT INTO access.audit_event (platform_id, merchant_id, actor, action, subject, outcome, address, count)
         SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[])`,
      [
        column(({ event }) => event.platformId),
        column(({ event }) => event.merchantId ?? null),
        column(({ event }) => event.actor),
        column(({ event }) => event.action),
        column(({ event }) => event.subject ?? null),
        column(({ event }) => event.outcome ?? 'ok'),
        column(({ event }) => event.address ?? null),
        column(({ count }) => count),
      ],
    );
  }

  private putBack(batch: readonly [string, Counted][]): void {
    for (const [key, { event, count }] of batch) {
      this.underWay.delete(key);
      const newer = this.counts.get(key);
      if (newer) newer.count += count;
      else this.counts.set(key, { event, count });
    }
  }

  /**
   * The last resort of a process that ends without its database: logs are kept elsewhere. What a write under way holds may
   * have been written all the same, and is said as `uncertain`.
   */
  private sayUnwritten(): void {
    const say = (isUncertain: boolean) => (counted: Counted) =>
      this.log.error('audit.unwritten', { ...counted.event, count: counted.count, uncertain: isUncertain });
    [...this.counts.values()].forEach(say(false));
    [...this.underWay.values()].forEach(say(true));
    this.counts.clear();
  }
}

/** Events that differ in any of these are not alike. A text of the database holds no NUL, so nothing runs together. */
function keyOf(event: CountedEvent): string {
  const { platformId, merchantId, actor, action, subject, outcome, address } = event;
  return `${platformId}\0${merchantId}\0${actor}\0${action}\0${subject}\0${outcome}\0${address}`;
}
