import { isIP } from 'node:net';
import { holds } from '#libs/api-ip-ledger';
import { CHECK_IDS, type CheckId, type CheckStatus } from '#libs/contract';
import type { PlatformRow } from '#libs/custody';
import { isSpecialAddress } from '#libs/events';
import { SLOW_ANSWER_MS, type AnswerTimes, type RefusedPush, type WaitedFor } from '#libs/inbox';
import { DAY_MS, type ClockComparison } from '#libs/kernel';
import type { CallbackView, ConfirmFile } from '#libs/wechat';
import { ERRCODE } from '#libs/wechat-wire';
import type { Facts } from './checks.sql.ts';
import { confirmFileUrl, type ConfirmFileProbe } from './confirm-files.ts';
import type { FindingName } from './findings.ts';
import type { CertificateProbe, HostProbe, NameProbe, PushProbe } from './reachability.ts';

/** A call to WeChat in the name of the platform. */
export type CallProbe<T> =
  | { outcome: 'good'; value: T }
  | { outcome: 'refused'; errcode: number; errmsg: string }
  | { outcome: 'failed'; message: string };

/** What WeChat says when it is asked to push tickets; null: not asked. */
export type TicketProbe = CallProbe<{ wasStopped: boolean }> | null;

/** An address list as it is published. */
export interface AddressList {
  kind: string;
  addresses: readonly string[];
  isStale: boolean;
  heldSince: string | null;
}

/** Everything that was seen in one run. Probes that were not made, because what they need has failed, are null. */
export interface Seen {
  facts: Facts;
  platform: PlatformRow;
  /** `PUBLIC_URL` without a trailing slash. */
  publicUrl: string;
  /** The WeChat API that the hub calls is a simulator: it reaches any host and port of this machine. */
  isSimulated: boolean;
  clocks: ClockComparison;
  /** Why a secret of the platform cannot be opened; null: it can. */
  sealProblem: string | null;
  name: NameProbe | null;
  certificate: CertificateProbe | null;
  push: PushProbe | null;
  refused: readonly RefusedPush[];
  /** How long real pushes of the last 24 hours waited, in all processes. */
  answers: Record<WaitedFor, AnswerTimes>;
  /** The callback URL as WeChat sees it. */
  callback: CallProbe<CallbackView> | null;
  startPush: TicketProbe;
  token: CallProbe<{ expiresAt: Date | null }> | null;
  domains: CallProbe<{ published: readonly string[] | null }> | null;
  /** WeChat's refusals of an address (`requestIP`) beside those of `token` and `domains`: of further connections of this process. */
  furtherRefusals: readonly string[];
  /** `file`: null without business domains. */
  confirmFiles: CallProbe<{ file: ConfirmFile | null; probes: readonly ConfirmFileProbe[] }> | null;
  lists: readonly AddressList[];
  /** Hosts of the WeChat API, the one that is called first. */
  hosts: readonly HostProbe[];
  /** Addresses of the API host by name resolution; null: it has no name. */
  apiHost: { host: string; addresses: readonly string[] } | null;
}

export interface Judged {
  status: CheckStatus;
  finding: FindingName | null;
  evidence: string[];
}

const pass = (...evidence: string[]): Judged => ({ status: 'pass', finding: null, evidence });
const fail = (finding: FindingName, ...evidence: string[]): Judged => ({ status: 'fail', finding, evidence });
const warn = (finding: FindingName, ...evidence: string[]): Judged => ({ status: 'warn', finding, evidence });
const unknown = (finding: FindingName | null, ...evidence: string[]): Judged => ({
  status: 'unknown',
  finding,
  evidence,
});

/** A check that is skipped when one of these has failed or was skipped itself. */
const NEEDS: Partial<Record<CheckId, readonly CheckId[]>> = {
  name_and_certificate: ['public_url'],
  test_push: ['master_keys', 'name_and_certificate'],
  push_secrets: ['master_keys'],
  arrivals: ['test_push'],
  answer_times: ['test_push'],
  ticket: ['arrivals'],
  component_token: ['ticket', 'master_keys'],
  egress_address: ['ticket', 'master_keys'],
  published: ['component_token', 'egress_address'],
  reconciliation: ['component_token', 'egress_address'],
  messages_url: ['arrivals'],
  platform_domains: ['component_token', 'egress_address'],
  confirm_files: ['component_token', 'egress_address'],
};

