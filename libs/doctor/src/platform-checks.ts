import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { API_IP_KINDS, ApiIps } from '#libs/api-ip-ledger';
import { CHECK_IDS, type CheckId, type CheckStatus, type PlatformChecksView } from '#libs/contract';
import { ComponentAccounts, ComponentTokens, type PlatformRef, type PlatformRow } from '#libs/custody';
import { PlatformLists } from '#libs/domain-ledger';
import { HttpSender } from '#libs/events';
import { PushAnswers, RefusedPushes, testPush } from '#libs/inbox';
import { AppError, ClockCheck, Database, SealError, Settings, SingleFlight, type Sql } from '#libs/kernel';
import { ComponentApi, WechatApiError } from '#libs/wechat';
import { ERRCODE } from '#libs/wechat-wire';
import { KEEP_CHECKS, KEPT_CHECKS, READ_FACTS, type Facts } from './checks.sql.ts';
import { probeConfirmFiles } from './confirm-files.ts';
import { NEXT_STEPS, TITLES, type FindingName } from './findings.ts';
import { isStale, judge, type AddressList, type CallProbe, type Seen } from './judge.ts';
import { probeCertificate, probeHost, probeName, sendPush } from './reachability.ts';

interface Kept {
  id: string;
  status: CheckStatus;
  finding: string | null;
  evidence: string[];
  since: Date;
  checkedAt: Date;
}

/** Finds out whether a platform is connected as it should be: what was seen, and what to do next. */
@Injectable()
export class PlatformChecks {
  private readonly runs = new SingleFlight<void>();

  constructor(
    private readonly db: Database,
    private readonly settings: Settings,
    private readonly clockCheck: ClockCheck,
    private readonly accounts: ComponentAccounts,
    private readonly tokens: ComponentTokens,
    private readonly refused: RefusedPushes,
    private readonly answers: PushAnswers,
    private readonly platformLists: PlatformLists,
    private readonly apiIps: ApiIps,
    private readonly api: ComponentApi,
    private readonly sender: HttpSender,
  ) {}

  /** The results of the latest run; `unknown` for what was never run. */
  async latest(sql: Sql, platformId: number): Promise<PlatformChecksView> {
    const rows = await sql.query<Kept>(KEPT_CHECKS, [platformId]);
    const byId = new Map(rows.map((row) => [row.id, row]));
    const items = CHECK_IDS.map((id) => viewOf(id, byId.get(id)));
    return {
      checked_at: rows[0]?.checkedAt.toISOString() ?? null,
      first_fail: items.find(({ status }) => status === 'fail')?.id ?? null,
      items,
    };
  }

  /**
   * Runs every check and keeps the results. Callers that come during a run share it.
   * @param publicUrl `PUBLIC_URL` without a trailing slash
   * @throws AppError not_found
   */
  run(platform: PlatformRef, publicUrl: string): Promise<void> {
    return this.runs.run(String(platform.platformId), async () => {
      const judged = judge(await this.look(platform, publicUrl));
      const rows = CHECK_IDS.map((id) => ({ id, ...judged.get(id)! }));
      await this.db.run(KEEP_CHECKS, [
        platform.platformId,
        rows.map(({ id }) => id),
        rows.map(({ status }) => status),
        rows.map(({ finding }) => finding),
        rows.map(({ evidence }) => JSON.stringify(evidence)),
      ]);
    });
  }

