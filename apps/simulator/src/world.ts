import { Account, type AccountKind, type AccountOptions } from './accounts.ts';
import { Authorizations, type AuthorizeOptions, type AuthorizeResult } from './authorizations.ts';
import type { CallFilter, CallRecord } from './call-log.ts';
import {
  type DomainGroup,
  type DomainLists,
  type DomainQuirks,
  type Domains,
  fullLists,
  releasedDomains,
} from './domains.ts';
import { Fleet, type FleetOptions } from './fleet.ts';
import { type Grant, newGrant } from './grants.ts';
import { Messages } from './messages.ts';
import { Platform, type PlatformOptions } from './platform.ts';
import type { Delivery } from './pusher.ts';
import { Tickets } from './tickets.ts';
import { defaultQuirks } from './quirks.ts';
import { type CallHook, WorldState } from './world-state.ts';

export interface WorldOptions {
  /** Key of every token, code and ticket; the same seed makes the same tokens valid after a restart. Default `1`. */
  readonly seed?: string | number;
  /** Simulated seconds between tickets; default 600. 0 turns the timer off. */
  readonly ticketIntervalSeconds?: number;
  /** Failed pushes in a row after which WeChat stops pushing tickets (its own threshold is unknown). Default 144, a day's worth. */
  readonly stopAfterFailures?: number;
}

/** Everything WeChat knows, and what happens in it. Changes made here push the events that WeChat would push. */
export class World extends WorldState {
  readonly tickets: Tickets;
  readonly messages = new Messages(this);
  readonly #authorizations: Authorizations;

  constructor(options: WorldOptions = {}) {
    super(String(options.seed ?? 1));
    this.tickets = new Tickets(this, {
      intervalSeconds: options.ticketIntervalSeconds ?? 600,
      stopAfterFailures: options.stopAfterFailures ?? 144,
    });
    this.#authorizations = new Authorizations(this);
  }

  /**
   * Registers a platform and pushes its first ticket at once, unless `pushTickets` is false. One that is there already (restored
   * state) is configured again and keeps its tokens.
   */
  addPlatform(options: PlatformOptions): Platform {
    const known = this.platforms.get(options.componentAppid);
    const platform = known ?? new Platform(options);
    known?.configure(options);
    this.platforms.set(platform.componentAppid, platform);
    this.touch();
    if (platform.pushTickets) void this.tickets.push(platform);
    return platform;
  }

  /** Replaces secret, token or key; the old secret dies at once (WeChat page "component_token"). */
  rotateKeys(componentAppid: string, keys: Parameters<Platform['rotateKeys']>[0]): void {
    this.platform(componentAppid).rotateKeys(keys);
    this.touch();
  }

  addMiniProgram(options: AccountOptions): Account {
    return this.#addAccount('mini_program', options);
  }

  addOfficialAccount(options: AccountOptions): Account {
    return this.#addAccount('official_account', options);
  }

  /** Up to a million authorized mini programs, computed from their index. The same fleet again (restored state) is given back. */
  addFleet(options: FleetOptions): Fleet {
    this.platform(options.platform);
    const fleet = new Fleet(options);
    const known = this.fleets.find(({ prefix }) => prefix === fleet.prefix);
    if (known !== undefined && known.platform === fleet.platform && known.count === fleet.count) {
      known.options = { ...known.options, ...options };
      return known;
    }
    if (this.fleets.some((other) => other.prefix.startsWith(fleet.prefix) || fleet.prefix.startsWith(other.prefix)))
      throw new RangeError('fleets need prefixes of which none begins with another');
    this.fleets.push(fleet);
    this.grants.addFleet(fleet);
    this.touch();
    return fleet;
  }

