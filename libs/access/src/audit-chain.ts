import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { decodeCursor, encodeCursor } from '#libs/contract';
import { Database, Log, type Sql } from '#libs/kernel';

/** The newest link. Kept elsewhere, it proves later that nothing before it was changed. */
export interface ChainHead {
  seq: number;
  /** Hexadecimal. */
  hash: string;
  chainedAt: Date;
}

export interface ChainProblem {
  /** `altered`: the event is not what was chained. `removed`: events from `seq` to `untilSeq` are gone. */
  kind: 'altered' | 'removed';
  seq: number;
  untilSeq: number;
  eventId: number | null;
}

/** What was found in one stretch of the chain. */
export interface ChainStretch {
  /** Events that are there and were compared. */
  checked: number;
  problems: ChainProblem[];
  head: ChainHead;
  /** Events that wait for their link for longer than a minute: nobody chains. */
  waiting: number;
  /** Where to go on; null at the end of the chain. */
  nextCursor: string | null;
}

/** An event with its place in the chain. */
export interface ChainedRow {
  id: number;
  seq: number | null;
  hash: Buffer | null;
  platform_id: number | null;
  merchant_id: string | null;
  at_us: string;
  actor: string;
  action: string;
  subject: string | null;
  outcome: string;
  address: string | null;
  count: number;
  detail: string;
}

export const EVENT = `id, seq, hash, platform_id, merchant_id, (extract(epoch FROM at) * 1000000)::bigint::text AS at_us, actor, action,
  subject, outcome, address, count, detail::text AS detail`;
/** Events that a checkpoint still has: seq after $1, up to $2. */
export const KEPT = `SELECT ${EVENT} FROM access.audit_event WHERE seq > $1 AND seq <= $2 ORDER BY seq`;
/** Links made in one go: between two batches requests have their turn. */
const BATCH = 250;
const LOG_HEAD_MS = 10 * 60_000;

/**
 * The audit trail as a chain: every event carries the SHA-256 of the hash before it and of itself. Links are made in
 * batches after the commit of the events, so that no request waits for another; until then (about a second) an event is
 * protected by the rights of the database roles only.
 */
