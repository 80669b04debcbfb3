import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Logger, runOnce } from 'graphile-worker';
import type { PlatformRef } from '#libs/custody';
import { Database, KeyRing, Metrics, Secret } from '#libs/kernel';
import { type TestDatabase, cloneDatabase, testLog } from '#libs/testing';
import { WechatTransport } from '#libs/wechat';
import { type PushMessage, decodeAesKey, decryptPush, parsePushEnvelope, parsePushMessage } from '#libs/wechat-wire';
import type { PlatformOptions } from '../../../apps/simulator/src/platform.ts';
import { WechatSimulator } from '../../../apps/simulator/src/simulator.ts';
import { type AuthorizersOptions, firstSnapshots } from '../src/index.ts';
import { type Assembled, assemble } from './assemble.ts';

const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const PATH = '/cgi-bin/component/';
export const PATHS = {
  queryAuth: `${PATH}api_query_auth`,
  info: `${PATH}api_get_authorizer_info`,
  list: `${PATH}api_get_authorizer_list`,
  refresh: `${PATH}api_authorizer_token`,
} as const;

/** An event as WeChat pushed it; a spec hands it over when, and as often as, it likes. */
export interface CapturedEvent {
  message: PushMessage;
  wechatCreatedAt: Date;
}

/** What one hub process has of authorizations. */
export interface Process {
  db: Database;
  custody: Assembled['custody'];
  authorizers: Assembled['authorizers'];
  metrics: Metrics;
  lines: string[];
  /** Accounts whose first look was asked for, by the job that this process ran. */
  firstLooks: string[];
  /** Runs every job that is due until none is. */
  runJobs(): Promise<void>;
}

export interface ProcessOptions {
  timeoutMs?: number;
  options?: Partial<AuthorizersOptions>;
  url?: string;
  /** The spec will kill it: nobody closes its connections but the spec. */
  doomed?: boolean;
}

export interface AuthorizerRecord {
  state: string;
  merchant_id: string | null;
  kind: string | null;
  nick_name: string | null;
  principal_name: string | null;
  user_name: string | null;
  permission_sets: number[];
  authorized_at: Date | null;
  unauthorized_at: Date | null;
  state_event_at: Date | null;
  unreadable_fields: string[];
  last_failure: Record<string, unknown> | null;
}

/** A database, a simulated WeChat whose events are caught, and as many hub processes as a spec wants. */
export class Scene {
  readonly events: CapturedEvent[] = [];
  readonly componentAppid = `wxc${randomBytes(7).toString('hex')}0`;
  platform!: PlatformRef;
  private readonly masterKeys = KeyRing.generate('k1');
  private readonly closers: (() => Promise<void>)[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly simulator: WechatSimulator,
    private readonly receiver: http.Server,
  ) {}

  static async open(options: Partial<PlatformOptions> = {}): Promise<Scene> {
    const [database, simulator] = await Promise.all([
      cloneDatabase(),
      WechatSimulator.start({ ticketIntervalSeconds: 0 }),
    ]);
    const receiver = http.createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8');
      request.on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        scene.catch(body);
        response.end('success');
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const scene = new Scene(database, simulator, receiver);
    scene.platform = await scene.addPlatform(scene.componentAppid, options);
    return scene;
  }

  get world() {
    return this.simulator.world;
  }

  get db(): Database {
    return this.database.db;
  }

  /** A platform that WeChat knows and the hub looks after, with a ticket. */
  async addPlatform(componentAppid: string, options: Partial<PlatformOptions> = {}): Promise<PlatformRef> {
    const secret = 'secret-of-the-platform';
    this.world.addPlatform({
      componentAppid,
      componentAppsecret: secret,
      token: 'push-token',
      encodingAesKey: AES_KEY,
      eventsUrl: `http://127.0.0.1:${(this.receiver.address() as AddressInfo).port}/events`,
      pushTickets: false,
      ...options,
    });
    const { custody } = await this.process();
    const row = await custody.accounts.create(this.db, {
      componentAppid,
      componentAppsecret: Secret.of(secret),
      token: Secret.of('push-token'),
      encodingAesKey: Secret.of(AES_KEY),
      name: 'platform',
    });
    const platform = { platformId: row.platformId, componentAppid };
    await this.giveTicket(platform);
    return platform;
  }

  /** A new ticket as WeChat would push it. */
  async giveTicket({ componentAppid, platformId }: PlatformRef = this.platform): Promise<void> {
    const platform = this.world.platform(componentAppid);
    platform.ticketSerial += 1;
    const now = this.world.clock.nowSeconds();
    const ticket = Secret.of(this.world.mint.ticket(componentAppid, now, platform.ticketSerial));
    const { custody } = await this.process();
    await custody.tickets.receive(this.db, platformId, ticket, new Date(now * 1000));
  }

