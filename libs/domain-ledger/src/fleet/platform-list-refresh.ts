import { Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { ComponentAccounts } from '#libs/custody';
import { Log, Ticks } from '#libs/kernel';
import { LedgerOptions } from '../ledger-options.ts';
import { PlatformLists } from './platform-lists.ts';

const EVERY_MS = 600_000;

/** Keeps the platforms' own lists of server domains fresh: fetches those that are older than the snapshot interval. */
@Injectable()
export class PlatformListRefresh {
  constructor(
    private readonly lists: PlatformLists,
    private readonly accounts: ComponentAccounts,
    private readonly ticks: Ticks,
    private readonly log: Log,
    private readonly options: LedgerOptions,
  ) {}

  @Interval('platform_lists', EVERY_MS)
  refreshTick(): Promise<void> {
    return this.ticks.run('platform_lists', () => this.refresh());
  }

  /** One platform's failure is logged and keeps no other from its turn. */
  async refresh(): Promise<void> {
    await this.lists.ensureFresh(await this.accounts.refs(), this.options.snapshotIntervalMs, (platform, error) => {
      this.log.warn('platform_list.fetch_failed', { component_appid: platform.componentAppid, error });
    });
  }
}
