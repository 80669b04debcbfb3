import type { Database, Sql } from '#libs/kernel';
import { storeBodies } from '../lists/content-store.ts';

/** Keeps answers that could not be read, or not all of them, as they came: the latest of each mini program. */
export async function keepUnreadable(
  sql: Sql,
  platformId: number,
  answers: readonly { authorizerId: number; askedAt: Date; body: Buffer; bodyDigest: string }[],
): Promise<void> {
  if (answers.length === 0) return;
  const latest = new Map(
    [...answers].sort((a, b) => a.askedAt.getTime() - b.askedAt.getTime()).map((each) => [each.authorizerId, each]),
  );
  const rows = [...latest.values()].sort((a, b) => a.authorizerId - b.authorizerId);
  const bodies = await storeBodies(
    sql,
    rows.map(({ body, bodyDigest: digest }) => ({ digest, body })),
  );
  await sql.run(
    `INSERT INTO domain_ledger.unreadable_answer AS u (platform_id, authorizer_id, body_id, asked_at)
     SELECT $1, * FROM unnest($2::bigint[], $3::int[], $4::timestamptz[])
         ON CONFLICT (platform_id, authorizer_id) DO UPDATE
        SET body_id = excluded.body_id, asked_at = excluded.asked_at, answers = u.answers + 1`,
    [
      platformId,
      rows.map((row) => row.authorizerId),
      rows.map((row) => bodies.get(row.bodyDigest)),
      rows.map((row) => row.askedAt),
    ],
  );
}

/** Mini programs whose latest answer could not be read, or not all of it, by platform. */
export async function countUnreadable(db: Database): Promise<Map<number, number>> {
  const rows = await db.query<{ platformId: number; count: number }>(
    `SELECT u.platform_id AS "platformId", count(*)::int AS count
       FROM domain_ledger.unreadable_answer u JOIN domain_ledger.watch w USING (platform_id, authorizer_id)
      WHERE w.unknown_places <> 0 OR w.unreadable_reason = 'unreadable_answer'
      GROUP BY u.platform_id`,
  );
  return new Map(rows.map((row) => [row.platformId, row.count]));
}
