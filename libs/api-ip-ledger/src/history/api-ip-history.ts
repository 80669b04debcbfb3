import { Injectable } from '@nestjs/common';
import {
  CursorError,
  decodeCursor,
  pageOf,
  type ApiIpDiffView,
  type ApiIpKind,
  type ApiIpLifetimePage,
  type ApiIpSnapshotView,
  type ApiIpView,
} from '#libs/contract';
import { DAY_MS, AppError, type Sql } from '#libs/kernel';
import { normaliseIp, syncToken } from '../lists/ip-list.ts';
import { FIRST_OBSERVATION, LIST_LIFETIMES, LIST_SNAPSHOTS, PUBLISHED_LIST } from './api-ip-history.sql.ts';

interface CurrentRow {
  digest: Buffer;
  entries: string[];
  invalid: string[];
  firstObservedAt: Date;
  lastObservedAt: Date;
  at: Date;
  heldId: number | null;
  heldReason: 'empty' | 'incomplete' | 'shrunk' | null;
  heldSince: Date | null;
}

interface LifetimeRow {
  entry: string;
  firstNo: number;
  firstObservedAt: Date;
  lastObservedAt: Date;
  endedAt: Date | null;
}

export class ApiIpOptions {
  /** Between fetches; a list unseen for more than twice as long is stale. */
  intervalMs = DAY_MS;
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
@Injectable()
export class ApiIpHistory {
  constructor(private readonly options: ApiIpOptions) {}

  /**
   * The list as known at a moment (now without one), however old; a moment to come is taken for now.
   * @throws AppError not_found when nothing had been observed by then
   */
  async current(sql: Sql, kind: ApiIpKind, at: Date | null = null): Promise<ApiIpView> {
    return (await this.published(sql, kind, at)).view;
  }

  /** The same, and when this list was seen first. */
  async published(
    sql: Sql,
    kind: ApiIpKind,
    at: Date | null = null,
  ): Promise<{ view: ApiIpView; firstObservedAt: Date }> {
    const [row] = await sql.query<CurrentRow>(PUBLISHED_LIST, [kind, at]);
    if (!row) throw await this.nothingKnown(sql, kind, at);
    const { heldId, heldReason, heldSince } = row;
    const view = {
      kind,
      observed_at: row.lastObservedAt.toISOString(),
      stale: row.at.getTime() - row.lastObservedAt.getTime() > 2 * this.options.intervalMs,
      incomplete: row.invalid.length > 0 || heldReason === 'incomplete',
      sync_token: syncToken(row.digest),
      ip_list: row.entries,
      held:
        heldId === null || heldReason === null || heldSince === null
          ? null
          : { id: String(heldId), reason: heldReason, since: heldSince.toISOString() },
    };
    return { view, firstObservedAt: row.firstObservedAt };
  }

  /** What changed from one moment to another. @throws AppError not_found when nothing had been observed by then */
  async diff(sql: Sql, kind: ApiIpKind, from: Date, to: Date | null): Promise<ApiIpDiffView> {
    const before = (await this.published(sql, kind, from)).view;
    const after = (await this.published(sql, kind, to)).view;
    const [earlier, later] = [new Set(before.ip_list), new Set(after.ip_list)];
    return {
      kind,
      from: from.toISOString(),
      to: to?.toISOString() ?? null,
      from_sync_token: before.sync_token,
      to_sync_token: after.sync_token,
      added: after.ip_list.filter((entry) => !earlier.has(entry)),
      removed: before.ip_list.filter((entry) => !later.has(entry)),
    };
  }

  /**
   * The times in which each entry was in the list without a break, by entry; `ended_at` is the first list without it.
   * @throws AppError invalid_request for what is no address, or a foreign cursor
   */
  async lifetimes(
    sql: Sql,
    kind: ApiIpKind,
    page: { limit: number; cursor?: string | undefined; address?: string | undefined },
  ): Promise<ApiIpLifetimePage> {
    const address = page.address === undefined ? null : normaliseIp(page.address);
    if (page.address !== undefined && (address === null || address.includes('/'))) {
      throw AppError.invalid('address', 'must be one IPv4 or IPv6 address');
    }
    const after = page.cursor === undefined ? null : lifetimeAfter(kind, page.cursor);
    const rows = await sql.query<LifetimeRow>(LIST_LIFETIMES, [
      kind,
      address,
      after?.[0] ?? null,
      after?.[1] ?? null,
      page.limit + 1,
    ]);
    return pageOf(
      lifetimeCursor(kind),
      rows,
      page.limit,
      (row) => ({
        address: row.entry,
        first_observed_at: row.firstObservedAt.toISOString(),
        last_observed_at: row.lastObservedAt.toISOString(),
        ended_at: row.endedAt?.toISOString() ?? null,
        present: row.endedAt === null,
      }),
      (row) => [row.entry, row.firstNo],
    );
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
    const rows = await sql.query<SnapshotRow>(LIST_SNAPSHOTS, [kind, before, page.limit + 1]);
    return pageOf(
      cursorKind(kind),
      rows,
      page.limit,
      (row) => snapshotView(kind, row),
      (row) => [row.no],
    );
  }

  private async nothingKnown(sql: Sql, kind: ApiIpKind, at: Date | null): Promise<AppError> {
    const [first] = await sql.query<{ at: Date }>(FIRST_OBSERVATION, [kind]);
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

function lifetimeCursor(kind: ApiIpKind): string {
  return `ip-lives-${kind}`;
}

function lifetimeAfter(kind: ApiIpKind, cursor: string): [string, number] {
  try {
    return decodeCursor(lifetimeCursor(kind), cursor, ['string', 'number']);
  } catch (error) {
    if (error instanceof CursorError) throw AppError.invalid('cursor', error.message);
    throw error;
  }
}