/** A new platform waits this long for its first push before that is a failure: WeChat pushes every ten minutes. */
const FIRST_PUSH_MS = 15 * 60_000;
/** A certificate that ends within this time is worth a warning. */
const RENEW_MS = 14 * DAY_MS;
const SLOW_MS = 1000;
/** Above this in 99 of 100 answers to real pushes, ms, something is wrong; a test push has no others beside it. */
const SLOW_P99_MS = 2000;
/** Fewer answers have no p99. */
const ANSWERS_FOR_P99 = 100;
/** Fewer slow answers than this in a day are those of a restart. */
const SLOW_ANSWERS = 3;
/** Between the CreateTime of a ticket and its arrival, seconds. */
const TICKET_SKEW_SECONDS = 60;
/** Domains that are named in the evidence. */
const NAMED_DOMAINS = 10;
/** Beyond these a comparison, or an event without a number, is late. */
const RECONCILIATION_MS = 2 * DAY_MS;
const FEED_SECONDS = 60;

/** The outcome of every check, in their order. */
export function judge(seen: Seen): Map<CheckId, Judged> {
  const judged = new Map<CheckId, Judged>();
  for (const id of CHECK_IDS) {
    const cause = (NEEDS[id] ?? []).find((needed) =>
      ['fail', 'skipped'].includes((judged.get(needed) as Judged).status),
    );
    judged.set(
      id,
      cause === undefined
        ? JUDGES[id](seen)
        : { status: 'skipped', finding: null, evidence: [`needs ${cause}, which has not passed`] },
    );
  }
  return judged;
}