  private async look(platform: PlatformRef, publicUrl: string): Promise<Seen> {
    const { db } = this;
    const { platformId, componentAppid } = platform;
    const row = await this.accounts.get(db, componentAppid);
    if (!row) throw new AppError('not_found', 'there is no such platform');
    await Promise.all([this.refused.flush(), this.answers.flush()]);
    const apiUrl = new URL(this.settings.wechat.apiUrl);
    const apiHostname = apiUrl.hostname.replace(/^\[|\]$/g, '');
    // Beside WeChat's own host, which has a name, there are simulators and gateways.
    const isSimulated = isIP(apiHostname) !== 0 || apiHostname === 'localhost';
    const sealProblem = await this.sealProblem(platformId);
    const [network, wechat, hosts] = await Promise.all([
      this.lookAtUrl(platform, publicUrl, sealProblem === null),
      this.lookAtWechat(platform, row, sealProblem === null),
      Promise.all(apiHosts(apiUrl).map(probeHost)),
    ]);
    const apiName = isIP(apiHostname) ? null : await probeName(apiHostname);
    const [facts, refused, answers, lists, clocks] = await Promise.all([
      db.query<Facts>(READ_FACTS, [platformId]),
      this.refused.list(db, platformId),
      this.answers.lastDay(db, platformId),
      this.addressLists(),
      this.clockCheck.compare(),
    ]);
    return {
      facts: facts[0] as Facts,
      platform: row,
      publicUrl,
      isSimulated,
      clocks,
      sealProblem,
      ...network,
      refused,
      answers,
      ...wechat,
      lists,
      hosts,
      apiHost: apiName?.outcome === 'found' ? { host: apiHostname, addresses: apiName.addresses } : null,
    };
  }

  private async sealProblem(platformId: number): Promise<string | null> {
    try {
      await this.accounts.appsecret(this.db, platformId);
      return null;
    } catch (error) {
      if (error instanceof SealError) return error.message;
      throw error;
    }
  }

  /** The way from the internet to this hub. */
  private async lookAtUrl(
    { componentAppid }: PlatformRef,
    publicUrl: string,
    hasSecrets: boolean,
  ): Promise<Pick<Seen, 'name' | 'certificate' | 'push'>> {
    const url = new URL(publicUrl);
    const name = await probeName(url.hostname);
    if (name.outcome === 'unknown') return { name, certificate: null, push: null };
    const certificate =
      url.protocol === 'https:' ? await probeCertificate(url.hostname, Number(url.port || 443)) : null;
    const keys = hasSecrets ? await this.accounts.pushKeys(componentAppid) : null;
    if (!keys || (certificate && certificate.outcome !== 'good')) return { name, certificate, push: null };
    const { query, body } = testPush(componentAppid, keys);
    const push = await sendPush(`${publicUrl}/wechat/${componentAppid}/events?${query.toString()}`, body);
    return { name, certificate, push };
  }

  /** What WeChat says about the platform. */
  private async lookAtWechat(
    platform: PlatformRef,
    row: PlatformRow,
    hasSecrets: boolean,
  ): Promise<Pick<Seen, 'startPush' | 'token' | 'domains' | 'callback' | 'furtherRefusals' | 'confirmFiles'>> {
    const none = { token: null, domains: null, callback: null, furtherRefusals: [], confirmFiles: null };
    if (!hasSecrets) return { startPush: null, ...none };
    const { platformId, componentAppid } = platform;
    const call = { componentAppid, priority: 'interactive' as const };
    const startPush = isStale(row)
      ? await probed(async () =>
          this.api.startPushTicket(call, { appsecret: await this.accounts.appsecret(this.db, platformId) }),
        )
      : null;
    if (row.ticketReceivedAt === null) return { startPush, ...none };
    const token = await probed(async () => {
      const lease = await this.tokens.lease(platform);
      return { expiresAt: lease.expiresAt };
    });
    // With a token from memory only a call shows what WeChat says now.
    if (token.outcome !== 'good') return { startPush, ...none, token };
    const domains = await probed(async () => {
      await this.platformLists.fetch(platform);
      return { published: (await this.platformLists.current(this.db, platformId))?.published ?? null };
    });
    if (isAddressRefused(domains)) {
      const again = () => this.tokens.call(platform, (leased) => this.api.getServerDomainList(call, leased));
      return { startPush, ...none, token, domains, furtherRefusals: await refusalsOf(again) };
    }
    const [callback, confirmFiles] = await Promise.all([
      probed(() => this.tokens.call(platform, (leased) => this.api.checkCallback(call, leased))),
      probed(() => this.lookAtConfirmFiles(platform)),
    ]);
    return { startPush, token, domains, callback, furtherRefusals: [], confirmFiles };
  }

