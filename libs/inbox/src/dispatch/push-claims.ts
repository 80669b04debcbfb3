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
  push_id: number;
  leased: boolean;
  due: boolean;
  lease_left: number | null;
  retry_in: number | null;
}

/** Pushes looked at for one claim; an account with more waiting at once has other troubles. */
const LOOK_AT = 100;

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
      const waiting = await sql.query<Waiting>(
        `SELECT push_id, coalesce(lease_until > wxfleet.now(), false) AS leased,
                coalesce(retry_at <= wxfleet.now(), true) AS due,
                extract(epoch FROM lease_until - wxfleet.now())::float8 AS lease_left,
                extract(epoch FROM retry_at - wxfleet.now())::float8 AS retry_in
           FROM inbox.push
          WHERE platform_id = $1 AND authorizer_appid = $2 AND state = 'pending'
          ORDER BY wechat_created_at, push_id LIMIT ${LOOK_AT} FOR UPDATE`,
        [platformId, authorizerAppid],
      );
      if (waiting.length === 0) return { outcome: 'empty' };
      const leased = waiting.find((push) => push.leased);
      if (leased) return { outcome: 'busy', again: await engineTime(sql, leased.lease_left ?? 0) };
      const next = waiting.find((push) => push.due);
      if (!next) {
        const soonest = Math.min(...waiting.map((push) => push.retry_in ?? 0));
        return { outcome: 'postponed', again: await engineTime(sql, soonest) };
      }
      const [row] = await sql.query<Row>(
        `UPDATE inbox.push
            SET attempts = attempts + 1, lease_generation = lease_generation + 1,
                lease_until = wxfleet.now() + make_interval(secs => $3)
          WHERE platform_id = $1 AND push_id = $2
          RETURNING platform_id, push_id, digest, authorizer_appid, info_type, wechat_created_at, received_at,
                    sealed_body, attempts, lease_generation`,
        [platformId, next.push_id, this.options.leaseSeconds],
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