const JUDGES: Readonly<Record<CheckId, (seen: Seen) => Judged>> = {
  clocks({ clocks, facts: { ticketLagSeconds: lag } }) {
    const evidence = [
      `database: ${offset(clocks.databaseOffsetSeconds)}`,
      `WeChat: ${offset(clocks.wechatOffsetSeconds)}`,
      ...(lag === null ? [] : [`latest ticket: made ${Math.abs(lag)} s ${lag < 0 ? 'after' : 'before'} it arrived`]),
    ];
    if (clocks.wrong !== null) {
      return fail('clock_wrong', `wrong: ${clocks.wrong.replaceAll('_', ' ')}`, ...evidence);
    }
    // A ticket may be late for other reasons: it tells where nothing else tells WeChat's time.
    const isSkewed = lag !== null && Math.abs(lag) > TICKET_SKEW_SECONDS;
    return isSkewed && clocks.wechatOffsetSeconds === null
      ? fail('clock_wrong', 'wrong: database or hub', ...evidence)
      : pass(...evidence);
  },

  master_keys: ({ sealProblem }) =>
    sealProblem === null ? pass('the secrets of the platform can be opened') : fail('secret_not_openable', sealProblem),

  public_url({ publicUrl, isSimulated }) {
    const url = new URL(publicUrl);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isSimulated) return pass(publicUrl, 'the WeChat API is a simulator, which reaches any host and port');
    if (url.port !== '') return fail('not_https', publicUrl);
    const isLocal = host === 'localhost' || /\.(?:local|internal|lan|home|test)$/.test(host) || !host.includes('.');
    if (isIP(host) ? isSpecialAddress(host) : isLocal) return fail('private_host', publicUrl);
    return pass(publicUrl);
  },

  name_and_certificate({ publicUrl, name, certificate, callback, isSimulated, facts }) {
    const { hostname } = new URL(publicUrl);
    if (!name) return unknown(null);
    if (name.outcome === 'unknown') return fail('name_unknown', `${hostname}: ${name.message}`);
    const evidence = [`${hostname}: ${name.addresses.join(', ')}`, ...sayCallback(callback)];
    if (!isSimulated && name.addresses.every(isSpecialAddress)) return fail('name_private', ...evidence);
    if (!certificate) return pass(...evidence, 'http: no certificate');
    if (certificate.outcome === 'unreachable') return fail('not_reachable', ...evidence, certificate.message);
    if (certificate.outcome === 'refused') return fail('certificate_refused', ...evidence, certificate.message);
    const until = `certificate valid until ${certificate.validUntil.toISOString()}`;
    const isEnding = certificate.validUntil.getTime() - facts.now.getTime() < RENEW_MS;
    return isEnding ? warn('certificate_expires', ...evidence, until) : pass(...evidence, until);
  },

  test_push({ push }) {
    if (!push) return unknown(null);
    if (push.outcome === 'timed_out') return fail('push_timed_out', 'no answer within 5 s');
    if (push.outcome !== 'answered') return fail('not_reachable', push.message);
    const { status, location, text, ms } = push;
    const answer = `HTTP ${status} after ${ms} ms`;
    if (status >= 300 && status < 400) return fail('push_redirected', answer, `Location: ${location ?? '(none)'}`);
    if (status === 200 && text === 'success') return pass(`${answer}: success`);
    const evidence = [answer, text === '' ? 'an empty body' : text];
    // What the hub itself says when a push reaches it without its body, or without its query.
    if (status === 400 || status === 403) return fail('push_body_lost', ...evidence);
    if (status === 200) return fail('push_wrong_answer', ...evidence);
    return fail('push_not_routed', ...evidence);
  },

  push_secrets({ platform: { previousPushSecrets: previous } }) {
    if (!previous) return pass('one pair');
    const { pushesOpened, validUntil } = previous;
    const evidence = [`the previous pair ends ${validUntil.toISOString()}`, `it opened ${pushesOpened} pushes`];
    return pushesOpened > 0 ? warn('previous_pair_used', ...evidence) : pass(...evidence);
  },

  arrivals({ facts, platform, refused, startPush, callback, lists }) {
    const taken = `${facts.accepted} pushes in 24 hours`;
    const after = Math.max(facts.lastAcceptedAt?.getTime() ?? 0, facts.now.getTime() - DAY_MS);
    const later = refused.filter(({ refusedAt }) => refusedAt.getTime() > after);
    const newest = [...(later.length > 3 ? countRefusals(later) : []), ...later.slice(0, 3).map(describeRefusal)];
    const isAccepting = facts.lastAcceptedAt !== null && facts.accepted > 0;
    // Strangers may send anything at any time; what WeChat sends comes every ten minutes.
    if (isAccepting && later.length < REFUSALS_OF_WECHAT) {
      return pass(taken, `latest at ${(facts.lastAcceptedAt as Date).toISOString()}`, ...newest);
    }
    if (later.length > 0) return fail(causeOfRefusals(later), taken, ...newest);
    const evidence = [
      taken,
      'no request has reached the callback URLs',
      ...sayTicketProbe(startPush),
      callbackAddresses(lists),
    ];
    // Asked for pushes, WeChat may know better why there are none.
    const cause = startPush?.outcome === 'refused' ? REFUSALS.get(startPush.errcode) : undefined;
    if (cause) return fail(cause, ...evidence);
    if (callback?.outcome === 'refused' && callback.errcode === ERRCODE.noCallbackUrl) {
      return fail('no_callback_url', ...evidence, ...sayCallback(callback));
    }
    if (facts.now.getTime() - platform.createdAt.getTime() < FIRST_PUSH_MS) {
      return unknown('nothing_arrived', 'nothing has arrived; WeChat pushes every ten minutes');
    }
    const wasStopped = startPush?.outcome === 'good' && startPush.value.wasStopped;
    return fail(wasStopped ? 'ticket_pushes_stopped' : 'nothing_arrived', ...evidence);
  },

  answer_times({ push, answers: { hub, backend } }) {
    const evidence = [
      ...(push?.outcome === 'answered' ? [`the test push was answered after ${push.ms} ms`] : []),
      ...sayAnswers('pushes', hub),
      ...sayAnswers('messages that waited for a backend', backend),
    ];
    if (push?.outcome === 'answered' && push.ms >= SLOW_ANSWER_MS) return fail('slow_answers', ...evidence);
    if (isTooSlow(hub)) return fail('slow_pushes', ...evidence);
    if (isTooSlow(backend)) return fail('slow_backend', ...evidence);
    if (push?.outcome === 'answered' && push.ms >= SLOW_MS) return warn('slow_answers', ...evidence);
    if (isSlow(hub)) return warn('slow_pushes', ...evidence);
    if (backend.slow >= SLOW_ANSWERS) return warn('slow_backend', ...evidence);
    return push?.outcome === 'answered' ? pass(...evidence) : unknown(null, ...evidence);
  },

  ticket({ platform, startPush }) {
    const { ticketReceivedAt, ticketExpiresAt, state } = platform;
    if (ticketReceivedAt === null) {
      return startPush?.outcome === 'refused' || startPush?.outcome === 'failed'
        ? fail(causeOfNoTicket(startPush), 'no ticket', ...sayTicketProbe(startPush))
        : unknown('nothing_arrived', 'no ticket has arrived', ...sayTicketProbe(startPush));
    }
    const evidence = [
      `latest at ${ticketReceivedAt.toISOString()}`,
      `accepted by WeChat until ${ticketExpiresAt?.toISOString() ?? '?'}`,
    ];
    if (!isStale(platform)) return pass(...evidence);
    if (startPush?.outcome === 'good') {
      const finding = startPush.value.wasStopped ? 'ticket_pushes_stopped' : 'ticket_not_received';
      return fail(finding, ...evidence, ...sayTicketProbe(startPush));
    }
    return fail(causeOfNoTicket(startPush), `state ${state}`, ...evidence, ...sayTicketProbe(startPush));
  },

  component_token({ token, domains }) {
    if (!token) return unknown(null, 'no ticket yet');
    const refusal = [token, domains].find((probe) => probe?.outcome === 'refused');
    if (refusal?.outcome === 'refused' && refusal.errcode === ERRCODE.addressNotListed) {
      return unknown(null, 'WeChat refuses the address of the hub before it looks at the secret');
    }
    if (token.outcome === 'good') {
      const { expiresAt } = token.value;
      return pass(expiresAt === null ? 'a token' : `valid until ${expiresAt.toISOString()}`);
    }
    if (token.outcome === 'failed') return fail('wechat_not_reachable', token.message);
    return fail(causeOfRefusal(token.errcode), `errcode ${token.errcode}: ${token.errmsg}`);
  },

  egress_address({ token, domains, furtherRefusals, facts }) {
    const own = [token, domains].flatMap((probe) =>
      probe?.outcome === 'refused' && probe.errcode === ERRCODE.addressNotListed ? [probe.errmsg] : [],
    );
    const addresses = requestAddresses([...own, ...furtherRefusals, ...(facts.addressRefusals ?? [])]);
    const seen = addresses.length === 0 ? own.slice(0, 1) : [`WeChat sees ${addresses.join(', ')}`];
    if (own.length > 0) {
      return fail('not_whitelisted', ...seen, ...(addresses.length > 1 ? ['add all of them'] : []));
    }
    // Another process may go out by another address.
    if (addresses.length > 0) {
      return warn(
        'not_whitelisted',
        'WeChat answers calls from this process',
        ...seen.map((line) => `of others ${line}`),
      );
    }
    return token?.outcome === 'good' && domains?.outcome === 'good'
      ? pass('WeChat answers calls from this address')
      : unknown(null);
  },

  published({ facts }) {
    if (facts.unpublished > 0) return fail('not_published', `errcode 61028 for ${facts.unpublished} accounts`);
    return facts.miniPrograms > 0
      ? pass(`${facts.miniPrograms} mini programs authorize the platform`)
      : unknown(null, 'nobody has authorized the platform');
  },

  redirect_host({ facts, publicUrl }) {
    const host = `授权发起页域名: ${new URL(publicUrl).host}`;
    const counts = `${facts.linksOpened} links opened, ${facts.linksUsed} used; merchants start from and come back to this host`;
    if (facts.linksUsed > 0) return pass(host, counts);
    return unknown(facts.linksOpened > 0 ? 'nobody_came_back' : null, host, counts);
  },

  permission_set_18({ facts: { miniPrograms, unreadable, unreadableOnes } }) {
    if (miniPrograms === 0) return unknown(null, 'no mini program authorizes the platform');
    if (unreadable === 0) return pass(`all ${miniPrograms} mini programs grant it`);
    const evidence = [`${unreadable} of ${miniPrograms} lack it`, `among them ${(unreadableOnes ?? []).join(', ')}`];
    return unreadable === miniPrograms ? fail('all_lack_set_18', ...evidence) : warn('some_lack_set_18', ...evidence);
  },

  reconciliation({ facts: { reconciliation: run, toReauthorize, now } }) {
    if (!run) return unknown(null, 'not run yet');
    const finishedAt = new Date(run.finishedAt);
    const evidence = [`${run.state} at ${finishedAt.toISOString()}`, ...(run.reason === null ? [] : [run.reason])];
    if (run.state !== 'done') return fail('reconciliation_failed', ...evidence);
    if (now.getTime() - finishedAt.getTime() > RECONCILIATION_MS) return warn('reconciliation_old', ...evidence);
    if (run.withoutRefreshToken > 0) {
      const count = `${run.withoutRefreshToken} accounts without a refresh token`;
      const some = toReauthorize ? [`must authorize again, among others: ${toReauthorize.join(', ')}`] : [];
      return warn('tokens_missing', ...evidence, count, ...some);
    }
    return pass(...evidence);
  },

  messages_url({ facts: { accountEvents, messageRelays } }) {
    const relays =
      messageRelays === 0
        ? 'no relay takes messages: results of code audits reach nobody but those who list pushes'
        : `${messageRelays} relays take messages`;
    return accountEvents > 0
      ? pass(`${accountEvents} events about accounts were kept`, relays)
      : unknown(null, 'no event about an account has arrived; results of code audits come by this URL', relays);
  },

  platform_domains({ domains }) {
    if (!domains) return unknown(null);
    if (domains.outcome === 'refused') return fail('wechat_refused', `errcode ${domains.errcode}: ${domains.errmsg}`);
    if (domains.outcome === 'failed') return fail('wechat_not_reachable', domains.message);
    const { published } = domains.value;
    if (published === null) return unknown(null, 'WeChat did not send the list');
    return published.length === 0
      ? fail('domain_list_empty', 'the list is empty')
      : pass(`${published.length} domains`, published.slice(0, 3).join(', '));
  },

  confirm_files({ confirmFiles }) {
    if (!confirmFiles) return unknown(null);
    if (confirmFiles.outcome === 'refused') {
      return fail('wechat_refused', `errcode ${confirmFiles.errcode}: ${confirmFiles.errmsg}`);
    }
    if (confirmFiles.outcome === 'failed') return fail('wechat_not_reachable', confirmFiles.message);
    const { file, probes } = confirmFiles.value;
    if (!file) return { status: 'skipped', finding: null, evidence: ['the platform has no business domains'] };
    const place = `file ${file.name} with the content ${file.content}, for example at ${confirmFileUrl(probes[0]?.domain ?? '', file.name) ?? 'the root'}`;
    const served = `${probes.filter(({ outcome }) => outcome === 'served').length} of ${probes.length} business domains serve it`;
    const bad = probes.filter(({ outcome }) => outcome !== 'served' && outcome !== 'not_asked');
    const lines = bad.slice(0, NAMED_DOMAINS).map(({ domain, outcome, detail }) => `${domain}: ${outcome}: ${detail}`);
    const more = bad.length > NAMED_DOMAINS ? [`and ${bad.length - NAMED_DOMAINS} more`] : [];
    const late = probes.filter(({ outcome }) => outcome === 'not_asked').length;
    const rest = late > 0 ? [`${late} were not asked in the time for all`] : [];
    const kind = CONFIRM_FINDINGS.find(([outcome]) => bad.some((probe) => probe.outcome === outcome));
    if (kind) return fail(kind[1], ...lines, ...more, place, served, ...rest);
    return late > 0 ? unknown(null, served, ...rest) : pass(served);
  },

  wechat_addresses({ lists, apiHost, hosts }) {
    const latencies = hosts.map(sayHost);
    const [called, ...others] = hosts;
    if (called?.outcome === 'unreachable') return fail('wechat_not_reachable', ...latencies);
    if (lists.length === 0) return unknown(null, 'not fetched yet', ...latencies);
    const evidence = [...latencies, ...lists.map(({ kind, addresses }) => `${kind}: ${addresses.length} addresses`)];
    if (others.some(({ host, outcome }) => host === RECOVERY_HOST && outcome === 'unreachable')) {
      return warn('api_host_unreachable', ...evidence);
    }
    const held = lists.find(({ heldSince }) => heldSince !== null);
    if (held) return warn('addresses_held', ...evidence, `${held.kind}: a later list is held since ${held.heldSince}`);
    const stale = lists.find(({ isStale: isOld }) => isOld);
    if (stale) return warn('addresses_old', ...evidence, `${stale.kind} was not observed for two intervals`);
    if (apiHost === null || apiHost.addresses.length === 0) return pass(...evidence);
    const listed = lists.find(({ kind }) => kind === 'api-domain')?.addresses ?? [];
    const resolved = `${apiHost.host} resolves to ${apiHost.addresses.join(', ')}`;
    const isListed = apiHost.addresses.every((address) => listed.some((entry) => holds(entry, address)));
    return isListed ? pass(...evidence, resolved) : warn('address_not_listed', ...evidence, resolved);
  },

  feed({ facts: { unnumberedSeconds, lastEventAt } }) {
    const latest = lastEventAt === null ? [] : [`latest event at ${lastEventAt.toISOString()}`];
    if (unnumberedSeconds === null) return pass('every event has its number', ...latest);
    const evidence = `the oldest event without a number waits for ${Math.round(unnumberedSeconds)} s`;
    return unnumberedSeconds > FEED_SECONDS ? fail('feed_behind', evidence, ...latest) : pass(evidence, ...latest);
  },

  webhooks_and_relays({ facts }) {
    const { disabledEndpoints, failingEndpoints, lateRelays, lastDeliveredAt, lastRelayedAt } = facts;
    const latest = [
      ...(lastDeliveredAt === null ? [] : [`latest delivery to a webhook at ${lastDeliveredAt.toISOString()}`]),
      ...(lastRelayedAt === null ? [] : [`latest answer of a relay at ${lastRelayedAt.toISOString()}`]),
    ];
    if (disabledEndpoints) return fail('endpoint_disabled', ...disabledEndpoints, ...latest);
    if (failingEndpoints) return warn('endpoint_failing', ...failingEndpoints, ...latest);
    if (lateRelays) return warn('relay_behind', ...lateRelays, ...latest);
    return pass('nothing is disabled, fails or waits', ...latest);
  },
};

