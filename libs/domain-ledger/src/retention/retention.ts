import { Injectable } from '@nestjs/common';
import { DAY_MS, AppError, Database, type Sql } from '#libs/kernel';
import { inTransaction } from '../record/commit.ts';
import { diffSlots } from '../lists/domain-diff.ts';
import { BODY_LOCK, storeChangeSets } from '../lists/content-store.ts';
import { slotsOfContents } from '../record/watch-rows.ts';
import { RetentionPass } from './retention-pass.entity.ts';
import { REMOVE_UNUSED_BODIES } from './unused-lists.sql.ts';
import {
  ADVANCE_RUN,
  CLAIM_RUN,
  DELETE_GAPS_WITHOUT_SNAPSHOT,
  DELETE_SNAPSHOTS,
  LOCK_BODIES,
  LOCK_PAGE_OF_WATCHES,
  PLATFORMS_DONE_LATELY,
  RELEASE_RUN,
  RELINK_CHANGES,
  REQUEST_RUN,
  SELECT_RUN,
  SNAPSHOTS_OF_WATCHES,
} from './retention.sql.ts';

export interface RetentionPolicy {
  /** Snapshots that ended less long ago are all kept; milliseconds. */
  keepAllMs: number;
  /** Of older ones, the last in every span of this length is kept; milliseconds. */
  thinToMs: number;
}

export interface RetentionProgress {
  examined: number;
  removed: number;
  finished: boolean;
}

/** A run that was asked for. Of each platform the latest is kept. */
export interface RetentionRun extends RetentionPolicy, RetentionProgress {
  id: number;
  /** Mini programs when it began. */
  total: number;
  startedAt: Date;
  finishedAt: Date | null;
}

interface Claim extends RetentionPolicy {
  platformId: number;
  generation: number;
  cursor: number;
  examined: number;
  removed: number;
}

const PAGE = 200;
const LEASE_SECONDS = 60;

interface Kept {
  no: number;
  firstObservedAt: Date;
  lastObservedAt: Date | null;
  slots: (number[] | null)[];
}

/**
 * Thins old history (rule of truth 8). What it promises: every answer about the time since the horizon, the current
 * snapshot, and the first sight of every domain at every slot stay exactly as they are, as does every snapshot that is
 * kept, with its raw body. A domain that went and came back has still gone and come back. Moments of removed snapshots
 * become moments between two observations, never observed ones, and a stay that ended within thinned time is told to have
 * ended with the next snapshot that is kept.
 */
@Injectable()
export class DomainRetention {
  constructor(private readonly db: Database) {}

  /**
   * Asks for a run, or gives the id of the one that is under way. Some worker does it.
   * @throws AppError invalid_request for spans so short that they must be a mistake
   */
  async request(
    sql: Sql,
    platformId: number,
    policy: RetentionPolicy,
    by: string,
  ): Promise<{ id: number; isNew: boolean }> {
    assertSensible(policy);
    const [started] = await sql.query<{ id: number }>(REQUEST_RUN, [platformId, policy.keepAllMs, policy.thinToMs, by]);
    if (started) return { id: started.id, isNew: true };
    const running = await sql.repository(RetentionPass).findOneBy({ platformId });
    return { id: (running as RetentionPass).runNo, isNew: false };
  }

  async view(sql: Sql, platformId: number, id: number): Promise<RetentionRun | null> {
    const [row] = await sql.query<Omit<RetentionRun, 'finished'>>(SELECT_RUN, [platformId, id]);
    return row ? { ...row, finished: row.finishedAt !== null } : null;
  }

  /** Worker: goes on with runs that were asked for until none is left that nobody is at. */
  async work({ signal }: { signal?: AbortSignal } = {}): Promise<number> {
    let finished = 0;
    while (!signal?.aborted) {
      const claim = await this.claim(null);
      if (!claim) break;
      if ((await this.goThrough(claim, signal ? { signal } : {}))?.finished) finished += 1;
    }
    return finished;
  }

