import { Injectable } from '@nestjs/common';
import { mayReadDomains, type AuthorizerRow } from '#libs/authorizers';
import type { AuthorizerView } from '#libs/contract';
import { AuthorizerTokens, type PlatformRef } from '#libs/custody';
import { DomainHistory, nextSnapshotAt } from '#libs/domain-ledger';
import { Settings, type Sql } from '#libs/kernel';

/** Accounts as the API shows them: three capabilities know a part. */
@Injectable()
export class AuthorizerViews {
  constructor(
    private readonly settings: Settings,
    private readonly authorizerTokens: AuthorizerTokens,
    private readonly history: DomainHistory,
  ) {}

  async one(sql: Sql, platform: PlatformRef, row: AuthorizerRow): Promise<AuthorizerView> {
    const [view] = await this.of(sql, platform, [row]);
    return view as AuthorizerView;
  }

  /** One statement per table for the whole page. */
  async of(
    sql: Sql,
    { platformId, componentAppid }: PlatformRef,
    rows: readonly AuthorizerRow[],
  ): Promise<AuthorizerView[]> {
    if (rows.length === 0) return [];
    const { snapshotIntervalMs } = this.settings;
    const ids = rows.map((row) => row.authorizerId);
    const appids = rows.map((row) => row.authorizerAppid);
    const [watches, expiries, [clock]] = await Promise.all([
      this.history.watchOf(sql, platformId, ids),
      this.authorizerTokens.expiries(sql, platformId, appids),
      sql.query<{ now: Date }>('SELECT wxfleet.now() AS now'),
    ]);
    return rows.map((row) => {
      const watch = watches.get(row.authorizerId);
      const canReadDomains = mayReadDomains(row);
      // While its details are not known, an account that grants set 18 is taken for a mini program.
      const isScheduled = canReadDomains && (row.kind === 'mini_program' || row.kind === null);
      return {
        authorizer_appid: row.authorizerAppid,
        component_appid: componentAppid,
        merchant_id: row.merchantId,
        kind: row.kind,
        nick_name: row.nickName,
        principal_name: row.principalName,
        state: row.state,
        permission_sets: row.permissionSets,
        can_read_domains: canReadDomains,
        authorized_at: row.authorizedAt?.toISOString() ?? null,
        unauthorized_at: row.unauthorizedAt?.toISOString() ?? null,
        access_token_expires_at: expiries.get(row.authorizerAppid)?.toISOString() ?? null,
        last_snapshot_at: watch?.lastSnapshotAt?.toISOString() ?? null,
        next_snapshot_at:
          isScheduled && clock ? nextSnapshotAt(row.slot, snapshotIntervalMs, clock.now).toISOString() : null,
        last_failure: latest(row.lastFailure, watch?.lastFailure ?? null),
      };
    });
  }
}

/** Two capabilities remember failures of an account: the question what it is, and the look at its domains. */
function latest<F extends { at: string }>(one: F | null, other: F | null): F | null {
  if (!one || !other) return one ?? other;
  return Date.parse(one.at) >= Date.parse(other.at) ? one : other;
}
