import {
  CursorError,
  decodeCursor,
  pageOf,
  type ApiIpKind,
  type ApiIpSnapshotView,
  type ApiIpView,
} from '#libs/contract';
import { AppError, type Sql } from '#libs/kernel';

interface CurrentRow {
  no: number;
  digest: Buffer;
  entries: string[];
  lastObservedAt: Date;
  at: Date;
}

interface SnapshotRow {
  no: number;
  digest: Buffer;
  entries: string[];
  firstObservedAt: Date;
  lastObservedAt: Date;
  observations: number;
  before: string[] | null;
}

/** The history of WeChat's addresses, read. Every question is one statement. */
export class ApiIpHistory {
  /** @param intervalMs time between fetches; a list unseen for twice as long is stale */
  constructor(private readonly intervalMs: number) {}

  /** The list as known at a moment (now without one), however old; null when nothing had been observed by then. */
  async current(sql: Sql, kind: ApiIpKind, at: Date | null = null): Promise<ApiIpView | null> {
    const [row] = await sql.query<CurrentRow>(
      `SELECT no, digest, ip_list AS entries, last_observed_at AS "lastObservedAt", coalesce($2, wxfleet.now()) AS at
         FROM api_ip_ledger.ip_snapshot
        WHERE kind = $1 AND first_observed_at <= coalesce($2, wxfleet.now())
        ORDER BY no DESC LIMIT 1`,
      [kind, at],
    );
    return row
      ? {
          kind,
          observed_at: row.lastObservedAt.toISOString(),
          stale: row.at.getTime() - row.lastObservedAt.getTime() > 2 * this.intervalMs,
          sync_token: syncToken(row),
          ip_list: row.entries,
        }
      : null;
  }

  /** The latest snapshot, or null before the first fetch. */
  async latest(sql: Sql, kind: ApiIpKind): Promise<ApiIpSnapshotView | null> {
    return (await this.snapshots(sql, kind, { limit: 1 })).items[0] ?? null;
  }

  /** Newest first, each with what changed against the one before. */
  async snapshots(
    sql: Sql,
    kind: ApiIpKind,
    page: { limit: number; cursor?: string | undefined },
  ): Promise<{ items: ApiIpSnapshotView[]; next_cursor: string | null }> {
    const before = page.cursor === undefined ? null : positionOf(kind, page.cursor);
    const rows = await sql.query<SnapshotRow>(
      `SELECT s.no, s.digest, s.ip_list AS entries, s.first_observed_at AS "firstObservedAt",
              s.last_observed_at AS "lastObservedAt", s.observations, p.ip_list AS before
         FROM api_ip_ledger.ip_snapshot s
         LEFT JOIN api_ip_ledger.ip_snapshot p ON p.kind = s.kind AND p.no = s.no - 1
        WHERE s.kind = $1 AND ($2::int IS NULL OR s.no < $2)
        ORDER BY s.no DESC LIMIT $3`,
      [kind, before, page.limit + 1],
    );
    return pageOf(
      `ips-${kind}`,
      rows,
      page.limit,
      (row) => snapshotView(kind, row),
      (row) => [row.no],
    );
  }
}

function snapshotView(kind: ApiIpKind, row: SnapshotRow): ApiIpSnapshotView {
  const before = new Set(row.before ?? []);
  const now = new Set(row.entries);
  return {
    id: `${kind}-${row.no}`,
    kind,
    first_observed_at: row.firstObservedAt.toISOString(),
    last_observed_at: row.lastObservedAt.toISOString(),
    observations: row.observations,
    sync_token: syncToken(row),
    ip_list: row.entries,
    added: row.entries.filter((entry) => !before.has(entry)),
    removed: [...before].filter((entry) => !now.has(entry)),
  };
}

/** With the number, so that a list that comes back after another one has a token of its own. */
function syncToken(row: { no: number; digest: Buffer }): string {
  return `${row.no}-${row.digest.subarray(0, 8).toString('hex')}`;
}

function positionOf(kind: ApiIpKind, cursor: string): number {
  try {
    return decodeCursor(`ips-${kind}`, cursor, ['number'])[0];
  } catch (error) {
    if (error instanceof CursorError) throw AppError.invalid('cursor', error.message);
    throw error;
  }
}