  /**
   * Goes through a platform's mini programs, or goes on with a pass that was interrupted, by the policy of that one. Null:
   * another process is at it.
   * @param options.onPage told after every committed page; may be used to show progress
   */
  async run(
    platformId: number,
    policy: RetentionPolicy,
    options: { signal?: AbortSignal; onPage?: (progress: RetentionProgress) => void } = {},
  ): Promise<RetentionProgress | null> {
    await this.request(this.db, platformId, policy, 'system');
    const claim = await this.claim(platformId);
    return claim && this.goThrough(claim, options);
  }

  /** Those of the platforms whose last pass began longer ago than `everyMs`, or was interrupted, or never was. */
  async due<Platform extends { platformId: number }>(
    platforms: readonly Platform[],
    everyMs: number,
  ): Promise<Platform[]> {
    const rows = await this.db.query<{ id: number }>(PLATFORMS_DONE_LATELY, [
      platforms.map(({ platformId }) => platformId),
      everyMs,
    ]);
    const done = new Set(rows.map(({ id }) => id));
    return platforms.filter(({ platformId }) => !done.has(platformId));
  }

  /** @param platformId null: of any platform */
  private async claim(platformId: number | null): Promise<Claim | null> {
    const [row] = await this.db.query<Claim>(CLAIM_RUN, [platformId, LEASE_SECONDS]);
    return row ?? null;
  }

  private async goThrough(
    claim: Claim,
    options: { signal?: AbortSignal; onPage?: (progress: RetentionProgress) => void },
  ): Promise<RetentionProgress | null> {
    const progress: RetentionProgress = { examined: claim.examined, removed: claim.removed, finished: false };
    let { cursor } = claim;
    while (!options.signal?.aborted) {
      const page = await this.page(claim.platformId, claim.generation, cursor, claim);
      if (page === 'lost') return null;
      progress.examined += page.examined;
      progress.removed += page.removed;
      progress.finished = page.last === null;
      options.onPage?.({ ...progress });
      if (page.last === null) return progress;
      cursor = page.last;
    }
    await this.db.run(RELEASE_RUN, [claim.platformId, claim.generation]);
    return progress;
  }

  private page(platformId: number, generation: number, after: number, policy: RetentionPolicy) {
    return inTransaction(this.db, async (sql) => {
      // Locked like a recorder locks them, so that no snapshot begins while its predecessors are thinned.
      const watches = await sql.query<{ id: number; latestNo: number; horizon: Date }>(LOCK_PAGE_OF_WATCHES, [
        platformId,
        after,
        PAGE,
        policy.keepAllMs,
      ]);
      const removed = await this.thin(sql, platformId, watches, policy);
      const last = watches.length < PAGE ? null : (watches.at(-1)?.id ?? null);
      const held = await sql.run(ADVANCE_RUN, [platformId, generation, last, watches.length, removed, LEASE_SECONDS]);
      if (held === 0) throw new Lost();
      return { examined: watches.length, removed, last };
    }).catch((error: unknown) => {
      if (error instanceof Lost) return 'lost' as const;
      throw error;
    });
  }

  private async thin(
    sql: Sql,
    platformId: number,
    watches: readonly { id: number; latestNo: number; horizon: Date }[],
    policy: RetentionPolicy,
  ): Promise<number> {
    const snapshots = await this.snapshotsOf(
      sql,
      platformId,
      watches.filter(({ latestNo }) => latestNo > 2).map(({ id }) => id),
    );
    const gone: { id: number; no: number }[] = [];
    const relinked: { id: number; no: number; before: Kept; after: Kept }[] = [];
    for (const { id, latestNo, horizon } of watches) {
      const history = snapshots.get(id) ?? [];
      const kept = keep(history, latestNo, horizon, policy.thinToMs);
      const keptNos = new Set(kept.map(({ no }) => no));
      gone.push(...history.filter(({ no }) => !keptNos.has(no)).map(({ no }) => ({ id, no })));
      kept.forEach((after, index) => {
        const before = kept[index - 1];
        if (before && history[history.indexOf(after) - 1] !== before)
          relinked.push({ id, no: after.no, before, after });
      });
    }
    if (gone.length > 0) await this.remove(sql, platformId, gone, relinked);
    return gone.length;
  }