/** What to do first, where several are wrong. */
const CONFIRM_FINDINGS: readonly [ConfirmFileProbe['outcome'], FindingName][] = [
  ['missing', 'confirm_file_missing'],
  ['wrong', 'confirm_file_wrong'],
  ['certificate', 'confirm_certificate_refused'],
  ['unreachable', 'confirm_domain_unreachable'],
];

/** Host for an outage of the first one (WeChat page "Interface field description"). */
const RECOVERY_HOST = 'api2.weixin.qq.com';

function sayHost(probe: HostProbe): string {
  return probe.outcome === 'reached' ? `${probe.host}: ${probe.ms} ms` : `${probe.host}: ${probe.message}`;
}

/** More than one in a hundred took longer than WeChat may wait for. */
function isTooSlow({ answers, slow }: AnswerTimes): boolean {
  return slow >= SLOW_ANSWERS && slow > answers / 100;
}

function isSlow({ answers, p99Ms, slow }: AnswerTimes): boolean {
  return slow >= SLOW_ANSWERS || (answers >= ANSWERS_FOR_P99 && (p99Ms === null || p99Ms > SLOW_P99_MS));
}

function sayAnswers(of: string, { answers, p99Ms, slow }: AnswerTimes): string[] {
  if (answers === 0) return [];
  const p99 = p99Ms === null ? 'more than 5000 ms' : `at most ${p99Ms} ms`;
  return [
    `${answers} ${of} in 24 hours: 99 % answered after ${p99}, ${slow} after more than ${SLOW_ANSWER_MS / 1000} s`,
  ];
}

