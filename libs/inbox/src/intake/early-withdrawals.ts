import { Injectable } from '@nestjs/common';
import { AuthorizerTokens } from '#libs/custody';
import { Log, type Sql } from '#libs/kernel';
import type { PushToStore } from './push-to-store.ts';

/** Longer than this a batch of pushes does not wait for rows that others hold; the job of the push does the rest. */
const LOCK_TIMEOUT_MS = 200;

/**
 * Stops the tokens of an account in the transaction that stores its withdrawal, so that none is handed out from then on. What
 * the withdrawal means for the account is decided when the push is handled, soon after.
 */
@Injectable()
export class EarlyWithdrawals {
  constructor(
    private readonly tokens: AuthorizerTokens,
    private readonly log: Log,
  ) {}

  async apply(sql: Sql, stored: readonly PushToStore[]): Promise<void> {
    const withdrawn = stored.filter((push) => push.infoType === 'unauthorized');
    if (withdrawn.length === 0) return;
    await sql.run('SAVEPOINT withdrawals');
    try {
      await sql.run(`SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
      for (const platformId of [...new Set(withdrawn.map((push) => push.platformId))].sort((a, b) => a - b)) {
        const pushes = withdrawn.filter((push) => push.platformId === platformId);
        await this.withdraw(sql, platformId, pushes);
      }
      await sql.run('SET LOCAL lock_timeout TO DEFAULT');
      await sql.run('RELEASE SAVEPOINT withdrawals');
    } catch (error) {
      // The push itself must be kept whatever happens here.
      await sql.run('ROLLBACK TO SAVEPOINT withdrawals');
      this.log.warn('push.withdrawal_postponed', { pushes: withdrawn.length, error });
    }
  }

  /** A refresh token that came after the withdrawal belongs to a later authorization: then the handler decides. */
  private async withdraw(sql: Sql, platformId: number, pushes: readonly PushToStore[]): Promise<void> {
    const newest = new Map<string, number>();
    for (const { authorizerAppid, createdAt, signedAt } of pushes) {
      newest.set(authorizerAppid, Math.max(newest.get(authorizerAppid) ?? 0, createdAt ?? signedAt));
    }
    const held = await this.tokens.held(sql, platformId, [...newest.keys()]);
    // Always in the same order, so that two batches wait for each other instead of deadlocking.
    for (const [appid, seconds] of [...newest].sort(([a], [b]) => (a < b ? -1 : 1))) {
      const tokens = held.get(appid);
      if (tokens?.state !== 'usable' || (tokens.refreshTokenReceivedAt?.getTime() ?? 0) > seconds * 1000) continue;
      await this.tokens.suspend(sql, platformId, appid);
    }
  }
}
