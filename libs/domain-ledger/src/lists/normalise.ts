import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import type { DomainsView } from '#libs/contract';
import {
  DOMAIN_GROUPS,
  DOMAIN_LISTS,
  LIST_SLOT_COUNT,
  slotIndex,
  schemeOf,
  type DomainGroup,
  type DomainList,
} from './slots.ts';

/** Version of the normal form. It is part of every digest, so that a later form cannot be mistaken for this one. */
export const NORMAL_FORM = 1;

/** Longer entries are represented by their digest: a btree entry of PostgreSQL ends at some 2,700 bytes. */
const LONGEST_NAME = 1000;

/**
 * Normal form of a reply, one member per slot. `null`: WeChat did not send that list. `[]`: it sent an empty one.
 * Entries are sorted by code unit and free of duplicates.
 */
export type NormalContent = readonly (readonly string[] | null)[];

/** The domains as they are shown: WeChat's spelling and order, only what was sent. */
export type ShownDomains = DomainsView;

/**
 * One entry in normal form, version 1: scheme and host in lower case, host in ASCII (IDN), a lone `/` as path dropped,
 * port kept as written, everything else as it is. Two spellings of one entry give one text, and the form is stable
 * under repetition. Entries that do not look like `scheme://host` are only trimmed and lower-cased as hosts.
 */