  private async snapshotsOf(sql: Sql, platformId: number, ids: readonly number[]): Promise<Map<number, Kept[]>> {
    const rows = await sql.query<Omit<Kept, 'places'> & { id: number; listIds: (number | null)[] }>(
      SNAPSHOTS_OF_WATCHES,
      [platformId, ids],
    );
    const slots = await slotsOfContents(
      sql,
      rows.map((row) => row.listIds),
    );
    const histories = new Map<number, Kept[]>();
    rows.forEach(({ id, no, firstObservedAt, lastObservedAt }, index) => {
      const history = histories.get(id) ?? [];
      history.push({ no, firstObservedAt, lastObservedAt, slots: slots[index] ?? [] });
      histories.set(id, history);
    });
    return histories;
  }

  private async remove(
    sql: Sql,
    platformId: number,
    gone: readonly { id: number; no: number }[],
    relinked: readonly { id: number; no: number; before: Kept; after: Kept }[],
  ): Promise<void> {
    const bodies = await sql.query<{ id: number }>(DELETE_SNAPSHOTS, [
      platformId,
      gone.map(({ id }) => id),
      gone.map(({ no }) => no),
    ]);
    await sql.run(DELETE_GAPS_WITHOUT_SNAPSHOT, [platformId, [...new Set(gone.map(({ id }) => id))]]);
    // What follows a removed snapshot is now told against the one before that.
    const changeIds = await storeChangeSets(
      sql,
      relinked.map(({ before, after }) => diffSlots(before.slots, after.slots)),
    );
    await sql.run(RELINK_CHANGES, [platformId, relinked.map(({ id }) => id), relinked.map(({ no }) => no), changeIds]);
    // Exclusively: nobody may be about to refer to a body that is found unused here.
    await sql.query(LOCK_BODIES, [BODY_LOCK]);
    await sql.run(REMOVE_UNUSED_BODIES, [bodies.map(({ id }) => id)]);
  }
}

class Lost extends Error {}

function assertSensible({ keepAllMs, thinToMs }: RetentionPolicy): void {
  if (keepAllMs < 30 * DAY_MS) throw AppError.invalid('keep_all', 'must be at least P30D');
  if (thinToMs < DAY_MS) throw AppError.invalid('thin_to', 'must be at least P1D');
}

/**
 * Which snapshots of one mini program stay. Besides the last of every old span: the first, the current one and its
 * predecessor, everything that ended since the horizon, the one that was in force at the horizon, and those that show a
 * domain at a slot for the first time in a stay, or show it absent between two stays.
 */
export function keep(history: readonly Kept[], latestNo: number, horizon: Date, thinToMs: number): Kept[] {
  const spanOf = (at: Date) => Math.floor(at.getTime() / thinToMs);
  return history.filter((snapshot, index) => {
    const ended = snapshot.lastObservedAt;
    const next = history[index + 1];
    if (index === 0 || snapshot.no === latestNo || !ended || !next || ended >= horizon) return true;
    // Moments after the horizon may lie between this one and the next.
    if (next.firstObservedAt >= horizon || next.no === latestNo) return true;
    if (!next.lastObservedAt || spanOf(next.lastObservedAt) !== spanOf(ended)) return true;
    const changes = diffSlots(history[index - 1]?.slots ?? [], snapshot.slots);
    return changes.some(
      ({ slot, added, removed }) =>
        added.length > 0 ||
        removed.some((id) => history.slice(index + 1).some((later) => later.slots[slot]?.includes(id))),
    );
  });
}