  /**
   * The merchant's administrator confirms the authorization page: makes a code and pushes `authorized`, or `updateauthorized` when
   * the account was authorized already and the sets differ (an unchanged grant pushes nothing, WeChat page "authorize_event").
   */
  authorize(componentAppid: string, appid: string, options: AuthorizeOptions = {}): AuthorizeResult {
    return this.#authorizations.authorize(this.platform(componentAppid), appid, options);
  }

  /** The merchant changes what it grants; null as `pushed` when nothing changed. */
  updateAuthorization(componentAppid: string, appid: string, options: AuthorizeOptions): AuthorizeResult {
    return this.#authorizations.authorize(this.platform(componentAppid), appid, options);
  }

  /** The merchant cancels in its console: tokens die and `unauthorized` is pushed. */
  unauthorize(
    componentAppid: string,
    appid: string,
    options: { push?: boolean } = {},
  ): { pushed: Promise<Delivery | null> } {
    return this.#authorizations.unauthorize(this.platform(componentAppid), appid, options);
  }

  /** An already exchanged authorization without any push: the world as it stood before the test began. */
  seedGrant(componentAppid: string, appid: string, permissionSets?: readonly number[]): Grant {
    const platform = this.platform(componentAppid);
    if (this.findAccount(appid) === null) throw new Error(`there is no account ${appid}`);
    const grant = newGrant(permissionSets ?? platform.permissionSets, this.clock.nowSeconds(), 0);
    grant.exchanged = true;
    this.grants.put(componentAppid, appid, grant);
    this.touch();
    return grant;
  }

  /** One more authorization code of an authorized account, without any push. */
  newAuthCode(componentAppid: string, appid: string): string {
    const grant = this.grantOf(componentAppid, appid);
    if (grant === null || !grant.authorized) throw new Error(`${appid} is not authorized to ${componentAppid}`);
    return this.#authorizations.newAuthCode(this.platform(componentAppid), appid, grant.epoch);
  }

  /** A pre-auth code as `api_create_preauthcode` gives it. */
  newPreAuthCode(platform: Platform): string {
    return this.#authorizations.newPreAuthCode(platform);
  }

  /** Pushes a new ticket now, whatever the timer says. */
  async pushTicket(componentAppid: string): Promise<Delivery> {
    return this.tickets.push(this.platform(componentAppid));
  }

  /** Replaces groups of an account's configured or effective domains; groups not named stay. */
  setDomains(appid: string, domains: Domains): void {
    const account = this.account(appid);
    account.setDomains({ ...account.domains, ...domains });
    this.touch();
  }

  /** Replaces lists of one group; lists not named stay. */
  setDomainLists(appid: string, group: DomainGroup, lists: DomainLists): void {
    const account = this.account(appid);
    account.setGroup(group, { ...account.domains[group], ...lists });
    this.touch();
  }

  setDomainQuirks(appid: string, quirks: DomainQuirks): void {
    this.account(appid).setQuirks(quirks);
    this.touch();
  }

  /** The platform's own list as if `modify_wxa_server_domain` had set it; `published` is the same unless given. */
  setPlatformServerDomains(
    componentAppid: string,
    hosts: readonly string[],
    published: readonly string[] = hosts,
  ): void {
    this.platform(componentAppid).serverDomains = { testing: [...hosts], published: [...published] };
    this.touch();
  }

  /** The platform's business domains as if `modify_wxa_jump_domain` had set them; `published` is the same unless given. */
  setPlatformJumpDomains(componentAppid: string, hosts: readonly string[], published: readonly string[] = hosts): void {
    this.platform(componentAppid).jumpDomains = { testing: [...hosts], published: [...published] };
    this.touch();
  }

  /** The mini program submits or releases code: what is configured comes into force. */
  release(appid: string): void {
    const account = this.account(appid);
    const platform = this.#devPlatformOf(appid);
    const effective = releasedDomains(account.domains, platform?.serverDomains?.published ?? null);
    account.setGroup('effective_domain', fullLists(effective));
    const { mp_webviewdomain, third_webviewdomain, direct_webviewdomain } = account.webviewDomains;
    account.webviewDomains.effective_webviewdomain = [
      ...new Set([...third_webviewdomain, ...mp_webviewdomain, ...direct_webviewdomain]),
    ];
    this.touch();
  }

