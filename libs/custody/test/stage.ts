import { randomBytes } from 'node:crypto';
import { Test } from '@nestjs/testing';
import { type Clock, type Database, KeyRing, Metrics, Sealer, Secret, type Sql, SystemClock } from '#libs/kernel';
import { QuotaModule } from '#libs/quota';
import {
  EmptyModule,
  cloneDatabase,
  servicesOf,
  testKernel,
  testLog,
  type ServicesOf,
  type TestDatabase,
} from '#libs/testing';
import { ComponentApi, WechatTransport } from '#libs/wechat';
import { WechatSimulator } from '../../../apps/simulator/src/simulator.ts';
import { refreshTokenOf } from '../../../apps/simulator/src/tokens.ts';
import { JobQueue, type JobRequest } from '#libs/jobs';
import {
  AuthorizerTokens,
  ComponentAccounts,
  ComponentTickets,
  ComponentTokens,
  CustodyModule,
  CustodyOptions,
  TicketGuard,
  TokenInvalidationChannel,
  authorizationDoubted,
  authorizationLost,
  type PlatformRef,
} from '../src/index.ts';

export const PATH = {
  componentToken: '/cgi-bin/component/api_component_token',
  authorizerToken: '/cgi-bin/component/api_authorizer_token',
  info: '/cgi-bin/component/api_get_authorizer_info',
  list: '/cgi-bin/component/api_get_authorizer_list',
  startPush: '/cgi-bin/component/api_start_push_ticket',
} as const;

export interface ProcessOptions {
  timeoutMs?: number;
  concurrency?: number;
  clock?: Clock;
  leaseSeconds?: number;
  masterKeys?: string;
  /** Another way to the same database, for instance through a line that can be cut. */
  url?: string;
  listen?: boolean;
  askEverySeconds?: number;
}

export interface TokenRow {
  platform_id: number;
  authorizer_appid: string;
  state: string;
  sealed_refresh_token: Buffer | null;
  sealed_previous_refresh_token: Buffer | null;
  sealed_access_token: Buffer | null;
  access_token_expires_at: Date | null;
  refresh_after: Date | null;
  late_result_at: Date | null;
  generation: number;
  lease_generation: number;
  lease_until: Date | null;
  may_be_replaced: boolean;
  failures: number;
  last_failure: { code: string; wechat: { errcode: number } | null } | null;
}

/** Adds jobs as usual, and lists the accounts that they name. */
class ListedJobs extends JobQueue {
  constructor(private readonly lists: Record<string, string[]>) {
    super();
  }

  override async addMany<Payload>(sql: Sql, requests: readonly JobRequest<Payload>[]): Promise<void> {
    await super.addMany(sql, requests);
    for (const { job, payload } of requests) {
      this.lists[job.name]?.push((payload as { authorizerAppid: string }).authorizerAppid);
    }
  }
}

const SERVICES = {
  accounts: ComponentAccounts,
  authorizerTokens: AuthorizerTokens,
  channel: TokenInvalidationChannel,
  componentTokens: ComponentTokens,
  ticketGuard: TicketGuard,
  tickets: ComponentTickets,
};

/** What one hub process has of custody: its own pool, client, memory and listener. */
export interface Process extends ServicesOf<typeof SERVICES> {
  db: Database;
  metrics: Metrics;
  api: ComponentApi;
  lost: string[];
  notAuthorized: string[];
  /** Its log. */
  lines: string[];
  /** Writes pending results, and ends. */
  stop(): Promise<void>;
}

/** A database, a simulated WeChat with one platform, and as many hub processes as a spec wants. */
export class Stage {
  readonly lines: string[] = [];
  readonly componentAppid: string;
  platform!: PlatformRef;
  readonly appsecret = 'platform-secret-' + randomBytes(6).toString('hex');
  readonly masterKeys = KeyRing.generate('k1');
  private readonly closers: (() => Promise<void>)[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly simulator: WechatSimulator,
  ) {
    this.componentAppid = 'wxc' + randomBytes(7).toString('hex') + '0';
  }

  static async open(): Promise<Stage> {
    const [database, simulator] = await Promise.all([
      cloneDatabase(),
      WechatSimulator.start({ ticketIntervalSeconds: 0 }),
    ]);
    const stage = new Stage(database, simulator);
    stage.platform = await stage.addPlatform(stage.componentAppid);
    return stage;
  }

  get world() {
    return this.simulator.world;
  }

  get db(): Database {
    return this.database.db;
  }

  /** Registers a platform at WeChat and here, with a fresh ticket. */
  async addPlatform(componentAppid: string, options: { ticket?: boolean } = {}): Promise<PlatformRef> {
    this.world.addPlatform({
      componentAppid,
      componentAppsecret: this.appsecret,
      token: 'push-token',
      encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
      eventsUrl: 'http://127.0.0.1:9/events',
      pushTickets: false,
    });
    const custody = await this.process({ listen: false });
    const row = await custody.accounts.create(this.db, {
      componentAppid,
      componentAppsecret: Secret.of(this.appsecret),
      token: Secret.of('push-token'),
      encodingAesKey: Secret.of('abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'),
      name: componentAppid,
    });
    const platform = { platformId: row.platformId, componentAppid };
    if (options.ticket !== false) await this.giveTicket(custody, platform);
    return platform;
  }

  /** A new ticket as WeChat would push it now. */
  async giveTicket(custody: Pick<Process, 'tickets'>, platform = this.platform): Promise<Secret> {
    const ticket = this.newTicket(platform.componentAppid);
    await custody.tickets.receive(this.db, platform.platformId, ticket, new Date(this.world.clock.nowMs()));
    return ticket;
  }