export function normaliseDomain(entry: string): string {
  // PostgreSQL's text holds no NUL, and nobody can read the other control characters.
  const text = entry
    .trim()
    .replace(/\p{Surrogate}/gu, '\ufffd')
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u007f]/g, (char) => encodeURIComponent(char));
  const match = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text);
  const scheme = match ? (match[1] as string).toLowerCase() + '://' : '';
  const rest = match ? (match[2] as string) : text;
  const end = rest.search(/[/?#]/);
  const authority = end < 0 ? rest : rest.slice(0, end);
  const tail = end < 0 ? '' : rest.slice(end);
  const name = scheme + normaliseAuthority(authority) + (tail === '/' ? '' : tail);
  return name.length <= LONGEST_NAME ? name : `sha256:${createHash('sha256').update(name).digest('hex')}`;
}

function normaliseAuthority(authority: string): string {
  const at = authority.lastIndexOf('@') + 1;
  const user = authority.slice(0, at);
  const hostAndPort = authority.slice(at);
  const colon = hostAndPort.startsWith('[')
    ? hostAndPort.indexOf(':', hostAndPort.indexOf(']') + 1)
    : hostAndPort.indexOf(':');
  const host = colon < 0 ? hostAndPort : hostAndPort.slice(0, colon);
  const port = colon < 0 ? '' : hostAndPort.slice(colon);
  return user + normaliseHost(host) + port;
}

function normaliseHost(host: string): string {
  const lower = host.toLowerCase();
  // Only names beyond ASCII go through IDNA: it answers '' for what is no valid host (a wildcard, say), and would
  // rewrite forms of IPv4 addresses; both must stay what they are.
  // eslint-disable-next-line no-control-regex
  if (/^[\u0000-\u007f]*$/.test(lower)) return lower;
  return domainToASCII(lower) || lower;
}

/** Sorted by code unit, without duplicates: the same on every machine and in every locale. */
function sortedUnique(names: string[]): string[] {
  const unique = [...new Set(names)];
  return unique.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Normal form of a parsed reply of `get_effective_domain`. Unknown groups, lists and fields do not take part; the raw body keeps
 * them. A list that cannot be read is null like one that was not sent: `unknownLists` tells the two apart.
 */
export function normaliseEffectiveDomains(reply: unknown): NormalContent {
  const content: (string[] | null)[] = new Array<null>(LIST_SLOT_COUNT).fill(null);
  forEachList(reply, (slot, entries) => {
    if (entries) content[slot] = sortedUnique(entries.map(normaliseDomain));
  });
  return content;
}

/** What WeChat sent in its own spelling and order, groups and lists it did not send left out. A group without any known list is kept as `{}`. */
export function shownDomains(reply: unknown): ShownDomains {
  const shown: ShownDomains = {};
  if (!isRecord(reply)) return shown;
  for (const group of DOMAIN_GROUPS) if (isRecord(reply[group])) shown[group] = {};
  forEachList(reply, (_slot, entries, group, list) => {
    if (entries) (shown[group] ??= {})[list] = entries;
  });
  return shown;
}

/** Slots of lists of which an answer says nothing that can be read: neither what is in them nor that they were not sent. */
export interface UnknownLists {
  /** As a bit mask. */
  all: number;
  /** Those among them that came in a form nobody documented. The others came as null, which says nothing. */
  odd: number;
}

export function unknownLists(reply: unknown): UnknownLists {
  const unknown = { all: 0, odd: 0 };
  forEachList(reply, (slot, entries, _group, _list, sent) => {
    if (entries) return;
    unknown.all |= 1 << slot;
    if (sent !== null) unknown.odd |= 1 << slot;
  });
  return unknown;
}

/** Whether an answer says anything about domains at all: it has one of the four groups. */
export function hasAnyGroup(reply: unknown): boolean {
  return isRecord(reply) && DOMAIN_GROUPS.some((group) => isRecord(reply[group]));
}

/** `entries` is null for a list that was sent in a form that cannot be read; a list that was not sent is not visited. */
function forEachList(
  reply: unknown,
  visit: (slot: number, entries: string[] | null, group: DomainGroup, list: DomainList, sent: unknown) => void,
): void {
  if (!isRecord(reply)) return;
  for (const group of DOMAIN_GROUPS) {
    const lists = reply[group];
    if (lists === undefined) continue;
    for (const list of DOMAIN_LISTS) {
      const sent = isRecord(lists) ? lists[list] : sentInstead(lists);
      if (sent !== undefined) visit(slotIndex(group, list), entriesOf(sent), group, list, sent);
    }
  }
}

/** Of a group that is no object: null says nothing, an empty array is an empty object of PHP, anything else cannot be read. */
function sentInstead(group: unknown): unknown {
  if (group === null) return null;
  return Array.isArray(group) && group.length === 0 ? undefined : UNREADABLE;
}

const UNREADABLE = false;

/** Scheme and host, or a host with a dot. */
const ENTRY = /^([a-z][a-z0-9+.-]*:\/\/\S+|[^\s:/]+\.\S+)$/i;

/**
 * Entries of one list: an array of texts as documented. Two other forms are obvious: texts joined by `;`, as WeChat's lists of a
 * platform are, and a map with the numbers of the entries as keys. Anything else is null: one entry that cannot be read makes the
 * list unknown, because it may be any domain.
 */
function entriesOf(sent: unknown): string[] | null {
  if (Array.isArray(sent)) return sent.every((entry) => typeof entry === 'string') ? sent : null;
  if (typeof sent === 'string') {
    const entries = sent.split(/[;,\s]+/).filter((entry) => entry !== '');
    return entries.length > 0 && entries.every((entry) => ENTRY.test(entry)) ? entries : null;
  }
  if (!isRecord(sent)) return null;
  const keys = Object.keys(sent);
  if (keys.length === 0 || !keys.every((key) => /^\d{1,6}$/.test(key))) return null;
  return entriesOf(keys.sort((a, b) => Number(a) - Number(b)).map((key) => sent[key]));
}

/**
 * The names that a person may mean by a domain in a question: its normal form, and where no scheme was given, the
 * scheme of the list (or, without a list, every scheme that WeChat uses).
 */
export function domainCandidates(domain: string, list?: DomainList | null): string[] {
  const name = normaliseDomain(domain);
  if (/^[a-z][a-z0-9+.-]*:\/\//.test(name)) return [name];
  const lists = list ? [list] : DOMAIN_LISTS;
  return [...new Set([name, ...lists.map((each) => normaliseDomain(schemeOf(each) + domain.trim()))])];
}
