/** The six server domain lists, in the order of the WeChat page "getEffectiveServerDomain". */
export const DOMAIN_LISTS = [
  'requestdomain',
  'wsrequestdomain',
  'uploaddomain',
  'downloaddomain',
  'udpdomain',
  'tcpdomain',
] as const;
export type DomainList = (typeof DOMAIN_LISTS)[number];

/** The four groups of the same page: console, method one, method two, in force. */
export const DOMAIN_GROUPS = ['mp_domain', 'third_domain', 'direct_domain', 'effective_domain'] as const;
export type DomainGroup = (typeof DOMAIN_GROUPS)[number];

/** An absent list is not sent at all, an empty one is sent as `[]`. */
export type DomainLists = Partial<Record<DomainList, string[]>>;
/** An absent group is not sent at all. */
export type Domains = Partial<Record<DomainGroup, DomainLists>>;

/** The scheme each list requires (WeChat page "modifyServerDomain"). */
export const LIST_SCHEME: Record<DomainList, string> = {
  requestdomain: 'https://',
  wsrequestdomain: 'wss://',
  uploaddomain: 'https://',
  downloaddomain: 'https://',
  udpdomain: 'udp://',
  tcpdomain: 'tcp://',
};

/** Ways in which one account's `get_effective_domain` reply may differ from the page's sample without meaning anything else. */
export interface DomainQuirks {
  /** Groups that are not sent. */
  readonly absentGroups?: readonly DomainGroup[];
  /** Lists that are not sent, in every group. */
  readonly absentLists?: readonly DomainList[];
  /** Only `effective_domain` is sent. */
  readonly onlyEffective?: boolean;
  /** Every list in reverse order. */
  readonly reversed?: boolean;
  /** Hosts in upper case. */
  readonly upperCaseHosts?: boolean;
  /** The first entry of every list twice. */
  readonly duplicates?: boolean;
  /** Further fields, added at the top level. */
  readonly extraFields?: Readonly<Record<string, unknown>>;
}

/** All six lists, empty where nothing was given. */
export function fullLists(lists: DomainLists = {}): Record<DomainList, string[]> {
  const full = {} as Record<DomainList, string[]>;
  for (const list of DOMAIN_LISTS) full[list] = [...(lists[list] ?? [])];
  return full;
}

/** All four groups with all six lists, empty where nothing was given: what WeChat's sample looks like. */
export function fullDomains(domains: Domains = {}): Record<DomainGroup, Record<DomainList, string[]>> {
  const full = {} as Record<DomainGroup, Record<DomainList, string[]>>;
  for (const group of DOMAIN_GROUPS) full[group] = fullLists(domains[group]);
  return full;
}

/** The host of an entry, lower case, without scheme, port and path. */
export function hostOf(entry: string): string {
  return entry
    .replace(/^[a-z]+:\/\//i, '')
    .replace(/[:/].*$/, '')
    .toLowerCase();
}

/**
 * What is in force after the next release. With a platform list, entries of the console and of method one whose host is not in it are
 * dropped (WeChat page "third-party platform domain configuration"); method two does not need the list.
 * @param platformHosts the platform's published hosts; null when the platform never configured a list
 */
export function releasedDomains(
  domains: Domains,
  platformHosts: readonly string[] | null,
): Record<DomainList, string[]> {
  const allowed = platformHosts === null ? null : new Set(platformHosts.map((host) => host.toLowerCase()));
  const released = {} as Record<DomainList, string[]>;
  for (const list of DOMAIN_LISTS) {
    const listed = [...(domains.third_domain?.[list] ?? []), ...(domains.mp_domain?.[list] ?? [])];
    const kept = allowed === null ? listed : listed.filter((entry) => allowed.has(hostOf(entry)));
    released[list] = [...new Set([...kept, ...(domains.direct_domain?.[list] ?? [])])];
  }
  return released;
}

/** The reply of `/wxa/get_effective_domain` as an object, with the account's quirks applied. */
export function effectiveDomainReply(domains: Domains, quirks: DomainQuirks = {}): Record<string, unknown> {
  const reply: Record<string, unknown> = { errcode: 0, errmsg: 'ok' };
  for (const group of DOMAIN_GROUPS) {
    const lists = domains[group];
    if (lists === undefined || quirks.absentGroups?.includes(group)) continue;
    if (quirks.onlyEffective && group !== 'effective_domain') continue;
    const sent: Record<string, string[]> = {};
    for (const list of DOMAIN_LISTS) {
      const entries = lists[list];
      if (entries === undefined || quirks.absentLists?.includes(list)) continue;
      sent[list] = dressed(entries, quirks);
    }
    reply[group] = sent;
  }
  return { ...reply, ...quirks.extraFields };
}

function dressed(entries: readonly string[], quirks: DomainQuirks): string[] {
  let sent = [...entries];
  if (quirks.upperCaseHosts) sent = sent.map((entry) => entry.replace(/:\/\/[^/:]+/, (host) => host.toUpperCase()));
  if (quirks.duplicates && sent[0] !== undefined) sent.push(sent[0]);
  if (quirks.reversed) sent.reverse();
  return sent;
}

/**
 * The lists of a mini program that runs a provider's product: the provider's hosts, one more from the first release
 * (`version` 1) on, and `own`, a host that nobody else has.
 */
export function providerLists(provider: string, version: number, own: string | null) {
  const hosts = ['api', 'cdn', 'img', 'pay'].map((name) => `${name}.${provider}`);
  if (version > 0) hosts.push(`v${version}.${provider}`);
  if (own !== null) hosts.push(own);
  return {
    requestdomain: hosts.map((host) => `https://${host}`),
    wsrequestdomain: [`wss://ws.${provider}`],
    uploaddomain: [`https://up.${provider}`],
    downloaddomain: hosts.slice(1, 3).map((host) => `https://${host}`),
    udpdomain: [],
    tcpdomain: [],
  };
}