/** Addresses that WeChat names in refusals (61004). */
function requestAddresses(refusals: readonly string[]): string[] {
  const found = refusals.map((errmsg) => /requestIP:\s*([0-9a-f.:]+)/i.exec(errmsg)?.[1]);
  return [...new Set(found.filter((address) => address !== undefined))].sort();
}

function sayCallback(callback: Seen['callback']): string[] {
  if (!callback) return [];
  if (callback.outcome === 'refused')
    return [`callback/check of WeChat: errcode ${callback.errcode}: ${callback.errmsg}`];
  if (callback.outcome === 'failed') return [`callback/check of WeChat: ${callback.message}`];
  const { dns, pings } = callback.value;
  const via = (operator: string | null) => (operator === null ? '' : ` (${operator})`);
  return [
    ...dns.map(({ address, operator }) => `WeChat resolves it to ${address}${via(operator)}`),
    ...pings.map(({ address, operator, loss }) => `WeChat's ping of ${address}${via(operator)}: ${loss ?? '?'} lost`),
  ];
}

/** What a firewall has to let in. */
function callbackAddresses(lists: readonly AddressList[]): string {
  const known = lists.find(({ kind }) => kind === 'callback')?.addresses ?? [];
  // Without a ticket there is no token to ask for them with (WeChat's forum, and page "getcallbackip").
  if (known.length === 0) {
    return "WeChat's callback addresses are not known yet: getcallbackip answers with the token of any account, too; the alarm group of the platform names failed pushes";
  }
  const some = known.slice(0, 3).join(', ');
  return `WeChat calls from ${known.length} addresses (GET /v1/wechat-ips/callback): ${some}${known.length > 3 ? ' …' : ''}`;
}

