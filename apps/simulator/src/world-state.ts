import { Account } from './accounts.ts';
import { CallFaults } from './call-faults.ts';
import type { Call } from './call.ts';
import { CallLog } from './call-log.ts';
import { SimulatedClock } from './clock.ts';
import { Codes } from './codes.ts';
import { Failures } from './failures.ts';
import type { Fleet } from './fleet.ts';
import { GrantBook } from './grant-book.ts';
import type { Grant } from './grants.ts';
import type { Platform } from './platform.ts';
import { PushFaults } from './push-faults.ts';
import { Pusher } from './pusher.ts';
import { defaultQuirks, type WorldQuirks } from './quirks.ts';
import { Quotas } from './quotas.ts';
import { Sentinels } from './sentinels.ts';
import { TokenMint } from './token-mint.ts';

/** Runs before a call takes effect, or after the effect and before the reply; the reply waits for it. */
export type CallHook = (call: Call) => Promise<void> | void;

/** What the simulated WeChat knows, without what it does on its own. */
export class WorldState {
  readonly clock = new SimulatedClock();
  readonly mint: TokenMint;
  /** Key of every token, code and ticket. */
  readonly seed: string;
  readonly platforms = new Map<string, Platform>();
  /** Accounts kept explicitly; fleet accounts get here when they are touched. */
  readonly accounts = new Map<string, Account>();
  readonly fleets: Fleet[] = [];
  readonly grants = new GrantBook();
  readonly codes = new Codes();
  readonly quirks: WorldQuirks = defaultQuirks();
  readonly quotas = new Quotas();
  readonly faults = new CallFaults();
  readonly pushFaults = new PushFaults();
  readonly sentinels = new Sentinels();
  readonly log = new CallLog();
  readonly failures = new Failures();
  readonly pusher: Pusher;
  readonly ipLists = {
    apiDomain: ['101.89.47.18', '101.91.34.103', '101.226.103.0/25'],
    callback: ['106.55.206.146', '106.55.206.211', '175.27.0.0/24'],
  };
  /** Customer-service messages that were sent, oldest first (at most the last 1,000). */
  readonly customMessages: { appid: string; touser: string; content: string }[] = [];
  /** Real milliseconds added to every answer. */
  latencyMs = 0;
  readonly beforeEffect = new Set<CallHook>();
  readonly beforeReply = new Set<CallHook>();
  #onTouch: () => void = () => undefined;

  constructor(seed: string) {
    this.seed = seed;
    this.mint = new TokenMint(seed);
    this.pusher = new Pusher(this.clock, this.pushFaults);
  }

  platform(componentAppid: string): Platform {
    const platform = this.platforms.get(componentAppid);
    if (platform === undefined) throw new Error(`there is no platform ${componentAppid}`);
    return platform;
  }

  /** The fleet an appid belongs to and its index there; null for other accounts. */
  fleetAccount(appid: string): { fleet: Fleet; index: number } | null {
    for (const fleet of this.fleets) {
      const index = fleet.indexOf(appid);
      if (index >= 0) return { fleet, index };
    }
    return null;
  }

  /** The account for reading: explicit, or computed for the moment. Null when there is none. */
  findAccount(appid: string): Account | null {
    const account = this.accounts.get(appid);
    if (account !== undefined) return account;
    const member = this.fleetAccount(appid);
    return member === null ? null : member.fleet.accountOf(member.index);
  }

  /** The account for changing: a fleet account becomes explicit by this. */
  account(appid: string): Account {
    const account = this.findAccount(appid);
    if (account === null) throw new Error(`there is no account ${appid}`);
    this.accounts.set(appid, account);
    return account;
  }

  /** The account's authorization towards a platform, past ones included; null when it never authorized. */
  grantOf(componentAppid: string, appid: string): Grant | null {
    return this.grants.find(componentAppid, appid);
  }

  /** The same for changing; makes a first one when `orNew` is given. */
  grantForChange(componentAppid: string, appid: string): Grant | null {
    return this.grants.explicit(componentAppid, appid);
  }

  /** Says that persistent state changed. */
  touch(): void {
    this.#onTouch();
  }

  /** One listener for changes of persistent state. */
  onTouch(listener: () => void): void {
    this.#onTouch = listener;
  }
}
