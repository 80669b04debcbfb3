import { randomBytes } from 'node:crypto';
import { Test } from '@nestjs/testing';
import {
  AuthorizerTokens,
  ComponentAccounts,
  ComponentTickets,
  ComponentTokens,
  CustodyOptions,
  TokenInvalidationChannel,
  type PlatformRef,
} from '#libs/custody';
import { AuditTrail } from '#libs/access';
import { EventWriter } from '#libs/events';
import { Database, KeyRing, Metrics, Secret } from '#libs/kernel';
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
import { WechatTransport } from '#libs/wechat';
import { WechatSimulator } from '../../../apps/simulator/src/simulator.ts';
import { ApiIpLedgerModule, ApiIpOptions, ApiIps, IpCandidates, IpFetches, normaliseIpList } from '../src/index.ts';

export const PATH = { 'api-domain': '/cgi-bin/get_api_domain_ip', callback: '/cgi-bin/getcallbackip' } as const;
export const INTERVAL_SECONDS = 3600;

const PLATFORM = {
  componentAppsecret: 'platform-secret',
  token: 'push-token',
  encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
};

const CUSTODY = {
  accounts: ComponentAccounts,
  authorizerTokens: AuthorizerTokens,
  channel: TokenInvalidationChannel,
  componentTokens: ComponentTokens,
  tickets: ComponentTickets,
};

/** What one hub process has for this: its own pool, client and memory. */
export interface Process {
  db: Database;
  custody: ServicesOf<typeof CUSTODY>;
  ips: ApiIps;
  metrics: Metrics;
  lines: string[];
}

/** A database, a simulated WeChat, and as many processes as a spec wants. */
export class Scene {
  readonly masterKeys = KeyRing.generate('k1');
  private readonly closers: (() => Promise<void>)[] = [];
  private readonly processes: Process[] = [];
  private passed = 0;

  private constructor(
    readonly database: TestDatabase,
    readonly simulator: WechatSimulator,
  ) {}

  static async open(): Promise<Scene> {
    const [database, simulator] = await Promise.all([
      cloneDatabase(),
      WechatSimulator.start({ ticketIntervalSeconds: 0 }),
    ]);
    return new Scene(database, simulator);
  }

  get world() {
    return this.simulator.world;
  }

  get db(): Database {
    return this.database.db;
  }

  /** Calls of WeChat for a list; with an errcode only those that ended so. */
  calls(kind: keyof typeof PATH, errcode?: number): number {
    return this.world.log.total(PATH[kind], errcode);
  }

  /** A platform at WeChat and here; with a fresh ticket unless told otherwise. */
  async addPlatform(options: { ticket?: boolean } = {}): Promise<PlatformRef> {
    const componentAppid = 'wxc' + randomBytes(7).toString('hex');
    const { custody } = this.processes[0] ?? (await this.process());
    this.world.addPlatform({
      componentAppid,
      ...PLATFORM,
      eventsUrl: 'http://127.0.0.1:9/events',
      pushTickets: false,
    });
    const { platformId } = await custody.accounts.create(this.db, {
      componentAppid,
      componentAppsecret: Secret.of(PLATFORM.componentAppsecret),
      token: Secret.of(PLATFORM.token),
      encodingAesKey: Secret.of(PLATFORM.encodingAesKey),
      name: componentAppid,
    });
    const platform = { platformId, componentAppid };
    if (options.ticket !== false) await this.giveTicket(platform);
    return platform;
  }

  /** A new ticket as WeChat would push it now. */
  async giveTicket({ platformId, componentAppid }: PlatformRef): Promise<void> {
    const platform = this.world.platform(componentAppid);
    platform.ticketSerial += 1;
    const now = this.world.clock.nowSeconds();
    const ticket = Secret.of(this.world.mint.ticket(componentAppid, now, platform.ticketSerial));
    await this.processes[0]!.custody.tickets.receive(this.db, platformId, ticket, new Date(now * 1000));
  }

  async process(): Promise<Process> {
    const db = await Database.open({ url: this.database.url });
    const metrics = new Metrics();
    const { log, lines } = testLog();
    const transport = new WechatTransport({ baseUrl: this.simulator.url, timeoutMs: 5000, maxConcurrency: 8 });
    // Not initialised as an application: nothing ticks.
    const module = await Test.createTestingModule({
      imports: [testKernel({ db }, { masterKeys: KeyRing.parse(this.masterKeys), log, metrics }), ApiIpLedgerModule],
    })
      .overrideModule(QuotaModule)
      .useModule(EmptyModule)
      .overrideProvider(WechatTransport)
      .useValue(transport)
      .overrideProvider(CustodyOptions)
      .useValue(new CustodyOptions())
      .overrideProvider(ApiIpOptions)
      .useValue(Object.assign(new ApiIpOptions(), { intervalMs: INTERVAL_SECONDS * 1000 }))
      .compile();
    const custody = servicesOf(module, CUSTODY);
    await custody.channel.start();
    const ips = module.get(ApiIps);
    this.closers.push(async () => {
      await custody.authorizerTokens.stop();
      await custody.channel.stop();
      await transport.close();
      await db.close();
    });
    const made = { db, custody, ips, metrics, lines };
    this.processes.push(made);
    if (this.passed > 0) db.travel(`${this.passed} seconds`);
    return made;
  }

  /** An answer that was asked for at a given time, and what it is written with. */
  async answerAskedAt({ db, custody }: Process, askedAt: string, list: string[]) {
    const fetches = new IpFetches(
      db,
      new IpCandidates(),
      custody.accounts,
      new AuditTrail(db, testLog().log),
      new EventWriter(),
    );
    const lease = await fetches.claim('callback');
    if (!lease) throw new Error('the list is being fetched');
    const [platform] = await custody.accounts.refs();
    const answer = {
      platformId: platform!.platformId,
      list: normaliseIpList(list),
      body: JSON.stringify({ ip_list: list }),
      askedAt,
    };
    return { fetches, lease, answer };
  }

  /** Resolves once a statement of the process with `fragment` in it has been answered: how far it has come. */
  reached({ db }: Process, fragment: string): Promise<void> {
    const query = db.query.bind(db);
    return new Promise((resolve) => {
      db.query = async <Row>(text: string, values?: readonly unknown[]) => {
        const rows = await query<Row>(text, values);
        if (text.includes(fragment)) resolve();
        return rows;
      };
    });
  }

  /** Lets time pass, at WeChat and in every process. */
  async pass(seconds: number): Promise<void> {
    this.passed += seconds;
    await this.world.advance(seconds * 1000);
    for (const handle of [this.db, ...this.processes.map(({ db }) => db)]) handle.travel(`${this.passed} seconds`);
  }

  async close(): Promise<void> {
    await Promise.all(this.closers.map((close) => close().catch(() => undefined)));
    await this.simulator.stop();
    await this.database.drop();
  }
}