@Injectable()
export class AuditChain {
  private loggedMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly db: Database,
    private readonly log: Log,
  ) {}

  /**
   * Links what has been committed and is not linked yet, in the order of ids; an event that commits later than
   * others is linked after them. Any number of processes may call it: one works, the others return at once.
   * @param atMost ends once this many (or a batch more) are linked; the next call goes on
   * @returns events linked
   */
  async extend(atMost = Number.POSITIVE_INFINITY): Promise<number> {
    let linked = 0;
    for (;;) {
      const batch = await this.extendOnce();
      linked += batch;
      if (batch < BATCH || linked >= atMost) return linked;
    }
  }

  /**
   * Recomputes a stretch of the chain. An event altered together with its own hash shows at the event after it; a
   * rewrite of everything up to the head is found only by a head that was noted elsewhere (`expected`).
   * @throws CursorError
   */
  async verify(
    sql: Sql,
    page: { limit: number; cursor?: string | undefined; expected?: { seq: number; hash: string } | undefined },
  ): Promise<ChainStretch> {
    const [headRow] = await sql.query<{ seq: number; hash: Buffer; chained_at: Date; waiting: number }>(
      `SELECT seq, hash, chained_at,
              (SELECT count(*) FROM access.audit_event WHERE seq IS NULL AND at < wxfleet.now() - interval '1 minute') AS waiting
         FROM access.audit_head`,
    );
    if (!headRow) throw new Error('the head of the audit chain is gone');
    const head = { seq: headRow.seq, hash: headRow.hash.toString('hex'), chainedAt: headRow.chained_at };
    const kept = await this.verifyCheckpoint(sql, head, headRow.waiting, page.cursor);
    if (kept) return kept;
    const [afterSeq, afterHash] =
      page.cursor === undefined || isCheckpointCursor(page.cursor)
        ? await this.start(sql)
        : decodeCursor('audit-chain', page.cursor, ['number', 'string']);
    const rows = await sql.query<ChainedRow>(
      `SELECT ${EVENT} FROM access.audit_event WHERE seq > $1 AND seq <= $2 ORDER BY seq LIMIT $3`,
      [afterSeq, head.seq, page.limit],
    );
    const { problems, last } = compare(rows, { seq: afterSeq, hash: Buffer.from(afterHash, 'hex') }, page.expected);
    const ended = rows.length < page.limit;
    if (ended) {
      if (last.seq < head.seq) problems.push({ kind: 'removed', seq: last.seq + 1, untilSeq: head.seq, eventId: null });
      else if (last.hash.toString('hex') !== head.hash) {
        problems.push({ kind: 'altered', seq: head.seq, untilSeq: head.seq, eventId: rows.at(-1)?.id ?? null });
      }
      // A chain that ends before what was noted was cut off, head and all.
      const { expected } = page;
      if (expected && expected.seq > head.seq) {
        problems.push({ kind: 'removed', seq: head.seq + 1, untilSeq: expected.seq, eventId: null });
      }
    }
    return {
      checked: rows.length,
      problems,
      head,
      waiting: headRow.waiting,
      nextCursor: ended ? null : encodeCursor('audit-chain', [last.seq, last.hash.toString('hex')]),
    };
  }

  /** Where the unbroken chain begins: at the newest checkpoint, else at its very beginning. */
  private async start(sql: Sql): Promise<[number, string]> {
    const [newest] = await sql.query<{ seq: number; hash: Buffer }>(
      'SELECT until_seq AS seq, hash FROM access.audit_checkpoint ORDER BY no DESC LIMIT 1',
    );
    return newest ? [newest.seq, newest.hash.toString('hex')] : [0, GENESIS.toString('hex')];
  }

  /**
   * One checkpoint with each call, newest first, before the chain itself: what it still has must have the digest of its row, and of
   * the event that the chain has about it.
   * @returns null when all are checked
   */
  private async verifyCheckpoint(
    sql: Sql,
    head: ChainHead,
    waiting: number,
    cursor: string | undefined,
  ): Promise<ChainStretch | null> {
    if (cursor !== undefined && !isCheckpointCursor(cursor)) return null;
    const before = cursor === undefined ? null : decodeCursor(CHECKPOINT_CURSOR, cursor, ['number'])[0];
    const [checkpoint] = await sql.query<{
      no: number;
      fromSeq: number;
      untilSeq: number;
      digest: Buffer;
      recorded: string | null;
    }>(
      `SELECT no, from_seq AS "fromSeq", until_seq AS "untilSeq", kept_digest AS digest,
              (SELECT e.detail->>'kept_digest' FROM access.audit_event e
                WHERE e.action = 'audit.thinned' AND e.subject = 'audit_checkpoint:' || c.no ORDER BY e.id DESC LIMIT 1) AS recorded
         FROM access.audit_checkpoint c WHERE $1::int IS NULL OR no < $1 ORDER BY no DESC LIMIT 1`,
      [before],
    );
    if (!checkpoint) return null;
    const { no, fromSeq, untilSeq, digest, recorded } = checkpoint;
    const rows = await sql.query<ChainedRow>(KEPT, [fromSeq, untilSeq]);
    const isSame = keptDigest(rows).equals(digest) && (recorded === null || recorded === digest.toString('hex'));
    return {
      checked: rows.length,
      problems: isSame ? [] : [{ kind: 'altered', seq: fromSeq + 1, untilSeq, eventId: null }],
      head,
      waiting,
      nextCursor: encodeCursor(CHECKPOINT_CURSOR, [no]),
    };
  }

  private async extendOnce(): Promise<number> {
    const made = await this.db.transaction(async (sql) => {
      const [head] = await sql.query<{ seq: number; hash: Buffer }>(
        'SELECT seq, hash FROM access.audit_head FOR UPDATE SKIP LOCKED',
      );
      if (!head) return null;
      const rows = await sql.query<ChainedRow>(
        `SELECT ${EVENT} FROM access.audit_event WHERE seq IS NULL ORDER BY id LIMIT ${BATCH}`,
      );
      if (rows.length === 0) return null;
      let { seq, hash } = head;
      const links = rows.map((row) => {
        seq += 1;
        hash = linkOf(hash, seq, row);
        return { id: row.id, seq, hash };
      });
      await sql.run(
        `UPDATE access.audit_event e SET seq = l.seq, hash = l.hash
           FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS l (id, seq, hash) WHERE e.id = l.id`,
        [links.map((link) => link.id), links.map((link) => link.seq), links.map((link) => link.hash)],
      );
      await sql.run('UPDATE access.audit_head SET seq = $1, hash = $2, chained_at = wxfleet.now()', [seq, hash]);
      return { count: rows.length, seq, hash };
    });
    if (!made) return 0;
    const now = performance.now();
    if (now - this.loggedMs >= LOG_HEAD_MS) {
      this.loggedMs = now;
      // Logs are kept elsewhere: a witness that the database cannot rewrite.
      this.log.info('audit.chain_head', { seq: made.seq, hash: made.hash.toString('hex') });
    }
    return made.count;
  }
}

