import { Injectable } from '@nestjs/common';
import { JobQueue, engineTime } from '#libs/jobs';
import { Database, type Sql } from '#libs/kernel';
import { InboxOptions } from '../inbox-options.ts';
import { drainLaterRequest } from '../jobs.ts';
import type { PushOutcome } from './stored-push.ts';

export interface ClaimedPush {
  platformId: number;
  pushId: number;
  digest: Buffer;
  authorizerAppid: string;
  infoType: string;
  wechatCreatedAt: Date;
  receivedAt: Date;
  sealedBody: Buffer | null;
  attempts: number;
  /** Every later write about this push names it: a process that has lost the lease changes nothing. */
  generation: number;
}

export type Claim =
  | { outcome: 'claimed'; push: ClaimedPush }
  /** Nothing is waiting. */
  | { outcome: 'empty' }
  /** Another process is at it, or what waits has failed and is due later; look again then. */
  | { outcome: 'busy' | 'postponed'; again: Date };

interface Row {
  platform_id: number;
  push_id: number;
  digest: Buffer;
  authorizer_appid: string;
  info_type: string;
  wechat_created_at: Date;
  received_at: Date;
  sealed_body: Buffer | null;
  attempts: number;
  lease_generation: number;
}

interface Waiting {
  waiting: number;
  /** Seconds until the lease of another process ends; null: none has one. */
  lease_left: number | null;
  /** The oldest that is due; null: none is. */
  due_id: number | null;
  /** Seconds until the first postponed one is due. */
  retry_in: number | null;
}

/** All pending pushes of an account: any number of postponed ones must not hide a newer one that is due. */
const LOOK = `
  SELECT count(*)::int AS waiting,
         extract(epoch FROM max(lease_until) FILTER (WHERE lease_until > wxfleet.now()) - wxfleet.now())::float8 AS lease_left,
         (array_agg(push_id ORDER BY wechat_created_at, push_id)
            FILTER (WHERE coalesce(retry_at <= wxfleet.now(), true)))[1] AS due_id,
         extract(epoch FROM min(retry_at) - wxfleet.now())::float8 AS retry_in
    FROM inbox.push
   WHERE platform_id = $1 AND authorizer_appid = $2 AND state = 'pending'`;

/**
 * Leases on pending pushes: one at a time per account over all processes, in the order of WeChat's CreateTime. No
 * transaction stays open while the push is being handled.
 */
@Injectable()
export class PushClaims {
  constructor(
    private readonly db: Database,
    private readonly jobs: JobQueue,
    private readonly options: InboxOptions,
  ) {}

  /** Takes the oldest push of the account that is due. */
  claim(platformId: number, authorizerAppid: string): Promise<Claim> {
    return this.db.transaction(async (sql) => {
      // One claim at a time per account: two that look at once would both find no lease.
      await sql.query(
        `SELECT pg_advisory_xact_lock(hashtextextended('inbox.push:' || $1::int || ':' || $2::text, 0))`,
        [platformId, authorizerAppid],
      );
      const [look] = await sql.query<Waiting>(LOOK, [platformId, authorizerAppid]);
      if (!look || look.waiting === 0) return { outcome: 'empty' };
      if (look.lease_left !== null) return { outcome: 'busy', again: await engineTime(sql, look.lease_left) };
      if (look.due_id === null) return { outcome: 'postponed', again: await engineTime(sql, look.retry_in ?? 0) };
      const [row] = await sql.query<Row>(
        `UPDATE inbox.push
            SET attempts = attempts + 1, lease_generation = lease_generation + 1,
                lease_until = wxfleet.now() + make_interval(secs => $3)
          WHERE platform_id = $1 AND push_id = $2
          RETURNING platform_id, push_id, digest, authorizer_appid, info_type, wechat_created_at, received_at,
                    sealed_body, attempts, lease_generation`,
        [platformId, look.due_id, this.options.leaseSeconds],
      );
      return { outcome: 'claimed', push: claimedOf(row as Row) };
    });
  }

  /**
   * Ends a push. What was handled keeps no body: it held an authorization code that nobody needs any more.
   * @returns false when the lease was lost: somebody else has it, or has finished it
   */
  async finish(push: ClaimedPush, outcome: PushOutcome): Promise<boolean> {
    const touched = await this.db.run(
      `UPDATE inbox.push
          SET state = $4, handled_at = wxfleet.now(), lease_until = NULL, retry_at = NULL, failure = NULL,
              sealed_body = CASE WHEN $4 = 'unhandled' THEN sealed_body END
        WHERE platform_id = $1 AND push_id = $2 AND lease_generation = $3 AND state = 'pending'`,
      [push.platformId, push.pushId, push.generation, outcome],
    );
    return touched === 1;
  }

  /** Records a failure and plans the next try, in one transaction. */
  async postpone(push: ClaimedPush, failure: Record<string, unknown>, waitSeconds: number): Promise<boolean> {
    return this.db.transaction(async (sql) => {
      const touched = await sql.run(
        `UPDATE inbox.push
            SET failure = $4, retry_at = wxfleet.now() + make_interval(secs => $5), lease_until = NULL
          WHERE platform_id = $1 AND push_id = $2 AND lease_generation = $3 AND state = 'pending'`,
        [push.platformId, push.pushId, push.generation, failure, waitSeconds],
      );
      if (touched === 0) return false;
      await this.lookAgain(sql, push.platformId, push.authorizerAppid, await engineTime(sql, waitSeconds));
      return true;
    });
  }

  /** Gives a push up; it stays, with its body, for a person to look at and to replay. */
  async giveUp(push: ClaimedPush, failure: Record<string, unknown>): Promise<boolean> {
    const touched = await this.db.run(
      `UPDATE inbox.push
          SET state = 'failed', failure = $4, handled_at = wxfleet.now(), lease_until = NULL, retry_at = NULL
        WHERE platform_id = $1 AND push_id = $2 AND lease_generation = $3 AND state = 'pending'`,
      [push.platformId, push.pushId, push.generation, failure],
    );
    return touched === 1;
  }

  /** Plans a later drain of the account; `again` is in the job engine's (real) time. */
  lookAgain(sql: Sql, platformId: number, authorizerAppid: string, again: Date): Promise<void> {
    return this.jobs.addMany(sql, [drainLaterRequest(platformId, authorizerAppid, again)]);
  }
}

function claimedOf(row: Row): ClaimedPush {
  return {
    platformId: row.platform_id,
    pushId: row.push_id,
    digest: row.digest,
    authorizerAppid: row.authorizer_appid,
    infoType: row.info_type,
    wechatCreatedAt: row.wechat_created_at,
    receivedAt: row.received_at,
    sealedBody: row.sealed_body,
    attempts: row.attempts,
    generation: row.lease_generation,
  };
}