/** By reason and address, the most frequent first. */
function countRefusals(refused: readonly RefusedPush[]): string[] {
  const counts = new Map<string, number>();
  for (const { reason, address } of refused) {
    const key = `${reason} from ${address ?? 'an unknown address'}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const sorted = [...counts].sort(([, a], [, b]) => b - a).slice(0, 5);
  return sorted.map(([what, count]) => `refused ${count} times: ${what}`);
}

/** The reason of a refusal, if WeChat gave one when it was asked to push. */
function causeOfNoTicket(probe: TicketProbe): FindingName {
  return (probe?.outcome === 'refused' ? REFUSALS.get(probe.errcode) : undefined) ?? 'ticket_stale';
}

/** Refusals after the latest good push that are not those of a stranger alone. */
const REFUSALS_OF_WECHAT = 3;

const CAUSES: ReadonlyMap<string, FindingName> = new Map([
  ['signature', 'wrong_token'],
  ['malformed', 'unreadable_pushes'],
  ['payload_too_large', 'unreadable_pushes'],
  ['outer_appid', 'wrong_platform'],
  ['inner_appid', 'wrong_platform'],
  ['receive_id_mismatch', 'wrong_platform'],
]);

/** The most frequent reason decides. */
function causeOfRefusals(refused: readonly RefusedPush[]): FindingName {
  const counts = new Map<FindingName, number>();
  for (const { reason } of refused) {
    const cause = CAUSES.get(reason) ?? 'wrong_aes_key';
    counts.set(cause, (counts.get(cause) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]![0];
}

/** WeChat's codes for what is wrong with a platform (page "Return codes"). */
const REFUSALS: ReadonlyMap<number, FindingName> = new Map([
  [40001, 'wrong_secret'],
  [40125, 'wrong_secret'],
  [61005, 'ticket_refused'],
  [61006, 'ticket_refused'],
  [61011, 'not_a_platform'],
  [40013, 'not_a_platform'],
  [45009, 'quota_used_up'],
]);

function causeOfRefusal(errcode: number): FindingName {
  return REFUSALS.get(errcode) ?? 'wechat_refused';
}

/** Without the path, which is what a stranger wrote. */
function describeRefusal({ refusedAt, address, reason, path }: RefusedPush): string {
  const url = path.includes('/messages/') ? 'messages URL' : 'events URL';
  return `refused at ${refusedAt.toISOString()} from ${address ?? 'an unknown address'}: ${reason} (${url})`;
}

function sayTicketProbe(probe: TicketProbe): string[] {
  if (probe === null) return [];
  if (probe.outcome === 'failed') return [`api_start_push_ticket: ${probe.message}`];
  if (probe.outcome === 'refused') return [`api_start_push_ticket: errcode ${probe.errcode}: ${probe.errmsg}`];
  return [`api_start_push_ticket: ${probe.value.wasStopped ? 'ok (pushing had stopped)' : 'in a normal state'}`];
}

/** Whether tickets should have come since the latest one, also while WeChat refuses something else. */
export function isStale({ state, ticketReceivedAt, ticketExpiresAt }: PlatformRow): boolean {
  if (state === 'ticket_stale' || ticketReceivedAt === null) return true;
  return ticketExpiresAt !== null && ticketExpiresAt.getTime() < Date.now();
}

function offset(seconds: number | null): string {
  if (seconds === null) return 'not known';
  return seconds === 0 ? 'no difference' : `${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} the hub`;
}
