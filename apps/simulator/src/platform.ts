import { decodeAesKey } from '#libs/wechat-wire';

/** A third-party platform as its developer configured it at WeChat. */
export interface PlatformOptions {
  readonly componentAppid: string;
  readonly componentAppsecret: string;
  /** Message verification token. */
  readonly token: string;
  /** 43 characters. */
  readonly encodingAesKey: string;
  /** Receives tickets and authorization changes. */
  readonly eventsUrl: string;
  /** Receives user messages; `$APPID$` is replaced by the merchant's appid. Default: none. */
  readonly messagesUrl?: string;
  /** Calls from other addresses get 61004. Null or absent: every address may call. */
  readonly ipWhitelist?: readonly string[] | null;
  /** Permission sets the platform asks for; what a merchant grants unless told otherwise. */
  readonly permissionSets?: readonly number[];
  readonly name?: string;
  /**
   * 授权发起页域名: host (with port, where it has one) of the page that merchants come from and go back to. Default: the host of
   * `eventsUrl`.
   */
  readonly authorizationHost?: string;
  /** False: no ticket is pushed when the platform is added nor by the timer; only `pushTicket()` does. */
  readonly pushTickets?: boolean;
}

export const DEFAULT_PERMISSION_SETS: readonly number[] = [17, 18, 19, 25, 30, 31];

/** The platform's list of server or business domains (`modify_wxa_server_domain`, `modify_wxa_jump_domain`), kept apart for test and published version. */
export interface PlatformServerDomains {
  testing: string[];
  published: string[];
}

/** Everything WeChat knows about one platform. */
export class Platform {
  readonly componentAppid: string;
  componentAppsecret: string;
  token: string;
  encodingAesKey: string;
  aesKey: Buffer;
  eventsUrl: string;
  messagesUrl: string | null;
  ipWhitelist: readonly string[] | null;
  permissionSets: readonly number[];
  name: string;
  /** Null: follows `eventsUrl`. */
  #authorizationHost: string | null = null;
  pushTickets: boolean;

  /** Serial and time (Unix seconds) of the newest component token; 0 when none was issued. */
  tokenSerial = 0;
  tokenIssuedAt = 0;
  tokenRequests = 0;

  ticketSerial = 0;
  /** The newest ticket, whether or not it arrived. */
  lastTicket: string | null = null;
  /** Simulated milliseconds. */
  nextTicketAt = 0;
  /** False after too many failed pushes in a row; `api_start_push_ticket` turns it on again. */
  pushing = true;
  failedPushesInRow = 0;

  /** Null until the platform configures a list. */
  serverDomains: PlatformServerDomains | null = null;
  readonly domainEdits = new Map<string, number>();
  /** Business domains (`modify_wxa_jump_domain`); null until the platform configures a list. */
  jumpDomains: PlatformServerDomains | null = null;
  readonly jumpDomainEdits = new Map<string, number>();

  /** Pretends the authorizer list ends after this many accounts; null: all of them. */
  listLimit: number | null = null;

  constructor(options: PlatformOptions) {
    this.componentAppid = options.componentAppid;
    this.componentAppsecret = options.componentAppsecret;
    this.token = options.token;
    this.encodingAesKey = options.encodingAesKey;
    this.aesKey = decodeAesKey(options.encodingAesKey);
    this.eventsUrl = options.eventsUrl;
    this.messagesUrl = null;
    this.ipWhitelist = null;
    this.permissionSets = DEFAULT_PERMISSION_SETS;
    this.name = options.componentAppid;
    this.pushTickets = true;
    this.configure(options);
  }

  get authorizationHost(): string {
    return this.#authorizationHost ?? new URL(this.eventsUrl).host;
  }

  /** Takes over what is given; tokens and tickets stay. */
  configure(options: Partial<PlatformOptions>): void {
    for (const url of [options.eventsUrl, options.messagesUrl]) if (url !== undefined) assertUrl(url);
    this.rotateKeys(options);
    this.eventsUrl = options.eventsUrl ?? this.eventsUrl;
    this.messagesUrl = options.messagesUrl ?? this.messagesUrl;
    if (options.ipWhitelist !== undefined) this.ipWhitelist = options.ipWhitelist;
    this.permissionSets = options.permissionSets ?? this.permissionSets;
    this.name = options.name ?? this.name;
    this.#authorizationHost = options.authorizationHost ?? this.#authorizationHost;
    this.pushTickets = options.pushTickets ?? this.pushTickets;
  }

  /** The configuration as `addPlatform` takes it. */
  options(): PlatformOptions {
    return {
      componentAppid: this.componentAppid,
      componentAppsecret: this.componentAppsecret,
      token: this.token,
      encodingAesKey: this.encodingAesKey,
      eventsUrl: this.eventsUrl,
      ...(this.messagesUrl === null ? {} : { messagesUrl: this.messagesUrl }),
      ...(this.ipWhitelist === null ? {} : { ipWhitelist: this.ipWhitelist }),
      permissionSets: this.permissionSets,
      name: this.name,
      ...(this.#authorizationHost === null ? {} : { authorizationHost: this.#authorizationHost }),
      pushTickets: this.pushTickets,
    };
  }

  /** Replaces any of secret, token and key at once, as the developer console does. */
  rotateKeys(keys: { componentAppsecret?: string; token?: string; encodingAesKey?: string }): void {
    if (keys.componentAppsecret !== undefined) this.componentAppsecret = keys.componentAppsecret;
    if (keys.token !== undefined) this.token = keys.token;
    if (keys.encodingAesKey !== undefined) {
      this.aesKey = decodeAesKey(keys.encodingAesKey);
      this.encodingAesKey = keys.encodingAesKey;
    }
  }
}

function assertUrl(url: string): void {
  if (!URL.canParse(url) || !/^https?:/.test(url)) throw new Error(`${url} is not an http(s) URL`);
}
