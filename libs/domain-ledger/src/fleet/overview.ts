import { Inject, Injectable } from '@nestjs/common';
import type { PlatformOverviewView } from '#libs/contract';
import type { Sql } from '#libs/kernel';
import type { FleetScope } from './fleet-scope.ts';
import { LedgerOptions } from '../ledger-options.ts';
import { SHOWN_DAYS } from '../record/change-days.ts';
import { TOTAL_AUTHORIZED, TOTAL_KNOWN, TOTAL_READABLE } from '../lists/slots.ts';
import { OVERVIEW } from './overview.sql.ts';

interface Row {
  at: Date;
  authorized: number;
  readable: number;
  fresh: number;
  unknown: number;
  failing: number;
  oldestAppid: string | null;
  oldestAt: Date | null;
  days: { day: string; changes: number }[];
}

/** A platform in numbers, for the first page of the console. */
@Injectable()
export class PlatformOverview {
  private readonly freshMs: number;

  /** @param options.snapshotIntervalMs time between scheduled snapshots; an observation is fresh up to twice as long */
  constructor(@Inject(LedgerOptions) options: Pick<LedgerOptions, 'snapshotIntervalMs'>) {
    this.freshMs = 2 * options.snapshotIntervalMs;
  }

  async read(sql: Sql, scope: FleetScope): Promise<PlatformOverviewView> {
    const merchants = scope.merchantIds;
    const [row] = await sql.query<Row>(OVERVIEW(merchants !== null), [
      scope.platformId,
      this.freshMs,
      SHOWN_DAYS,
      ...(merchants === null ? [TOTAL_AUTHORIZED, TOTAL_KNOWN, TOTAL_READABLE] : [merchants]),
    ]);
    if (!row) throw new Error('a count without a row');
    return {
      at: row.at.toISOString(),
      mini_programs: {
        authorized: row.authorized,
        readable: row.readable,
        fresh: row.fresh,
        unknown: row.unknown,
        failing: row.failing,
      },
      fresh_seconds: Math.floor(this.freshMs / 1000),
      oldest_evidence:
        row.oldestAppid !== null && row.oldestAt
          ? { authorizer_appid: row.oldestAppid, observed_at: row.oldestAt.toISOString() }
          : null,
      changes_per_day: row.days,
    };
  }
}
