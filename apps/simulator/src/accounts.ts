import { type Domains, type DomainLists, type DomainQuirks, effectiveDomainReply, fullDomains } from './domains.ts';

export type AccountKind = 'mini_program' | 'official_account';

/** A merchant's account as `addMiniProgram` and `addOfficialAccount` take it; everything but the appid has a default. */
export interface AccountOptions {
  readonly appid: string;
  readonly nickName?: string;
  readonly principalName?: string;
  /** Original id, `gh_…`. */
  readonly userName?: string;
  readonly headImg?: string;
  /** `service_type_info.id`; 0 for mini programs, 2 for official accounts unless given. */
  readonly serviceType?: number;
  /** `verify_type_info.id`. */
  readonly verifyType?: number;
  /** `account_status`: 1 normal, 14 cancelled, 16 banned, 18 warned, 19 frozen. */
  readonly accountStatus?: number;
  /** False: exchanging a code gives neither access nor refresh token (WeChat page "query_auth": only with API permission). */
  readonly apiPermission?: boolean;
  readonly domains?: Domains;
  readonly webviewDomains?: WebviewDomains;
  readonly quirks?: DomainQuirks;
}

/** The four flat lists of `get_effective_webviewdomain`. */
export interface WebviewDomains {
  mp_webviewdomain: string[];
  third_webviewdomain: string[];
  direct_webviewdomain: string[];
  effective_webviewdomain: string[];
}

/** One merchant account that the simulator keeps explicitly. Fleet accounts become one when they are touched. */
export class Account {
  readonly appid: string;
  readonly kind: AccountKind;
  nickName: string;
  principalName: string;
  userName: string;
  headImg: string;
  serviceType: number;
  verifyType: number;
  accountStatus: number;
  apiPermission: boolean;
  webviewDomains: WebviewDomains;
  /** Sim-month `2026-11` -> edits made through the domain APIs. */
  readonly domainEdits = new Map<string, number>();
  #domains: Domains;
  #quirks: DomainQuirks;
  #reply: string | null = null;

  constructor(kind: AccountKind, options: AccountOptions) {
    this.appid = options.appid;
    this.kind = kind;
    this.nickName = options.nickName ?? `${kind === 'mini_program' ? '小程序' : '公众号'} ${options.appid.slice(-6)}`;
    this.principalName = options.principalName ?? '示例商贸有限公司';
    this.userName = options.userName ?? `gh_${options.appid.slice(-12).padStart(12, '0')}`;
    this.headImg = options.headImg ?? 'http://wx.qlogo.cn/mmopen/simulated/0';
    this.serviceType = options.serviceType ?? (kind === 'mini_program' ? 0 : 2);
    this.verifyType = options.verifyType ?? 0;
    this.accountStatus = options.accountStatus ?? 1;
    this.apiPermission = options.apiPermission ?? true;
    this.#domains = options.domains ?? fullDomains();
    this.#quirks = options.quirks ?? {};
    this.webviewDomains = options.webviewDomains ?? {
      mp_webviewdomain: [],
      third_webviewdomain: [],
      direct_webviewdomain: [],
      effective_webviewdomain: [],
    };
  }

  /** The account as `addMiniProgram` takes it. */
  options(): AccountOptions {
    return {
      appid: this.appid,
      nickName: this.nickName,
      principalName: this.principalName,
      userName: this.userName,
      headImg: this.headImg,
      serviceType: this.serviceType,
      verifyType: this.verifyType,
      accountStatus: this.accountStatus,
      apiPermission: this.apiPermission,
      domains: this.#domains,
      webviewDomains: this.webviewDomains,
      quirks: this.#quirks,
    };
  }

  get domains(): Domains {
    return this.#domains;
  }

  get quirks(): DomainQuirks {
    return this.#quirks;
  }

  setDomains(domains: Domains): void {
    this.#domains = domains;
    this.#reply = null;
  }

  setGroup(group: keyof Domains, lists: DomainLists): void {
    this.setDomains({ ...this.#domains, [group]: lists });
  }

  setQuirks(quirks: DomainQuirks): void {
    this.#quirks = quirks;
    this.#reply = null;
  }

  /** The body of `/wxa/get_effective_domain`, kept until the domains change. */
  effectiveDomainBody(): string {
    this.#reply ??= JSON.stringify(effectiveDomainReply(this.#domains, this.#quirks));
    return this.#reply;
  }
}
