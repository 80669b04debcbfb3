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

/** The history of WeChat's addresses, read. */
export class ApiIpHistory {
  /** @param intervalMs time between fetches; a list unseen for more than twice as long is stale */
  constructor(private readonly intervalMs: number) {}

  /**
   * The list as known at a moment (now without one), however old; a moment to come is taken for now.
   * @throws AppError not_found when nothing had been observed by then
   */
  async current(sql: Sql, kind: ApiIpKind, at: Date | null = null): Promise<ApiIpView> {
    const [row] = await sql.query<CurrentRow>(
      `SELECT digest, ip_list AS entries, last_observed_at AS "lastObservedAt",
              least($2::timestamptz, wxfleet.now()) AS at
         FROM api_ip_ledger.ip_snapshot
        WHERE kind = $1 AND first_observed_at <= least($2::timestamptz, wxfleet.now())
        ORDER BY no DESC LIMIT 1`,
      [kind, at],
    );
    if (!row) throw await this.nothingKnown(sql, kind, at);
    return {
      kind,
      observed_at: row.lastObservedAt.toISOString(),
      stale: row.at.getTime() - row.lastObservedAt.getTime() > 2 * this.intervalMs,
      sync_token: syncToken(row.digest),
      ip_list: row.entries,
    };
  }

  /** The latest snapshot, or null before the first fetch. */
  async latest(sql: Sql, kind: ApiIpKind): Promise<ApiIpSnapshotView | null> {
    return (await this.snapshots(sql, kind, { limit: 1 })).items[0] ?? null;
  }

  /** Newest first, each with what changed against the one before. @throws AppError invalid_request for a foreign cursor */
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
        WHERE s.kind = $1 AND ($2::bigint IS NULL OR s.no < $2)
        ORDER BY s.no DESC LIMIT $3`,
      [kind, before, page.limit + 1],
    );
    return pageOf(
      cursorKind(kind),
      rows,
      page.limit,
      (row) => snapshotView(kind, row),
      (row) => [row.no],
    );
  }

  private async nothingKnown(sql: Sql, kind: ApiIpKind, at: Date | null): Promise<AppError> {
    const [first] = await sql.query<{ at: Date }>(
      'SELECT first_observed_at AS at FROM api_ip_ledger.ip_snapshot WHERE kind = $1 ORDER BY no LIMIT 1',
      [kind],
    );
    return new AppError(
      'not_found',
      first && at
        ? `the ${kind} list was first observed at ${first.at.toISOString()}, so that of ${at.toISOString()} is not known`
        : `the ${kind} list has not been observed yet`,
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
    sync_token: syncToken(row.digest),
    ip_list: row.entries,
    added: row.entries.filter((entry) => !before.has(entry)),
    removed: [...before].filter((entry) => !now.has(entry)),
  };
}

/** Of the content alone: whoever compares it with the token of the list that he has is right, however many he missed. */
function syncToken(digest: Buffer): string {
  return digest.subarray(0, 16).toString('hex');
}

function cursorKind(kind: ApiIpKind): string {
  return `ips-${kind}`;
}

function positionOf(kind: ApiIpKind, cursor: string): number {
  try {
    return decodeCursor(cursorKind(kind), cursor, ['number'])[0];
  } catch (error) {
    if (error instanceof CursorError) throw AppError.invalid('cursor', error.message);
    throw error;
  }
}
