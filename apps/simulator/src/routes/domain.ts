import { PATHS } from '#libs/wechat-wire';

import type { Account } from '../accounts.ts';
import type { Call } from '../call.ts';
import { confirmFileOf } from '../confirm-file.ts';
import { DOMAIN_LISTS, type DomainGroup, type DomainList, type DomainLists, hostOf, LIST_SCHEME } from '../domains.ts';
import type { Answer, Endpoint } from '../endpoint.ts';
import { spendMonthlyEdit } from '../monthly-edits.ts';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';

/** Every call here needs "mini program development and data analysis" (WeChat page "getEffectiveServerDomain"). */
const DOMAIN_SETS = [18];
/** Entries per list (WeChat page "modifyServerDomain"). */
const MAX_PER_LIST = 200;

/** Reading and changing the server domains of one mini program. */
export const domainEndpoints: readonly Endpoint[] = [
  {
    path: PATHS.getEffectiveDomain,
    method: 'POST',
    token: 'authorizer',
    permissionSets: DOMAIN_SETS,
    answer: effective,
  },
  {
    path: PATHS.getEffectiveWebviewDomain,
    method: 'POST',
    token: 'authorizer',
    permissionSets: DOMAIN_SETS,
    answer: (call, world) => {
      call.json();
      return { errcode: 0, errmsg: 'ok', ...miniProgram(call, world).webviewDomains };
    },
  },
  {
    path: PATHS.getWebviewDomainConfirmFile,
    method: 'POST',
    token: 'authorizer',
    permissionSets: DOMAIN_SETS,
    answer: (call, world) => {
      call.json();
      return { errcode: 0, errmsg: 'ok', ...confirmFileOf(miniProgram(call, world).appid, world.seed) };
    },
  },
  {
    path: PATHS.modifyDomain,
    method: 'POST',
    token: 'authorizer',
    permissionSets: DOMAIN_SETS,
    answer: (call, world) => modify(call, world, 'third_domain'),
  },
  {
    path: PATHS.modifyDomainDirectly,
    method: 'POST',
    token: 'authorizer',
    permissionSets: DOMAIN_SETS,
    answer: (call, world) => modify(call, world, 'direct_domain'),
  },
];

function effective(call: Call, world: World): Answer {
  if (call.body !== '{}') call.json();
  const appid = call.authorizerAppid;
  const account = world.accounts.get(appid);
  if (account === undefined) {
    const member = world.fleetAccount(appid);
    if (member !== null) return member.fleet.domainBody(member.index);
  }
  return miniProgram(call, world).effectiveDomainBody();
}

/** 85015 for an account that is not a mini program. */
function miniProgram(call: Call, world: World): Account {
  const account = world.findAccount(call.authorizerAppid);
  if (account?.kind !== 'mini_program') throw new Refusal(85015);
  return account;
}

interface Checked {
  /** Entries that follow the rules, per list. */
  readonly good: DomainLists;
  readonly invalid: Record<string, string[]>;
  readonly withoutIcp: string[];
  /** Entries left out because their host is not in the platform's list. */
  readonly foreign: number;
  readonly given: number;
}

function modify(call: Call, world: World, group: 'third_domain' | 'direct_domain'): Answer {
  miniProgram(call, world);
  const action = call.json()['action'];
  if (action !== 'add' && action !== 'delete' && action !== 'set' && action !== 'get') throw new Refusal(85022);
  const account = action === 'get' ? miniProgram(call, world) : world.account(call.authorizerAppid);
  const before = listsOf(account, group);
  if (action === 'get') return { errcode: 0, errmsg: 'ok', ...before };
  const checked = check(call, world, group, action === 'delete');
  const rejects = { ...checked.invalid, no_icp_domain: checked.withoutIcp };
  const after = applied(before, checked.good, action, givenLists(call));
  if (!differs(before, after)) refuseUnchanged(checked, before, rejects);
  for (const list of DOMAIN_LISTS) {
    if ((after[list]?.length ?? 0) > MAX_PER_LIST) throw new Refusal(85016);
  }
  spendMonthlyEdit(account.domainEdits, world.clock.nowMs(), group === 'direct_domain' ? 86102 : 45104);
  account.setGroup(group, after);
  world.touch();
  return { errcode: 0, errmsg: 'ok', ...after, ...rejects };
}

