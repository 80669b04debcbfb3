import { decodeCursor, pageOf, type AuditEventView } from '#libs/contract';
import { isDatabaseUnavailable, type Database, type Log, type Sql } from '#libs/kernel';
import type { AuditChain } from './audit-chain.ts';

/** One use of power. Never holds a secret. */
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
/** Rows written in one go: between two of them requests have their turn. */
const PORTION = 250;
/** Kinds of counted events at once. A flood of different ones is then counted without telling them apart. */
const MAX_KINDS = 50_000;

/**
 * Who did what. Changes are recorded in the transaction that makes them; frequent events (token hand-outs) are counted
 * in memory and written at most every second and on stop: a kill -9 loses the counts of one second, nothing else. The
 * same tick links what was written to the chain.
 */
export class AuditTrail {
  private counts = new Map<string, Counted>();
  private timer: NodeJS.Timeout | undefined;
  private flushing: Promise<void> = Promise.resolve();
  private troubled = false;

  constructor(
    private readonly db: Database,
    private readonly log: Log,
    private readonly chain?: AuditChain,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.flush(), FLUSH_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.flush();
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
    const key = `${event.platformId} ${event.actor} ${event.action} ${event.subject} ${event.outcome} ${event.address}`;
    const present = this.counts.get(key);
    if (present) present.count += 1;
    else if (this.counts.size < MAX_KINDS) this.counts.set(key, { event, count: 1 });
    else this.countRoughly(event);
  }

  /** Writes what was counted, and links it; when the database is away, the counts stay and grow. */
  flush(): Promise<void> {
    this.flushing = this.flushing.then(async () => {
      await this.writeCounts();
      await this.chain?.extend().catch((error: unknown) => {
        if (!this.troubled) this.log.warn('audit.chain_failed', { error });
      });
    });
    return this.flushing;
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
    const key = `${platformId} ${actor} ${action} * ${outcome} ${address}`;
    const present = this.counts.get(key);
    if (present) present.count += 1;
    else this.counts.set(key, { event, count: 1 });
  }

  private async writeCounts(): Promise<void> {
    const batch = [...this.counts];
    this.counts = new Map();
    for (let from = 0; from < batch.length; from += PORTION) {
      try {
        await this.insert(batch.slice(from, from + PORTION).map(([, counted]) => counted));
        this.troubled = false;
      } catch (error) {
        // Without a database every other portion would wait for it in vain.
        const isAway = isDatabaseUnavailable(error);
        this.putBack(batch.slice(from, isAway ? undefined : from + PORTION));
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
      const newer = this.counts.get(key);
      if (newer) newer.count += count;
      else this.counts.set(key, { event, count });
    }
  }
}
