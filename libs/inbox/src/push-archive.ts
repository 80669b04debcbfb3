import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { HOUR_MS, Database, Metrics, type SealedTable, type Sql, Ticks } from '#libs/kernel';
import { sealedBodyPlace } from './push-seal.ts';

/** A push as an operator sees it; its content stays sealed. */
export interface PushRow {
  pushId: number;
  infoType: string;
  authorizerAppid: string;
  state: 'pending' | 'handled' | 'superseded' | 'unhandled' | 'failed';
  wechatCreatedAt: Date;
  receivedAt: Date;
  handledAt: Date | null;
  attempts: number;
  failure: Record<string, unknown> | null;
}

/** Stored pushes for operators: lists, how many wait, and the removal of old ones. */
@Injectable()
export class PushArchive {
  constructor(
    private readonly db: Database,
    private readonly ticks: Ticks,
    metrics: Metrics,
  ) {
    showBacklog(metrics, db);
  }

  list = listPushes;
  backlog = pushBacklog;

  /** Removes old pushes. */
  @Interval('push_retention', HOUR_MS)
  prune(): Promise<void> {
    return this.ticks.run('push_retention', async () => {
      while ((await prunePushes(this.db)) >= PRUNED_AT_ONCE);
    });
  }
}

/** Rows in one statement. */
const PRUNED_AT_ONCE = 5000;

/** Pushes of a platform, newest first; `before` is the pushId of the last row of the page before. */
export function listPushes(
  sql: Sql,
  platformId: number,
  filter: { state?: PushRow['state']; authorizerAppid?: string; before?: number; limit: number },
): Promise<PushRow[]> {
  return sql.query<PushRow>(
    `SELECT push_id AS "pushId", info_type AS "infoType", authorizer_appid AS "authorizerAppid", state,
            wechat_created_at AS "wechatCreatedAt", received_at AS "receivedAt", handled_at AS "handledAt",
            attempts, failure
       FROM inbox.push
      WHERE platform_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::text IS NULL OR authorizer_appid = $3)
        AND ($4::bigint IS NULL OR push_id < $4)
      ORDER BY push_id DESC LIMIT $5`,
    [platformId, filter.state ?? null, filter.authorizerAppid ?? null, filter.before ?? null, filter.limit],
  );
}

/** How much waits and how much was given up, of what `sql` may see; for metrics and alarms. `oldestSeconds` is 0 when nothing waits. */
export async function pushBacklog(sql: Sql): Promise<{ pending: number; oldestSeconds: number; failed: number }> {
  const [row] = await sql.query<{ pending: number; oldest_seconds: number; failed: number }>(
    `SELECT (SELECT count(*) FROM inbox.push WHERE state = 'pending') AS pending,
            (SELECT coalesce(extract(epoch FROM wxfleet.now() - min(received_at)), 0)::float8
               FROM inbox.push WHERE state = 'pending') AS oldest_seconds,
            (SELECT count(*) FROM inbox.push WHERE state = 'failed') AS failed`,
  );
  return { pending: row?.pending ?? 0, oldestSeconds: row?.oldest_seconds ?? 0, failed: row?.failed ?? 0 };
}

export interface PushRetention {
  /** Days for what was dealt with; at least 2, since a row is what recognises a replay within the window. Default 7. */
  doneDays?: number;
  /** Days for what was not understood or given up. Default 90. */
  keptDays?: number;
  /** Default 5,000. */
  limit?: number;
}

/** Removes pushes older than their retention; pending ones stay. Call again while it returns `limit`. */
export async function prunePushes(sql: Sql, retention: PushRetention = {}): Promise<number> {
  return sql.run(
    `DELETE FROM inbox.push WHERE (platform_id, push_id) IN (
       SELECT platform_id, push_id FROM inbox.push
        WHERE received_at < wxfleet.now() - make_interval(days => $1)
          AND (state IN ('handled', 'superseded')
               OR (state IN ('unhandled', 'failed') AND received_at < wxfleet.now() - make_interval(days => $2)))
        ORDER BY received_at LIMIT $3 FOR UPDATE SKIP LOCKED)`,
    [Math.max(2, retention.doneDays ?? 7), Math.max(2, retention.keptDays ?? 90), retention.limit ?? PRUNED_AT_ONCE],
  );
}

/** Asked at every reading; while the database does not answer, the metric shows the last known numbers. */
function showBacklog(metrics: Metrics, db: Database): void {
  const oldest = metrics.gauge('wxfleet_push_oldest_pending_seconds', 'For how long the oldest push has waited');
  metrics.gauge(
    'wxfleet_push_backlog',
    'Pushes that wait (pending) or were given up (failed)',
    ['state'],
    async (gauge) => {
      const backlog = await pushBacklog(db).catch(() => null);
      if (!backlog) return;
      gauge.set({ state: 'pending' }, backlog.pending);
      gauge.set({ state: 'failed' }, backlog.failed);
      oldest.set(backlog.oldestSeconds);
    },
  );
}

/** Where this library keeps sealed values, for the rotation of master keys. The digest is as good a key as the id. */
export const inboxSealedTables: readonly SealedTable[] = [
  {
    table: 'inbox.push',
    key: [
      { column: 'platform_id', type: 'int' },
      { column: 'digest', type: 'bytea' },
    ],
    sealed: [{ column: 'sealed_body', aad: (row) => sealedBodyPlace(row.platform_id as number, row.digest as Buffer) }],
  },
];