const CHECKPOINT_CURSOR = 'audit-checkpoint';

function isCheckpointCursor(cursor: string): boolean {
  try {
    decodeCursor(CHECKPOINT_CURSOR, cursor, ['number']);
    return true;
  } catch {
    return false;
  }
}

/** Over the events that a checkpoint still has, in order. */
export function keptDigest(rows: readonly ChainedRow[]): Buffer {
  const hash = createHash('sha256');
  for (const row of rows) hash.update(JSON.stringify(contentOf(row.seq as number, row))).update('\n');
  return hash.digest();
}

/** Compares a stretch with its hashes. @param start the link before it; null: the beginning of the chain */
export function verifyStretch(
  rows: readonly ChainedRow[],
  start: Link | null,
): { problems: ChainProblem[]; last: Link } {
  return compare(rows, start ?? { seq: 0, hash: GENESIS }, undefined);
}

/** As the migration starts the chain. */
const GENESIS = createHash('sha256').update('wxfleet audit chain').digest();

export interface Link {
  seq: number;
  hash: Buffer;
}

function compare(
  rows: readonly ChainedRow[],
  start: Link,
  expected: { seq: number; hash: string } | undefined,
): { problems: ChainProblem[]; last: Link } {
  const problems: ChainProblem[] = [];
  let last = start;
  for (const row of rows) {
    const seq = row.seq as number;
    const hash = row.hash as Buffer;
    const follows = seq === last.seq + 1;
    if (!follows) problems.push({ kind: 'removed', seq: last.seq + 1, untilSeq: seq - 1, eventId: null });
    // After a gap there is nothing to compare the first one with; the next ones follow it.
    const isWrong = follows && !linkOf(last.hash, seq, row).equals(hash);
    const isOther = expected?.seq === seq && expected.hash !== hash.toString('hex');
    if (isWrong || isOther) problems.push({ kind: 'altered', seq, untilSeq: seq, eventId: row.id });
    last = { seq, hash };
  }
  return { problems, last };
}

function linkOf(before: Buffer, seq: number, row: ChainedRow): Buffer {
  return createHash('sha256')
    .update(before)
    .update(JSON.stringify(contentOf(seq, row)))
    .digest();
}

function contentOf(seq: number, row: ChainedRow): unknown[] {
  return [
    seq,
    row.id,
    row.platform_id,
    row.merchant_id,
    row.at_us,
    row.actor,
    row.action,
    row.subject,
    row.outcome,
    row.address,
    row.count,
    row.detail,
  ];
}
