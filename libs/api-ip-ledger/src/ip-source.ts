import type { ApiIpKind } from '#libs/contract';
import type { ComponentTokens, PlatformRef } from '#libs/custody';
import { AppError, isDatabaseUnavailable, type Log } from '#libs/kernel';
import type { ApiIpApi, CallPriority } from '#libs/wechat';
import { normaliseIpList, type IpList } from './ip-list.ts';

export interface IpSourceParts {
  log: Log;
  platforms: () => Promise<readonly PlatformRef[]>;
  tokens: Pick<ComponentTokens, 'call'>;
  api: Pick<ApiIpApi, 'getApiDomainIp' | 'getCallbackIp'>;
}

export interface Answer {
  platformId: number;
  list: IpList;
  body: string;
}

export interface AskOptions {
  priority: CallPriority;
  /** Whose token is tried first. */
  first: number | null;
  /** Different for each fetch: the others take turns. */
  turn: number;
  /** Asked before each platform; false ends the asking. */
  goOn: () => Promise<boolean>;
  signal?: AbortSignal | undefined;
}

/** Platforms asked for one fetch at most: five that cannot get a list mean that it is not the platforms' fault. */
const ASKED_AT_MOST = 5;

/** Gets a list with the component token of any platform, or of one: WeChat's addresses are the same for all of them. */
export class IpSource {
  constructor(private readonly parts: IpSourceParts) {}

  /**
   * @returns null when `goOn` said no
   * @throws what the last platform that was asked met; AppError ticket_unavailable when none could be asked
   */
  async ask(kind: ApiIpKind, options: AskOptions): Promise<Answer | null> {
    let asked = 0;
    let failure: unknown = new AppError('ticket_unavailable', 'no platform is ready to ask for addresses', {
      retryAfterSeconds: 60,
    });
    for (const platform of inTurn(await this.parts.platforms(), options.first, options.turn)) {
      if (asked === ASKED_AT_MOST) break;
      if (!(await options.goOn())) return null;
      try {
        return await this.askOne(kind, platform, options);
      } catch (error) {
        if (isDatabaseUnavailable(error) || options.signal?.aborted) throw error;
        if (error instanceof AppError && error.code === 'ticket_unavailable') continue; // nobody was asked
        this.parts.log.warn('wechat_ips.platform_failed', { kind, componentAppid: platform.componentAppid, error });
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
    options: Pick<AskOptions, 'priority' | 'signal'>,
  ): Promise<Answer> {
    const { api, tokens } = this.parts;
    const { componentAppid, platformId } = platform;
    const call = {
      componentAppid,
      priority: options.priority,
      ...(options.signal ? { signal: options.signal } : {}),
    };
    const { raw, reply } = await tokens.call(platform, (token) =>
      kind === 'api-domain' ? api.getApiDomainIp(call, token) : api.getCallbackIp(call, token),
    );
    const list = normaliseIpList(reply.ip_list);
    if (list.invalid.length > 0) {
      this.parts.log.warn('wechat_ips.invalid_entries', {
        kind,
        entries: list.invalid.slice(0, 20),
        count: list.invalid.length,
      });
    }
    // An empty list would close every firewall made of it: it is an alarm, never a new truth.
    if (list.entries.length === 0) {
      this.parts.log.error('wechat_ips.empty_list', { kind, componentAppid, entries: reply.ip_list.length });
      throw new AppError('upstream_failed', `WeChat sent a ${kind} list without any address`, {
        retryAfterSeconds: 300,
      });
    }
    return { platformId, list, body: raw };
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