  /** Whether each business domain of the platform has the file that WeChat looks for. Published or not: both must be confirmed. */
  private async lookAtConfirmFiles(platform: PlatformRef) {
    const call = { componentAppid: platform.componentAppid, priority: 'interactive' as const };
    const { published, testing } = await this.tokens.call(platform, (token) => this.api.getJumpDomainList(call, token));
    const domains = [...new Set([...(published ?? []), ...(testing ?? [])])];
    if (domains.length === 0) return { file: null, probes: [] };
    const file = await this.tokens.call(platform, (token) => this.api.getDomainConfirmFile(call, token));
    return { file, probes: await probeConfirmFiles(this.sender, domains, file) };
  }

  private async addressLists(): Promise<AddressList[]> {
    const lists = await Promise.all(
      API_IP_KINDS.map(async (kind) => {
        try {
          const view = await this.apiIps.current(this.db, kind);
          return [{ kind, addresses: view.ip_list, isStale: view.stale, heldSince: view.held?.since ?? null }];
        } catch (error) {
          // Never fetched.
          if (error instanceof AppError && error.code === 'not_found') return [];
          throw error;
        }
      }),
    );
    return lists.flat();
  }
}

/** Connections beside the first that are refused, to learn further addresses. */
const FURTHER_CONNECTIONS = 4;

/** WeChat's hosts (page "Interface field description"), for an installation that calls one of them. */
const API_HOSTS = ['api', 'api2', 'sh.api', 'sz.api', 'hk.api'].map((name) => `${name}.weixin.qq.com`);

/** The one that is called first. */
function apiHosts(apiUrl: URL): URL[] {
  if (!API_HOSTS.includes(apiUrl.hostname)) return [apiUrl];
  const others = API_HOSTS.filter((host) => host !== apiUrl.hostname);
  return [apiUrl, ...others.map((host) => new URL(`https://${host}`))];
}

/** Calls at once, so that each has a connection of its own: behind a pool of addresses each may go out by another one. */
async function refusalsOf(call: () => Promise<unknown>): Promise<string[]> {
  const probes = await Promise.all(Array.from({ length: FURTHER_CONNECTIONS }, () => probed(call)));
  return probes.flatMap((probe) => (isAddressRefused(probe) ? [probe.errmsg] : []));
}

function isAddressRefused<T>(probe: CallProbe<T>): probe is Extract<CallProbe<T>, { outcome: 'refused' }> {
  return probe.outcome === 'refused' && probe.errcode === ERRCODE.addressNotListed;
}

/** A call to WeChat as a result: what it refuses with its code, everything else in words. */
async function probed<T>(call: () => Promise<T>): Promise<CallProbe<T>> {
  try {
    return { outcome: 'good', value: await call() };
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal) return { outcome: 'refused', ...refusal };
    if (error instanceof Error) return { outcome: 'failed', message: error.message };
    throw error;
  }
}

/** WeChat's refusal in a chain of causes, also one that was kept and is said again. */
function refusalOf(error: unknown): { errcode: number; errmsg: string } | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof WechatApiError) return { errcode: at.errcode, errmsg: at.errmsg };
    const kept =
      at instanceof AppError ? (at.details.wechat as { errcode: number; errmsg?: string } | undefined) : undefined;
    if (kept) return { errcode: kept.errcode, errmsg: kept.errmsg ?? '' };
  }
  return null;
}

function viewOf(id: CheckId, kept: Kept | undefined): PlatformChecksView['items'][number] {
  const finding = kept?.finding ?? null;
  const next = finding !== null && finding in NEXT_STEPS ? NEXT_STEPS[finding as FindingName] : null;
  return {
    id,
    status: kept?.status ?? 'unknown',
    since: kept?.since.toISOString() ?? null,
    finding,
    title: TITLES[id].en,
    title_zh: TITLES[id].zh,
    evidence: kept?.evidence ?? [],
    next_step: next?.en ?? null,
    next_step_zh: next?.zh ?? null,
    doc: `docs/doctor.md#${id.replaceAll('_', '-')}`,
  };
}