  /** Changes the domains of a share (0..1) of every fleet, or of the one with this prefix. */
  changeFleetDomains(share: number, prefix?: string): void {
    for (const fleet of this.fleets) if (prefix === undefined || fleet.prefix === prefix) fleet.changeDomains(share);
    this.touch();
  }

  /** Pretends the authorizer list ends after `limit` accounts; null undoes it. */
  truncateList(componentAppid: string, limit: number | null): void {
    this.platform(componentAppid).listLimit = limit;
  }

  /** Moves the simulated clock (milliseconds) and pushes one ticket where one became due. */
  async advance(ms: number): Promise<void> {
    this.clock.advance(ms);
    this.touch();
    await this.tickets.pushDue();
  }

  /** Kept calls (the last 20,000), oldest first. */
  calls(path?: string, filter?: CallFilter): CallRecord[] {
    return this.log.list(path, filter);
  }

  /** Successful `api_authorizer_token` calls of one account; exact also in fleets. */
  refreshes(componentAppid: string, appid: string): number {
    return this.grantOf(componentAppid, appid)?.refreshes ?? 0;
  }

  /** Pushes that were delivered or failed, oldest first. */
  pushes(filter: { componentAppid?: string; authorizerAppid?: string; infoType?: string } = {}): Delivery[] {
    return this.pusher.deliveries.filter(
      (push) =>
        (filter.componentAppid === undefined || push.componentAppid === filter.componentAppid) &&
        (filter.authorizerAppid === undefined || push.authorizerAppid === filter.authorizerAppid) &&
        (filter.infoType === undefined || push.infoType === filter.infoType),
    );
  }

  /** `hook` runs for every call before it takes effect; the call waits for it. Returns the unsubscribe function. */
  onCall(hook: CallHook): () => void {
    this.beforeEffect.add(hook);
    return () => this.beforeEffect.delete(hook);
  }

  /** `hook` runs for every call after it took effect and before the reply; the reply waits for it. Returns the unsubscribe function. */
  onReply(hook: CallHook): () => void {
    this.beforeReply.add(hook);
    return () => this.beforeReply.delete(hook);
  }

  /** Takes away everything injected (faults, quirks, latency, hooks, limits) and all counters; `all` also everything that exists. */
  reset(options: { all?: boolean } = {}): void {
    this.faults.clear();
    this.pushFaults.clear();
    Object.assign(this.quirks, defaultQuirks());
    this.latencyMs = 0;
    this.beforeEffect.clear();
    this.beforeReply.clear();
    this.quotas.reset();
    this.log.reset();
    this.pusher.reset();
    for (const platform of this.platforms.values()) platform.listLimit = null;
    if (!options.all) return;
    this.platforms.clear();
    this.accounts.clear();
    this.fleets.length = 0;
    this.grants.clear();
    this.codes.authCodes.clear();
    this.codes.preAuthCodes.clear();
    this.customMessages.length = 0;
    this.touch();
  }

  async stop(): Promise<void> {
    this.tickets.stop();
    await this.pusher.stop();
  }

  #addAccount(kind: AccountKind, options: AccountOptions): Account {
    if (this.accounts.has(options.appid)) throw new Error(`there is an account ${options.appid} already`);
    const account = new Account(kind, options);
    this.accounts.set(account.appid, account);
    this.touch();
    return account;
  }

  /** The platform that holds the exclusive set 18 of an account, if any. */
  #devPlatformOf(appid: string): Platform | null {
    for (const platform of this.platforms.values()) {
      const grant = this.grantOf(platform.componentAppid, appid);
      if (grant?.authorized && grant.permissionSets.includes(18)) return platform;
    }
    return null;
  }
}
