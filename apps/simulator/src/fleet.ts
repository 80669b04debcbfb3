import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';

import { Account } from './accounts.ts';
import { type Domains, effectiveDomainReply, fullDomains, providerLists } from './domains.ts';
import type { Grant } from './grants.ts';

/** A fleet stands for up to a million authorized mini programs that are computed from their index instead of stored. */
export interface FleetOptions {
  /** Component appid of the platform they authorized. */
  readonly platform: string;
  /** How every appid begins, `wx` and hex digits; the rest of the 18 characters is the index in hex. Default `wxf1ee70`. */
  readonly prefix?: string;
  readonly count: number;
  readonly seed?: string | number;
  /** Different principals among the accounts; account i belongs to principal i modulo this. Default one per 5 accounts. */
  readonly merchants?: number;
  /** Different baseline domain contents among the merchants: they share the lists of their provider. Default 40. */
  readonly templates?: number;
  /** Share (0..1) of accounts that granted a permission set, by set id. Default `{ 18: 1 }`; sets 17, 19, 25, 30 and 31 are always granted. */
  readonly permissionSetShare?: Readonly<Record<number, number>>;
  /** Share of accounts with one domain nobody else has. Default 0. */
  readonly uniqueShare?: number;
  /** Share of accounts whose method-one group has a domain that is not in force yet. Default 0. */
  readonly pendingShare?: number;
  /** Unix seconds of the first authorization; the others follow, one per second at most. */
  readonly authTime?: number;
  /** Replaces the built-in domains. `version` is the last fleet version that changed this account (0 = baseline). Return the same object for the same content: its JSON is then made once. */
  readonly domainsOf?: (index: number, version: number) => Domains;
}

const APPID_LENGTH = 18;
const ALWAYS_GRANTED = [17, 19, 25, 30, 31];
const BODY_CACHE_LIMIT = 4096;
const COLUMNS = ['serial', 'issuedAt', 'rotation', 'rotatedAt', 'refreshes'] as const;

export class Fleet {
  readonly platform: string;
  readonly prefix: string;
  readonly count: number;
  /** As given; `domainsOf` is not part of saved state and may be given again. */
  options: FleetOptions;
  /** One entry per version after the baseline: the share of accounts it changed. */
  readonly versions: number[] = [];
  /** Mutable token state, 20 bytes per account; the operating system commits the pages when they are touched. */
  readonly columns: Record<(typeof COLUMNS)[number], Uint32Array>;
  readonly #salt: number;
  readonly #merchants: number;
  readonly #templates: number;
  readonly #sets: { id: number; share: number }[];
  readonly #bodies = new Map<number | string, string>();
  readonly #bodyOfObject = new WeakMap<object, string>();

