import { Injectable } from '@nestjs/common';
import type { PlatformRef } from '#libs/custody';
import { JobQueue, engineTime, runBounded } from '#libs/jobs';
import { Database, Log, type Sql } from '#libs/kernel';
import { firstSnapshotsRequest } from '../jobs.ts';

/** Accounts in one run of the job; then it goes to the end of the queue, so that every platform has its turn. */
const PAGE = 100;
const CONCURRENCY = 8;
/** After a failure; given up a day after the authorization, since the rounds of snapshots look at every account anyway. */
const RETRY = `CASE WHEN authorized_at > wxfleet.now() - interval '1 day' THEN wxfleet.now() + interval '10 minutes' END`;

/** A mini program whose domains are to be looked at for the first time since it authorized, or since it granted set 18. */
export interface FirstLook {
  authorizerId: number;
  authorizerAppid: string;
}

/**
 * The first look at the domains of mini programs that have just authorized: marked on their rows, and worked off in pages by
 * one job for each platform. A fleet that comes at once is not a flood of jobs.
 */
@Injectable()
export class FirstLooks {
  constructor(
    private readonly db: Database,
    private readonly jobs: JobQueue,
    private readonly log: Log,
  ) {}

  /** Asks for a look, in the transaction of the fact that makes it possible; last of all in it, since it waits for others. */
  async ask(sql: Sql, platformId: number, authorizerId: number): Promise<void> {
    await sql.run(
      `UPDATE authorizers.authorizer SET first_look_due_at = wxfleet.now() WHERE platform_id = $1 AND authorizer_id = $2`,
      [platformId, authorizerId],
    );
    await this.jobs.addMany(sql, [firstSnapshotsRequest(platformId)]);
  }

  /**
   * Works off one page of those that are due, and adds the job again while there are more.
   * @param look looks at one account; when it rejects, that one is tried again later
   */
  async work(platform: PlatformRef, look: (account: FirstLook) => Promise<void>, signal?: AbortSignal): Promise<void> {
    const { platformId } = platform;
    const [clock] = await this.db.query<{ now: Date }>('SELECT wxfleet.now() AS now');
    const now = (clock as { now: Date }).now;
    const due = await this.db.query<FirstLook>(
      `SELECT authorizer_id AS "authorizerId", authorizer_appid AS "authorizerAppid" FROM authorizers.authorizer
        WHERE platform_id = $1 AND first_look_due_at <= $2 ORDER BY first_look_due_at, authorizer_id LIMIT ${PAGE}`,
      [platformId, now],
    );
    const done: number[] = [];
    const failed: number[] = [];
    await runBounded(
      due,
      CONCURRENCY,
      async (account) => {
        try {
          await look(account);
          done.push(account.authorizerId);
        } catch (error) {
          if (signal?.aborted) return;
          this.log.warn('authorizer.first_look_failed', {
            platformId,
            authorizerAppid: account.authorizerAppid,
            error,
          });
          failed.push(account.authorizerId);
        }
      },
      signal,
    );
    await this.db.transaction(async (sql) => {
      // One that was asked for again meanwhile stays.
      await sql.run(
        `UPDATE authorizers.authorizer
            SET first_look_due_at = CASE WHEN authorizer_id = ANY ($3) THEN ${RETRY} END
          WHERE platform_id = $1 AND authorizer_id = ANY ($2) AND first_look_due_at <= $4`,
        [platformId, [...done, ...failed], failed, now],
      );
      const [next] = await sql.query<{ seconds: number | null }>(
        `SELECT extract(epoch FROM min(first_look_due_at) - wxfleet.now())::float8 AS seconds
           FROM authorizers.authorizer WHERE platform_id = $1 AND first_look_due_at IS NOT NULL`,
        [platformId],
      );
      if (next?.seconds == null) return;
      const runAt = await engineTime(sql, Math.max(0, next.seconds));
      await this.jobs.addMany(sql, [{ ...firstSnapshotsRequest(platformId), runAt }]);
    });
  }
}