  newTicket(componentAppid = this.componentAppid): Secret {
    const platform = this.world.platform(componentAppid);
    platform.ticketSerial += 1;
    return Secret.of(this.world.mint.ticket(componentAppid, this.world.clock.nowSeconds(), platform.ticketSerial));
  }

  /** Authorized mini programs, at WeChat and with their refresh tokens here; cold: no access token yet. */
  async authorize(count: number, platform = this.platform, prefix = 'a'): Promise<string[]> {
    const custody = await this.process({ listen: false });
    const appids = Array.from({ length: count }, (_, index) => `wx${prefix}${String(index).padStart(15, '0')}`);
    const grants = new Map(
      appids.map((appid) => {
        this.world.addMiniProgram({ appid });
        this.world.seedGrant(platform.componentAppid, appid);
        return [appid, { refreshToken: this.refreshToken(appid, platform) }] as const;
      }),
    );
    await this.db.transaction((sql) => custody.authorizerTokens.keepMany(sql, platform.platformId, grants));
    return appids;
  }

  /** The refresh token that WeChat holds for current. */
  refreshToken(appid: string, platform = this.platform): Secret {
    const grant = this.world.grantOf(platform.componentAppid, appid)!;
    return Secret.of(refreshTokenOf(this.world, this.world.platform(platform.componentAppid), appid, grant));
  }

  /** Whether WeChat accepts this access token for a call on behalf of the merchant. */
  async works(token: Secret): Promise<boolean> {
    const url = `${this.simulator.url}/wxa/get_effective_domain?access_token=${encodeURIComponent(token.reveal())}`;
    const reply = (await (await fetch(url, { method: 'POST', body: '{}' })).json()) as { errcode: number };
    return reply.errcode === 0;
  }

  /**
   * What WeChat knows of a merchant's access token: when it was given (simulated Unix seconds), how many it gave after it,
   * and how many of the replies to refreshes have been spoilt since.
   */
  historyOf(token: Secret): { issuedAt: number; replacements: number; spoilt: number } {
    const { componentAppid, authorizerAppid, serial, issuedAt } = this.world.mint.readAccess(token.reveal())!;
    const since = this.world
      .calls(PATH.authorizerToken, { authorizerAppid })
      .filter((call) => call.at >= issuedAt * 1000);
    return {
      issuedAt,
      replacements: this.world.grantOf(componentAppid, authorizerAppid)!.serial - serial,
      spoilt: since.filter((call) => call.fault !== null).length,
    };
  }

  async process(options: ProcessOptions = {}): Promise<Process> {
    const db = await this.database.another(options.url === undefined ? {} : { url: options.url });
    const clock = options.clock ?? new SystemClock();
    const metrics = new Metrics();
    const { log, lines } = testLog();
    const transport = new WechatTransport({
      baseUrl: this.simulator.url,
      timeoutMs: options.timeoutMs ?? 5000,
      maxConcurrency: options.concurrency ?? 64,
    });
    const lost: string[] = [];
    const notAuthorized: string[] = [];
    const masterKeys = KeyRing.parse(options.masterKeys ?? this.masterKeys);
    // Not initialised as an application: a spec starts what it needs.
    const module = await Test.createTestingModule({
      imports: [testKernel({ db }, { masterKeys, clock, log, metrics }), CustodyModule],
    })
      .overrideModule(QuotaModule)
      .useModule(EmptyModule)
      .overrideProvider(WechatTransport)
      .useValue(transport)
      .overrideProvider(JobQueue)
      .useValue(new ListedJobs({ [authorizationLost.name]: lost, [authorizationDoubted.name]: notAuthorized }))
      .overrideProvider(CustodyOptions)
      .useValue(
        new CustodyOptions({
          ...(options.leaseSeconds === undefined ? {} : { leaseSeconds: options.leaseSeconds }),
          ...(options.askEverySeconds === undefined ? {} : { askPushEverySeconds: options.askEverySeconds }),
        }),
      )
      .compile();
    const services = servicesOf(module, SERVICES);
    const { accounts, authorizerTokens, channel } = services;
    if (options.listen !== false) {
      await accounts.assertKeys();
      await channel.start();
    }
    const stop = async () => {
      await authorizerTokens.stop();
      await channel.stop();
    };
    this.closers.push(async () => {
      await stop();
      await transport.close();
      this.lines.push(...lines);
    });
    return { ...services, db, metrics, api: module.get(ComponentApi), lost, notAuthorized, lines, stop };
  }

  /** Lets time pass: at WeChat, and for every process that is given. */
  async pass(seconds: number, processes: readonly Process[] = []): Promise<void> {
    this.passed += seconds;
    await this.world.advance(seconds * 1000);
    for (const handle of [this.db, ...processes.map((process) => process.db)]) handle.travel(`${this.passed} seconds`);
  }
  private passed = 0;

  /** One row of `custody.authorizer_token`. */
  async row(appid: string): Promise<TokenRow> {
    const [row] = await this.db.query<TokenRow>(
      'SELECT * FROM custody.authorizer_token WHERE platform_id = $1 AND authorizer_appid = $2',
      [this.platform.platformId, appid],
    );
    return row!;
  }

  /** A sealed refresh token of the row, opened. */
  opened(row: TokenRow, column: 'sealed_refresh_token' | 'sealed_previous_refresh_token'): string | null {
    const sealed = row[column];
    const place = `custody.authorizer_token.refresh_token:${row.platform_id}:${row.authorizer_appid}`;
    return sealed && new Sealer(KeyRing.parse(this.masterKeys)).open(sealed, place).reveal();
  }

  async close(): Promise<void> {
    await Promise.all(this.closers.map((close) => close().catch(() => undefined)));
    await this.simulator.stop();
    await this.database.drop();
  }
}