  constructor(options: FleetOptions) {
    this.options = options;
    this.platform = options.platform;
    this.prefix = options.prefix ?? 'wxf1ee70';
    this.count = options.count;
    if (!/^wx[0-9a-f]{1,10}$/.test(this.prefix)) throw new RangeError('a fleet prefix is wx and 1 to 10 hex digits');
    if (
      !Number.isInteger(options.count) ||
      options.count < 1 ||
      options.count > 16 ** (APPID_LENGTH - this.prefix.length)
    )
      throw new RangeError('a fleet has at least one account and at most as many as its prefix leaves room for');
    this.#salt = createHash('sha256')
      .update(String(options.seed ?? 1))
      .digest()
      .readUInt32BE(0);
    this.#merchants = options.merchants ?? Math.max(1, Math.ceil(options.count / 5));
    this.#templates = options.templates ?? 40;
    this.#sets = Object.entries(options.permissionSetShare ?? { 18: 1 }).map(([id, share]) => ({
      id: Number(id),
      share,
    }));
    this.columns = Object.fromEntries(
      COLUMNS.map((name) => [name, new Uint32Array(options.count)]),
    ) as Fleet['columns'];
  }

  appidOf(index: number): string {
    return this.prefix + index.toString(16).padStart(APPID_LENGTH - this.prefix.length, '0');
  }

  /** The index of an appid; -1 when it is not of this fleet. */
  indexOf(appid: string): number {
    if (appid.length !== APPID_LENGTH || !appid.startsWith(this.prefix)) return -1;
    const digits = appid.slice(this.prefix.length);
    if (!/^[0-9a-f]+$/.test(digits)) return -1;
    const index = Number.parseInt(digits, 16);
    return index < this.count ? index : -1;
  }

  merchantOf(index: number): number {
    return index % this.#merchants;
  }

  /** The grant every account of the fleet starts with; its token state lives in the columns. */
  grantOf(index: number): Grant {
    return new FleetGrant(this, index);
  }

  permissionSetsOf(index: number): number[] {
    const sets = [...ALWAYS_GRANTED];
    for (const { id, share } of this.#sets) {
      if (!sets.includes(id) && this.#chance(index, 0x5e7 + id) < share) sets.push(id);
    }
    return sets.sort((a, b) => a - b);
  }

  authTimeOf(index: number): number {
    return (this.options.authTime ?? 1_700_000_000) + index;
  }

  /** An explicit account equal to the computed one, so that it can be changed. */
  accountOf(index: number): Account {
    const merchant = this.merchantOf(index);
    const tail = index.toString(16).padStart(12, '0');
    return new Account('mini_program', {
      appid: this.appidOf(index),
      nickName: `门店 ${index + 1}`,
      principalName: `第${merchant + 1}号商贸有限公司`,
      userName: `gh_${tail}`,
      domains: this.domainsOf(index),
    });
  }

  /**
   * The next version of the fleet's domains: a `share` (0..1) of the accounts, chosen by hash, gets a new content.
   * @returns the number of the new version
   */
  changeDomains(share: number): number {
    this.versions.push(share);
    return this.versions.length;
  }

  /** The last version that changed this account; 0 for the baseline. */
  versionOf(index: number): number {
    for (let version = this.versions.length; version > 0; version -= 1) {
      if (this.#chance(index, 0x10000 + version) < (this.versions[version - 1] ?? 0)) return version;
    }
    return 0;
  }

  domainsOf(index: number): Domains {
    const version = this.versionOf(index);
    return this.options.domainsOf?.(index, version) ?? this.#builtInDomains(index, version);
  }

  /** The body of `/wxa/get_effective_domain`; accounts with the same content share one string. */
  domainBody(index: number): string {
    const version = this.versionOf(index);
    if (this.options.domainsOf !== undefined) {
      const domains = this.options.domainsOf(index, version);
      let body = this.#bodyOfObject.get(domains);
      if (body === undefined) {
        body = JSON.stringify(effectiveDomainReply(domains));
        this.#bodyOfObject.set(domains, body);
      }
      return body;
    }
    if (this.#isUnique(index)) return JSON.stringify(effectiveDomainReply(this.#builtInDomains(index, version)));
    const key = (version * this.#templates + this.#templateOf(index)) * 2 + (this.#isPending(index) ? 1 : 0);
    let body = this.#bodies.get(key);
    if (body === undefined) {
      if (this.#bodies.size >= BODY_CACHE_LIMIT) this.#bodies.clear();
      body = JSON.stringify(effectiveDomainReply(this.#builtInDomains(index, version)));
      this.#bodies.set(key, body);
    }
    return body;
  }

  /** Objects kept because of single accounts; stays small however large the fleet is. */
  get cachedBodies(): number {
    return this.#bodies.size;
  }

  exportState(): Record<string, string> & { versions: string } {
    const packed = Object.fromEntries(
      COLUMNS.map((name) => [
        name,
        gzipSync(new Uint8Array(this.columns[name].buffer), { level: 1 }).toString('base64'),
      ]),
    );
    return { ...packed, versions: JSON.stringify(this.versions) };
  }

  importState(state: Record<string, string>): void {
    for (const name of COLUMNS) {
      const bytes = gunzipSync(Buffer.from(state[name] ?? '', 'base64'));
      this.columns[name].set(new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4));
    }
    this.versions.splice(0, this.versions.length, ...(JSON.parse(state['versions'] ?? '[]') as number[]));
  }

  #builtInDomains(index: number, version: number): Domains {
    const provider = `p${this.#templateOf(index)}.example.com`;
    const lists = providerLists(provider, version, this.#isUnique(index) ? `shop${index}.example.net` : null);
    const third = this.#isPending(index)
      ? { ...lists, requestdomain: [...lists.requestdomain, `https://next.${provider}`] }
      : lists;
    return { ...fullDomains(), third_domain: third, effective_domain: lists };
  }

  #templateOf(index: number): number {
    return this.merchantOf(index) % this.#templates;
  }

  #isUnique(index: number): boolean {
    return this.options.uniqueShare !== undefined && this.#chance(index, 0x0a11) < this.options.uniqueShare;
  }

  #isPending(index: number): boolean {
    return this.options.pendingShare !== undefined && this.#chance(index, 0x0b22) < this.options.pendingShare;
  }

  /** A number in [0, 1) that depends on the account, the purpose and the seed only (integer finaliser of MurmurHash3). */
  #chance(index: number, purpose: number): number {
    let hash = Math.imul(index ^ this.#salt, 0x9e3779b1) ^ Math.imul(purpose + 1, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
  }
}

class FleetGrant implements Grant {
  readonly authorized = true;
  readonly epoch = 0;
  readonly exchanged = true;
  readonly #fleet: Fleet;
  readonly #index: number;

  constructor(fleet: Fleet, index: number) {
    this.#fleet = fleet;
    this.#index = index;
  }

  get permissionSets(): readonly number[] {
    return this.#fleet.permissionSetsOf(this.#index);
  }
  get authTime(): number {
    return this.#fleet.authTimeOf(this.#index);
  }
  get serial(): number {
    return this.#fleet.columns.serial[this.#index] ?? 0;
  }
  set serial(value: number) {
    this.#fleet.columns.serial[this.#index] = value;
  }
  get issuedAt(): number {
    return this.#fleet.columns.issuedAt[this.#index] ?? 0;
  }
  set issuedAt(value: number) {
    this.#fleet.columns.issuedAt[this.#index] = value;
  }
  get rotation(): number {
    return this.#fleet.columns.rotation[this.#index] ?? 0;
  }
  set rotation(value: number) {
    this.#fleet.columns.rotation[this.#index] = value;
  }
  get rotatedAt(): number {
    return this.#fleet.columns.rotatedAt[this.#index] ?? 0;
  }
  set rotatedAt(value: number) {
    this.#fleet.columns.rotatedAt[this.#index] = value;
  }
  get refreshes(): number {
    return this.#fleet.columns.refreshes[this.#index] ?? 0;
  }
  set refreshes(value: number) {
    this.#fleet.columns.refreshes[this.#index] = value;
  }
}
