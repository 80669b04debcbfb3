import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import type { DomainsView } from '#libs/contract';
import {
  DOMAIN_GROUPS,
  DOMAIN_LISTS,
  PLACE_COUNT,
  placeOf,
  schemeOf,
  type DomainGroup,
  type DomainList,
} from './slots.ts';

/** Version of the normal form. It is part of every digest, so that a later form cannot be mistaken for this one. */
export const NORMAL_FORM = 1;

/** Longer entries are represented by their digest: a btree entry of PostgreSQL ends at some 2,700 bytes. */
const LONGEST_NAME = 1000;

/**
 * Normal form of a reply, one slot per place. `null`: WeChat did not send that list. `[]`: it sent an empty one.
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
 * Normal form of a parsed reply of `get_effective_domain`. Unknown groups, lists and fields do not take part; entries
 * that are no strings are left out (the raw body keeps them); a list that is no array counts as not sent.
 */
export function normaliseEffectiveDomains(reply: unknown): NormalContent {
  const content: (string[] | null)[] = new Array<null>(PLACE_COUNT).fill(null);
  forEachList(reply, (place, entries) => {
    content[place] = sortedUnique(entries.map(normaliseDomain));
  });
  return content;
}

/** What WeChat sent in its own spelling and order, groups and lists it did not send left out. A group without any known list is kept as `{}`. */
export function shownDomains(reply: unknown): ShownDomains {
  const shown: ShownDomains = {};
  if (!isRecord(reply)) return shown;
  for (const group of DOMAIN_GROUPS) if (isRecord(reply[group])) shown[group] = {};
  forEachList(reply, (_place, entries, group, list) => {
    (shown[group] ??= {})[list] = entries;
  });
  return shown;
}

function forEachList(
  reply: unknown,
  visit: (place: number, entries: string[], group: DomainGroup, list: DomainList) => void,
): void {
  if (!isRecord(reply)) return;
  for (const group of DOMAIN_GROUPS) {
    const lists = reply[group];
    if (!isRecord(lists)) continue;
    for (const list of DOMAIN_LISTS) {
      const entries = lists[list];
      if (!Array.isArray(entries)) continue;
      visit(
        placeOf(group, list),
        entries.filter((entry): entry is string => typeof entry === 'string'),
        group,
        list,
      );
    }
  }
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
