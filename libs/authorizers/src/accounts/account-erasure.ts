import { Injectable } from '@nestjs/common';
import { AppError, type Sql, ownedTables } from '#libs/kernel';
import { AuthorizerStore } from './authorizer-store.ts';

/** What the history of an account is; the rest goes in either case. */
const HISTORY = /^(domain_ledger\..*|authorizers\.(grant_change|authorizer_event)|quota\.call_count)$/;
const ACCOUNT = 'authorizers.authorizer';

/** Erases what is personal of accounts that have withdrawn their authorization. */
@Injectable()
export class AccountErasure {
  constructor(private readonly store: AuthorizerStore) {}

  /**
   * Takes away names, tokens, pushes, events and messages of a withdrawn account. With `keepHistory` its appid stays, with the
   * history of its domains and grants and its merchant; without, no row of it is left. In a transaction of the worker.
   * @returns how many rows of which table were removed; null when there is no such account
   * @throws AppError conflict while it is not unauthorized
   */
  async erase(
    sql: Sql,
    platformId: number,
    authorizerAppid: string,
    { keepHistory }: { keepHistory: boolean },
  ): Promise<Record<string, number> | null> {
    const row = await this.store.lock(sql, platformId, authorizerAppid);
    if (!row) return null;
    if (row.state !== 'unauthorized') {
      throw new AppError('conflict', 'only accounts that have withdrawn their authorization can be erased');
    }
    const removed: Record<string, number> = {};
    for (const { name, columns } of await ownedTables(sql, ['authorizer_id', 'authorizer_appid'])) {
      if (name === ACCOUNT || (keepHistory && HISTORY.test(name))) continue;
      const [column, value] = columns.includes('authorizer_id')
        ? ['authorizer_id', row.authorizerId]
        : ['authorizer_appid', authorizerAppid];
      const count = await sql.run(`DELETE FROM ${name} WHERE platform_id = $1 AND ${column} = $2`, [platformId, value]);
      if (count > 0) removed[name] = count;
    }
    if (keepHistory) {
      await sql.run(
        `UPDATE authorizers.authorizer
            SET nick_name = NULL, principal_name = NULL, user_name = NULL, last_failure = NULL, unreadable_fields = '{}',
                info_asked_at = NULL, info_fetched_at = NULL, updated_at = wxfleet.now()
          WHERE platform_id = $1 AND authorizer_id = $2`,
        [platformId, row.authorizerId],
      );
    } else {
      removed[ACCOUNT] = await sql.run(
        'DELETE FROM authorizers.authorizer WHERE platform_id = $1 AND authorizer_id = $2',
        [platformId, row.authorizerId],
      );
    }
    await this.store.changed(sql, platformId, authorizerAppid);
    return removed;
  }
}
