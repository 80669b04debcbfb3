import type { Sql } from '#libs/kernel';
import { CountSteps } from './domain-counts.ts';
import { recountEdits } from './monthly-edits.ts';
import { slotsOfContents, type WatchRow } from './watch-rows.ts';
import {
  DELETE_GAPS_OF_THE_FUTURE,
  MOVE_FUTURE_SNAPSHOTS_ASIDE,
  REOPEN_LATEST_SNAPSHOT,
  RESTORE,
} from './set-aside.sql.ts';

interface Restored {
  authorizerId: number;
  /** Number of the snapshot that is the latest again; 0: none is left. */
  no: number;
  contentListIds: (number | null)[] | null;
}

/**
 * Takes observations from the future out of the history: the database's clock was fast when they were made, so that when they
 * were made is not known. Their snapshots move to `set_aside`, where they stay with their bodies. The snapshot before them is the
 * latest again, last observed at a moment that is past, and what came after is unknown until the next look. The caller holds the
 * locks of the rows.
 */
export async function setAsideFuture(sql: Sql, platformId: number, ahead: readonly WatchRow[]): Promise<void> {
  const ids = ahead.map(({ authorizerId }) => authorizerId);
  await sql.run(MOVE_FUTURE_SNAPSHOTS_ASIDE, [platformId, ids]);
  const restored = await sql.query<Restored>(RESTORE, [platformId, ids]);
  await sql.run(REOPEN_LATEST_SNAPSHOT, [platformId, ids]);
  await sql.run(DELETE_GAPS_OF_THE_FUTURE, [platformId, ids]);
  const after = new Map(restored.map((row) => [row.authorizerId, row]));
  const [was, is] = [
    await slotsOfContents(
      sql,
      ahead.map((watch) => watch.contentListIds),
    ),
    await slotsOfContents(
      sql,
      ahead.map(({ authorizerId }) => after.get(authorizerId)?.contentListIds ?? null),
    ),
  ];
  const steps = new CountSteps();
  ahead.forEach((watch, index) => {
    if (watch.counted !== 2) return;
    steps.content(was[index] ?? [], -1);
    steps.content(is[index] ?? [], 1);
    if (!after.get(watch.authorizerId)?.no) steps.known(-1);
  });
  await steps.write(sql, platformId);
  await recountEdits(sql, platformId, ids);
}
