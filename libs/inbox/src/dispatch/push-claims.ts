import { Injectable } from '@nestjs/common';
import { JobQueue, engineTime } from '#libs/jobs';
import { Database, type Sql } from '#libs/kernel';
import { InboxOptions } from '../inbox-options.ts';
import { drainLaterRequest } from '../jobs.ts';
import type { PushOutcome } from './stored-push.ts';
import {
  CLAIM_PUSH,
  FINISH_PUSH,
  GIVE_PUSH_UP,
  LOCK_QUEUE_OF_ACCOUNT,
  LOOK,
  POSTPONE_PUSH,
} from './push-claims.sql.ts';

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
      await sql.query(LOCK_QUEUE_OF_ACCOUNT, [platformId, authorizerAppid]);
      const [look] = await sql.query<Waiting>(LOOK, [platformId, authorizerAppid]);
      if (!look || look.waiting === 0) return { outcome: 'empty' };
      if (look.lease_left !== null) return { outcome: 'busy', again: await engineTime(sql, look.lease_left) };
      if (look.due_id === null) return { outcome: 'postponed', again: await engineTime(sql, look.retry_in ?? 0) };
      const [row] = await sql.query<Row>(CLAIM_PUSH, [platformId, look.due_id, this.options.leaseSeconds]);
      return { outcome: 'claimed', push: claimedOf(row as Row) };
    });
  }

  /**
   * Ends a push. What was handled keeps no body: it held an authorization code that nobody needs any more.
   * @returns false when the lease was lost: somebody else has it, or has finished it
   */
  async finish(push: ClaimedPush, outcome: PushOutcome): Promise<boolean> {
    const touched = await this.db.run(FINISH_PUSH, [push.platformId, push.pushId, push.generation, outcome]);
    return touched === 1;
  }

  /** Records a failure and plans the next try, in one transaction. */
  async postpone(push: ClaimedPush, failure: Record<string, unknown>, waitSeconds: number): Promise<boolean> {
    return this.db.transaction(async (sql) => {
      const touched = await sql.run(POSTPONE_PUSH, [
        push.platformId,
        push.pushId,
        push.generation,
        failure,
        waitSeconds,
      ]);
      if (touched === 0) return false;
      await this.lookAgain(sql, push.platformId, push.authorizerAppid, await engineTime(sql, waitSeconds));
      return true;
    });
  }

  /** Gives a push up; it stays, with its body, for a person to look at and to replay. */
  async giveUp(push: ClaimedPush, failure: Record<string, unknown>): Promise<boolean> {
    const touched = await this.db.run(GIVE_PUSH_UP, [push.platformId, push.pushId, push.generation, failure]);
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