function check(call: Call, world: World, group: DomainGroup, isDelete: boolean): Checked {
  const platformHosts = group === 'third_domain' ? (call.platform.serverDomains?.published ?? null) : null;
  const result = { good: {} as DomainLists, invalid: {} as Record<string, string[]>, withoutIcp: [] as string[] };
  let foreign = 0;
  let given = 0;
  for (const list of DOMAIN_LISTS) {
    const good: string[] = [];
    const invalid: string[] = [];
    for (const entry of givenLists(call)[list] ?? []) {
      given += 1;
      if (isDelete) good.push(entry);
      else if (!followsRules(list, entry, group)) invalid.push(entry);
      else if (world.quirks.hostsWithoutIcp.includes(hostOf(entry))) result.withoutIcp.push(entry);
      else if (platformHosts !== null && !platformHosts.includes(hostOf(entry))) foreign += 1;
      else good.push(entry);
    }
    result.good[list] = good;
    result.invalid[`invalid_${list}`] = invalid;
  }
  return { ...result, foreign, given };
}

/** Scheme of the list, a host name that is no IP and not WeChat's own; method two names each breach with a code of its own. */
function followsRules(list: DomainList, entry: string, group: DomainGroup): boolean {
  const scheme = LIST_SCHEME[list];
  const isDirect = group === 'direct_domain';
  if (!entry.startsWith(scheme)) {
    if (isDirect) throw new Refusal(86100);
    return false;
  }
  if (hostOf(entry) === 'api.weixin.qq.com') {
    if (isDirect) throw new Refusal(86101);
    return false;
  }
  const rest = entry.slice(scheme.length);
  if (/^[\d.]+(:\d+)?$/.test(rest)) return false;
  return /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)+(?::\d{1,5})?\/?$/i.test(rest);
}

function refuseUnchanged(checked: Checked, before: DomainLists, rejects: Record<string, string[]>): void {
  const invalid = Object.values(checked.invalid).flat().length;
  const fields = { ...before, ...rejects };
  if (invalid > 0 && checked.withoutIcp.length > 0) throw new Refusal(85303, { fields });
  if (invalid > 0) throw new Refusal(85301, { fields });
  if (checked.withoutIcp.length > 0) throw new Refusal(85302, { fields });
  if (checked.foreign > 0 && checked.foreign === checked.given) throw new Refusal(85018, { fields });
  throw new Refusal(85017, { fields });
}

function applied(
  before: DomainLists,
  good: DomainLists,
  action: 'add' | 'delete' | 'set',
  given: DomainLists,
): DomainLists {
  const after: DomainLists = {};
  for (const list of DOMAIN_LISTS) {
    const old = before[list] ?? [];
    const entries = good[list] ?? [];
    if (action === 'add') after[list] = [...new Set([...old, ...entries])];
    else if (action === 'delete') after[list] = old.filter((entry) => !entries.includes(entry));
    else after[list] = given[list] === undefined ? old : [...new Set(entries)];
  }
  return after;
}

function givenLists(call: Call): DomainLists {
  const lists: DomainLists = {};
  for (const list of DOMAIN_LISTS) {
    const value = call.json()[list];
    if (value === undefined) continue;
    if (!Array.isArray(value) || value.some((entry) => typeof entry !== 'string')) throw new Refusal(47001);
    lists[list] = value as string[];
  }
  return lists;
}

function listsOf(account: Account, group: DomainGroup): DomainLists {
  return Object.fromEntries(DOMAIN_LISTS.map((list) => [list, [...(account.domains[group]?.[list] ?? [])]]));
}

function differs(before: DomainLists, after: DomainLists): boolean {
  return JSON.stringify(before) !== JSON.stringify(after);
}
