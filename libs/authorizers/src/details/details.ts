import { Injectable } from '@nestjs/common';
import type { PlatformRef } from '#libs/custody';
import { JobQueue, type JobRequest, engineTime, runBounded } from '#libs/jobs';
import { Database, Log, type Sql, isDatabaseUnavailable } from '#libs/kernel';
import { BULK_PRIORITY, bulkQueue, readAuthorizerDetails } from '../jobs.ts';
import { AuthorizerVerification } from './verification.ts';

/** Accounts in one job: few enough that a killed worker repeats little, many enough that a fleet is not a flood of jobs. */
const BATCH = 100;
/** Questions at once in one job. */
const CONCURRENCY = 8;
/** This many failures, one after the other, are not about the accounts. */
const GIVE_UP_AFTER = 10;

/** An account that fails is tried again with others, after 1 minute, 2, 4, … up to an hour. */
const MAX_TRIES = 12;

/** Jobs that read the details of these accounts, one after the other. `priority`: lower runs first. */
export async function detailsRequests(
  sql: Sql,
  platformId: number,
  authorizerAppids: readonly string[],
  priority: number,
): Promise<JobRequest<{ platformId: number; authorizerAppids: string[]; askedAt: string }>[]> {
  if (authorizerAppids.length === 0) return [];
  const [now] = await sql.query<{ at: Date }>('SELECT wxfleet.now() AS at');
  const askedAt = (now as { at: Date }).at.toISOString();
  const requests = [];
  for (let start = 0; start < authorizerAppids.length; start += BATCH) {
    const batch = authorizerAppids.slice(start, start + BATCH);
    requests.push({
      job: readAuthorizerDetails,
      payload: { platformId, authorizerAppids: batch, askedAt },
      // A second reconciliation soon after the first asks for much the same.
      jobKey: `authorizer-details:${platformId}:${batch[0]}`,
      queueName: bulkQueue(platformId),
      maxAttempts: 12,
      priority,
    });
  }
  return requests;
}

/** Reads names, kinds and permission sets of many accounts again. */
@Injectable()
export class DetailsReading {
  constructor(
    private readonly db: Database,
    private readonly verification: AuthorizerVerification,
    private readonly jobs: JobQueue,
    private readonly log: Log,
  ) {}

  /**
   * Reads those that were not read since `askedAt`. Those that fail get another job together; when WeChat does not answer at
   * all the rest waits for the next try of this one.
   */
  async read(
    platform: PlatformRef,
    authorizerAppids: readonly string[],
    askedAt: Date,
    { tries = 0, signal }: { tries?: number; signal?: AbortSignal } = {},
  ): Promise<void> {
    const rows = await this.db.query<{ appid: string }>(
      `SELECT authorizer_appid AS appid FROM authorizers.authorizer
        WHERE platform_id = $1 AND authorizer_appid = ANY($2) AND state <> 'unauthorized'
          AND coalesce(info_asked_at, '-infinity') < $3
        ORDER BY authorizer_id`,
      [platform.platformId, authorizerAppids, askedAt],
    );
    const failed: string[] = [];
    let failedInRow = 0;
    await runBounded(
      rows,
      CONCURRENCY,
      async ({ appid }) => {
        try {
          await this.verification.run(platform, appid, { priority: 'background', signal });
          failedInRow = 0;
        } catch (error) {
          failedInRow += 1;
          if (failedInRow >= GIVE_UP_AFTER || isDatabaseUnavailable(error) || signal?.aborted) throw error;
          this.log.warn('authorizer.details_failed', { authorizerAppid: appid, error });
          failed.push(appid);
        }
      },
      signal,
    );
    if (failed.length > 0 && tries < MAX_TRIES) {
      const wait = Math.min(3600, 60 * 2 ** tries);
      const payload = { platformId: platform.platformId, authorizerAppids: failed, askedAt: askedAt.toISOString() };
      await this.jobs.add(
        this.db,
        readAuthorizerDetails,
        { ...payload, tries: tries + 1 },
        {
          runAt: await engineTime(this.db, wait),
          queueName: bulkQueue(platform.platformId),
          maxAttempts: 12,
          priority: BULK_PRIORITY,
        },
      );
    }
    if (signal?.aborted) throw new Error('the process stopped before all details were read');
  }
}