  async process(options: ProcessOptions = {}): Promise<Process> {
    const url = options.url ?? this.database.url;
    const db = options.doomed ? await Database.open({ url }) : await this.database.another({ url });
    const metrics = new Metrics();
    const { log, lines } = testLog();
    const transport = new WechatTransport({
      baseUrl: this.simulator.url,
      timeoutMs: options.timeoutMs ?? 5000,
      maxConcurrency: 32,
    });
    const masterKeys = KeyRing.parse(this.masterKeys);
    const { authorizers, custody, stop } = await assemble({
      db,
      masterKeys,
      log,
      metrics,
      transport,
      options: options.options,
    });
    const firstLooks: string[] = [];
    const tasks = Object.fromEntries(
      authorizers.jobHandlers
        .all()
        .map(({ definition, run }) => [
          definition.name,
          (payload: unknown) => run(payload, { signal: undefined, attempt: 1, maxAttempts: 1 }),
        ]),
    );
    tasks[firstSnapshots.name] = (payload) => {
      expectPlatform(firstSnapshots.payload.parse(payload).platformId, this.platform);
      return authorizers.firstLooks.work(
        this.platform,
        async ({ authorizerAppid }) => void firstLooks.push(authorizerAppid),
      );
    };
    this.closers.push(async () => {
      await stop();
      await transport.close();
    });
    return {
      db,
      custody,
      authorizers,
      metrics,
      lines,
      firstLooks,
      runJobs: async () => {
        const options = { connectionString: this.database.url, taskList: tasks, noHandleSignals: true, logger: SILENT };
        // One that waits for its queue is not seen by the engine while the job before it is being completed.
        do await runOnce(options);
        while (await this.isJobDue());
      },
    };
  }

  /** A mini program that exists at WeChat. */
  addMiniProgram(appid: string): string {
    this.world.addMiniProgram({ appid });
    return appid;
  }

  /** The merchant confirms the page; the event is caught, not delivered. */
  async authorize(
    appid: string,
    options: { permissionSets?: number[]; viaPreAuthCode?: string } = {},
  ): Promise<{ code: string; event: CapturedEvent }> {
    const before = this.events.length;
    const result = this.world.authorize(this.componentAppid, appid, options);
    await result.pushed;
    return { code: result.authCode, event: this.events[before] as CapturedEvent };
  }

  async unauthorize(appid: string): Promise<CapturedEvent> {
    const before = this.events.length;
    await this.world.unauthorize(this.componentAppid, appid).pushed;
    return this.events[before] as CapturedEvent;
  }

  /** Time passes at WeChat and for our databases. */
  pass(seconds: number, ...processes: Process[]): void {
    this.world.clock.advance(seconds * 1000);
    this.passed += seconds;
    for (const db of [this.db, ...processes.map((process) => process.db)]) db.travel(`${this.passed} seconds`);
  }
  private passed = 0;

  async authorizer(appid: string): Promise<AuthorizerRecord | null> {
    const [row] = await this.db.query<AuthorizerRecord>(
      'SELECT * FROM authorizers.authorizer WHERE platform_id = $1 AND authorizer_appid = $2',
      [this.platform.platformId, appid],
    );
    return row ?? null;
  }

  /** History of an account: `kind effect`, oldest first. */
  async history(appid: string): Promise<string[]> {
    const rows = await this.db.query<{ kind: string; effect: string }>(
      `SELECT kind, effect FROM authorizers.authorizer_event
        WHERE platform_id = $1 AND authorizer_appid = $2 ORDER BY event_id`,
      [this.platform.platformId, appid],
    );
    return rows.map((row) => `${row.kind} ${row.effect}`);
  }

  /** Names and accounts of the waiting jobs. */
  async jobs(): Promise<string[]> {
    const rows = await this.db.query<{ key: string }>('SELECT key FROM graphile_worker.jobs ORDER BY key');
    return rows.map((row) => row.key);
  }

  private async isJobDue(): Promise<boolean> {
    const [due] = await this.db.query(
      'SELECT 1 FROM graphile_worker.jobs WHERE run_at <= now() AND attempts < max_attempts LIMIT 1',
    );
    return due !== undefined;
  }

  calls(path: string): number {
    return this.world.calls(path).length;
  }

  /** Whether WeChat accepts the refresh token that custody holds: proven by a refresh. */
  async isRefreshable({ custody }: Process, appid: string): Promise<boolean> {
    const { token } = await custody.authorizerTokens.lease(this.platform, appid);
    await custody.authorizerTokens.reportRejected(this.platform, appid, token);
    return true;
  }

  async close(): Promise<void> {
    await Promise.all(this.closers.map((close) => close().catch(() => undefined)));
    await this.simulator.stop();
    await new Promise((resolve) => {
      this.receiver.close(resolve);
      this.receiver.closeAllConnections();
    });
    await this.database.drop();
  }

  private catch(body: string): void {
    const { encrypt } = parsePushEnvelope(body);
    const message = parsePushMessage(decryptPush(decodeAesKey(AES_KEY), this.componentAppid, encrypt));
    this.events.push({ message, wechatCreatedAt: new Date((message.createTime ?? 0) * 1000) });
  }
}

function expectPlatform(platformId: number, platform: PlatformRef): void {
  if (platformId !== platform.platformId) throw new Error('a job of another platform');
}

const SILENT = new Logger(() => () => undefined);
