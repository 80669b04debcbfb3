import { PATHS } from '#libs/wechat-wire';

import type { Call } from '../call.ts';
import { confirmFileOf } from '../confirm-file.ts';
import type { Answer, Endpoint } from '../endpoint.ts';
import { spendMonthlyEdit } from '../monthly-edits.ts';
import type { Platform, PlatformServerDomains } from '../platform.ts';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';

interface DomainListKind {
  /** Of the fields of request and reply. */
  readonly field: 'wxa_server_domain' | 'wxa_jump_h5_domain';
  /** Hosts that one platform may list, and the code of one more. */
  readonly max: number;
  readonly tooMany: number;
  readonly of: (platform: Platform) => PlatformServerDomains | null;
  readonly edits: (platform: Platform) => Map<string, number>;
  readonly replace: (platform: Platform, lists: PlatformServerDomains) => void;
}

/** WeChat page "modifyThirdpartyServerDomain". */
const SERVER: DomainListKind = {
  field: 'wxa_server_domain',
  max: 1_000,
  tooMany: 85016,
  of: (platform) => platform.serverDomains,
  edits: (platform) => platform.domainEdits,
  replace: (platform, lists) => (platform.serverDomains = lists),
};

/** WeChat page "modifyThirdpartyJumpDomain": business domains. */
const JUMP: DomainListKind = {
  field: 'wxa_jump_h5_domain',
  max: 300,
  tooMany: 65316,
  of: (platform) => platform.jumpDomains,
  edits: (platform) => platform.jumpDomainEdits,
  replace: (platform, lists) => (platform.jumpDomains = lists),
};

/** The platform's own lists of domains, and the file for its business domains. */
export const platformDomainEndpoints: readonly Endpoint[] = [
  {
    path: PATHS.modifyWxaServerDomain,
    method: 'POST',
    token: 'component',
    answer: (call, world) => modify(SERVER, call, world),
  },
  {
    path: PATHS.modifyWxaJumpDomain,
    method: 'POST',
    token: 'component',
    answer: (call, world) => modify(JUMP, call, world),
  },
  {
    path: PATHS.getDomainConfirmFile,
    method: 'POST',
    token: 'component',
    answer: (call, world) => {
      call.json();
      return { errcode: 0, errmsg: 'ok', ...confirmFileOf(call.platform.componentAppid, world.seed) };
    },
  },
];

function modify(kind: DomainListKind, call: Call, world: World): Answer {
  const { platform } = call;
  const { action, [kind.field]: given = '', is_modify_published_together: together = false } = call.json();
  if (action !== 'add' && action !== 'delete' && action !== 'set' && action !== 'get') throw new Refusal(85022);
  if (typeof given !== 'string' || typeof together !== 'boolean') throw new Refusal(47001);
  const lists = kind.of(platform) ?? { testing: [], published: [] };
  if (action === 'get') return answer(kind, world, lists, []);
  const hosts = given.split(';').filter((host) => host !== '');
  const valid = hosts.filter(
    (host) => /^[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?$/i.test(host) && !/^[\d.:]+$/.test(host),
  );
  const invalid = hosts.filter((host) => !valid.includes(host));
  const change = (old: string[]): string[] => {
    if (action === 'set') return [...new Set(valid)];
    if (action === 'add') return [...new Set([...old, ...valid])];
    return old.filter((host) => !hosts.includes(host));
  };
  const next = { testing: change(lists.testing), published: together ? change(lists.published) : lists.published };
  if (next.testing.length > kind.max) throw new Refusal(kind.tooMany);
  spendMonthlyEdit(kind.edits(platform), world.clock.nowMs(), 45104);
  kind.replace(platform, next);
  world.touch();
  return answer(kind, world, next, invalid);
}

function answer(kind: DomainListKind, world: World, lists: PlatformServerDomains, invalid: string[]): Answer {
  const joined = (hosts: string[]): string =>
    hosts.map((host) => (world.quirks.schemesInPlatformList ? `https://${host}` : host)).join(';');
  return {
    errcode: 0,
    errmsg: 'ok',
    [`published_${kind.field}`]: joined(lists.published),
    [`testing_${kind.field}`]: joined(lists.testing),
    ...(invalid.length === 0 ? {} : { [`invalid_${kind.field}`]: invalid.join(';') }),
  };
}
