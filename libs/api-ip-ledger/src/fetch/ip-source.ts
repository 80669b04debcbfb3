import type { ApiIpKind } from '#libs/contract';
import { Injectable } from '@nestjs/common';
import { ComponentAccounts, ComponentTokens, type PlatformRef } from '#libs/custody';
import { AppError, Log, isDatabaseUnavailable } from '#libs/kernel';
import { ApiIpApi, type CallPriority } from '#libs/wechat';
import { normaliseIpList, type IpList } from '../lists/ip-list.ts';

export interface Answer {
  platformId: number;
  list: IpList;
  body: string;
  /** The database's clock before WeChat was asked, with microseconds. */
  askedAt: string;
}

/** WeChat's answer held no address. It is an alarm, never a new truth: it would close every firewall made of it. */
export class EmptyIpList extends AppError {
  constructor(
    kind: ApiIpKind,
    readonly answer: Answer,
  ) {
    super('upstream_failed', `WeChat sent a ${kind} list without any address`, { retryAfterSeconds: 300 });
  }
}

export interface AskOptions {
  priority: CallPriority;
  /** Whose token is tried first. */
  first: number | null;
  /** Different for each fetch: the others take turns. */
  turn: number;
  /** Called before each platform: the database's time, or null to end the asking. */
  begin: () => Promise<string | null>;
  signal?: AbortSignal | undefined;
}

/** Platforms asked for one fetch at most: five that cannot get a list mean that it is not the platforms' fault. */
const ASKED_AT_MOST = 5;

/** Gets a list with the component token of any platform, or of one: WeChat's addresses are the same for all of them. */
@Injectable()
export class IpSource {
  constructor(
    private readonly accounts: ComponentAccounts,
    private readonly tokens: ComponentTokens,
    private readonly api: ApiIpApi,
    private readonly log: Log,
  ) {}

  /** All platforms. */
  platforms(): Promise<readonly PlatformRef[]> {
    return this.accounts.refs();
  }

  /**
   * @returns null when `begin` said no
   * @throws what the last platform that was asked met; AppError ticket_unavailable when none could be asked
   */
  async ask(kind: ApiIpKind, options: AskOptions): Promise<Answer | null> {
    let asked = 0;
    let failure: unknown = new AppError('ticket_unavailable', 'no platform is ready to ask for addresses', {
      retryAfterSeconds: 60,
    });
    for (const platform of inTurn(await this.platforms(), options.first, options.turn)) {
      if (asked === ASKED_AT_MOST) break;
      const askedAt = await options.begin();
      if (askedAt === null) return null;
      try {
        return await this.askOne(kind, platform, askedAt, options);
      } catch (error) {
        if (isDatabaseUnavailable(error) || options.signal?.aborted) throw error;
        if (error instanceof AppError && error.code === 'ticket_unavailable') continue; // nobody was asked
        this.log.warn('wechat_ips.platform_failed', { kind, componentAppid: platform.componentAppid, error });
        asked += 1;
        failure = error;
      }
    }
    throw failure;
  }

  /** Asks with the token of this platform. @throws what it met; AppError ticket_unavailable when it has none */
  async askOne(
    kind: ApiIpKind,
    platform: PlatformRef,
    askedAt: string,
    options: Pick<AskOptions, 'priority' | 'signal'>,
  ): Promise<Answer> {
    const { api, tokens } = this;
    const { componentAppid, platformId } = platform;
    const call = {
      componentAppid,
      priority: options.priority,
      ...(options.signal ? { signal: options.signal } : {}),
    };
    const { raw, reply } = await tokens.call(platform, (token) =>
      kind === 'api-domain' ? api.getApiDomainIp(call, token) : api.getCallbackIp(call, token),
    );
    // An entry without a character says nothing of an address; one with something in it may be one that we cannot read.
    const given = reply.ip_list.filter((entry) => entry.trim() !== '');
    const blank = reply.ip_list.length - given.length;
    if (blank > 0) this.log.warn('wechat_ips.blank_entries', { kind, count: blank });
    const list = normaliseIpList(given);
    if (list.invalid.length > 0) {
      this.log.warn('wechat_ips.invalid_entries', {
        kind,
        entries: list.invalid.slice(0, 20),
        count: list.invalid.length,
      });
    }
    const answer = { platformId, list, body: raw, askedAt };
    if (list.entries.length === 0) {
      this.log.error('wechat_ips.empty_list', { kind, componentAppid, entries: reply.ip_list.length });
      throw new EmptyIpList(kind, answer);
    }
    return answer;
  }
}

/**
 * The one that worked last comes first, because lists that differ between platforms would go back and forth otherwise;
 * the others begin at another one each time, so that a few that always fail do not keep the rest from being asked.
 */
export function inTurn(platforms: readonly PlatformRef[], first: number | null, turn: number): PlatformRef[] {
  const others = platforms.filter((platform) => platform.platformId !== first);
  const start = others.length === 0 ? 0 : turn % others.length;
  return [
    ...platforms.filter((platform) => platform.platformId === first),
    ...others.slice(start),
    ...others.slice(0, start),
  ];
}
