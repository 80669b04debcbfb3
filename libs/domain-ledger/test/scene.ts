import { randomBytes } from 'node:crypto';
import { Test } from '@nestjs/testing';
import { slotOf } from '#libs/authorizers';
import {
  AuthorizerTokens,
  ComponentAccounts,
  ComponentTickets,
  CustodyModule,
  CustodyOptions,
  type PlatformRef,
} from '#libs/custody';
import { EventWriter } from '#libs/events';
import { type Database, KeyRing, Metrics, Secret, SystemClock, Ticks } from '#libs/kernel';
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
import { MiniProgramApi, WechatTransport, type CallGate } from '#libs/wechat';
import type { Domains } from '../../../apps/simulator/src/domains.ts';
import { WechatSimulator } from '../../../apps/simulator/src/simulator.ts';
import { refreshTokenOf } from '../../../apps/simulator/src/tokens.ts';
import {
  DomainHistory,
  DomainLedger,
  DomainSnapshots,
  DomainSweeps,
  LedgerOptions,
  type SnapshotSubject,
} from '../src/index.ts';
import { addMiniProgramRows } from './fleet.ts';

export const DOMAIN_PATH = '/wxa/get_effective_domain';
const DAY_MS = 86_400_000;

export interface MiniProgramInput {
  appid: string;
  sets?: number[];
  domains?: Domains;
  merchantId?: string;
  principal?: string;
}

const CUSTODY = { accounts: ComponentAccounts, authorizerTokens: AuthorizerTokens, tickets: ComponentTickets };

/** What one hub process has of the ledger: its own pool, client and memory. */
export interface Process {
  db: Database;
  custody: ServicesOf<typeof CUSTODY>;
  metrics: Metrics;
  ledger: DomainLedger;
  history: DomainHistory;
  snapshots: DomainSnapshots;
  sweeps: DomainSweeps;
  /** Appids whose grant was to be read again. */
  reread: string[];
  lines: string[];
}

/** A database, a simulated WeChat, and as many hub processes as a spec wants. */
export class Scene {
  readonly masterKeys = KeyRing.generate('k1');
  private readonly closers: (() => Promise<void>)[] = [];

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

  async addPlatform(): Promise<PlatformRef> {
    const componentAppid = `wxc${randomBytes(7).toString('hex')}0`;
    const secret = 'secret-of-the-platform';
    this.world.addPlatform({
      componentAppid,
      componentAppsecret: secret,
      token: 'push-token',
      encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
      eventsUrl: 'http://127.0.0.1:9/events',
      pushTickets: false,
    });
    const { custody } = await this.process();
    const row = await custody.accounts.create(this.db, {
      componentAppid,
      componentAppsecret: Secret.of(secret),
      token: Secret.of('push-token'),
      encodingAesKey: Secret.of('abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG'),
      name: componentAppid,
    });
    const platform = this.world.platform(componentAppid);
    platform.ticketSerial += 1;
    const ticket = this.world.mint.ticket(componentAppid, this.world.clock.nowSeconds(), platform.ticketSerial);
    await custody.tickets.receive(this.db, row.platformId, Secret.of(ticket), new Date(this.world.clock.nowMs()));
    return { platformId: row.platformId, componentAppid };
  }

  /** Authorized mini programs, at WeChat, in custody and on record. */
  async addMiniPrograms(platform: PlatformRef, inputs: readonly MiniProgramInput[]): Promise<SnapshotSubject[]> {
    const { custody } = await this.process();
    const grants = new Map<string, { refreshToken: Secret }>();
    for (const { appid, sets = [18], domains } of inputs) {
      this.world.addMiniProgram({ appid, ...(domains ? { domains } : {}) });
      const grant = this.world.seedGrant(platform.componentAppid, appid, sets);
      const token = refreshTokenOf(this.world, this.world.platform(platform.componentAppid), appid, grant);
      grants.set(appid, { refreshToken: Secret.of(token) });
    }
    const ids = await addMiniProgramRows(
      this.db,
      platform.platformId,
      inputs.map((input) => ({ ...input, slot: slotOf(input.appid) })),
    );
    await this.db.transaction((sql) => custody.authorizerTokens.keepMany(sql, platform.platformId, grants));
    return inputs.map(({ appid, sets = [18] }, index) => ({
      authorizerId: ids[index] as number,
      authorizerAppid: appid,
      state: 'authorized',
      permissionSets: sets,
    }));
  }

  async process(
    options: { concurrency?: number; timeoutMs?: number; gate?: CallGate; pageSize?: number; intervalMs?: number } = {},
  ): Promise<Process> {
    const db = await this.database.another();
    const clock = new SystemClock();
    const metrics = new Metrics();
    const { log, lines } = testLog();
    const transport = new WechatTransport({
      baseUrl: this.simulator.url,
      timeoutMs: options.timeoutMs ?? 5000,
      maxConcurrency: options.concurrency ?? 16,
    });
    if (options.gate) transport.guardWith(options.gate);
    const kernel = testKernel({ db }, { masterKeys: KeyRing.parse(this.masterKeys), clock, log, metrics });
    // Not initialised as an application: nothing listens or ticks.
    const module = await Test.createTestingModule({ imports: [kernel, CustodyModule] })
      .overrideModule(QuotaModule)
      .useModule(EmptyModule)
      .overrideProvider(WechatTransport)
      .useValue(transport)
      .overrideProvider(CustodyOptions)
      .useValue(new CustodyOptions())
      .compile();
    const custody = servicesOf(module, CUSTODY);
    const snapshotIntervalMs = options.intervalMs ?? DAY_MS;
    const ledger = new DomainLedger({ snapshotIntervalMs });
    const history = new DomainHistory();
    const reread: string[] = [];
    const authorizers = {
      rereadGrant: async (_: PlatformRef, appid: string) => {
        reread.push(appid);
        return null;
      },
    };
    const tokens = custody.authorizerTokens;
    const sweepOptions = new LedgerOptions({
      snapshotIntervalMs,
      concurrency: options.concurrency ?? 16,
      ...(options.pageSize ? { pageSize: options.pageSize } : {}),
    });
    const api = module.get(MiniProgramApi);
    this.closers.push(async () => {
      await custody.authorizerTokens.drained();
      await transport.close();
    });
    return {
      db,
      custody,
      metrics,
      ledger,
      history,
      reread,
      lines,
      snapshots: new DomainSnapshots(db, clock, log, ledger, history, tokens, api, authorizers),
      sweeps: new DomainSweeps(
        db,
        clock,
        log,
        metrics,
        module.get(Ticks),
        ledger,
        tokens,
        api,
        authorizers,
        custody.accounts,
        sweepOptions,
        new EventWriter(),
      ),
    };
  }

  /** Everything on a platform that waits becomes due. */
  async makeDue(platformId: number): Promise<void> {
    await this.db.run(
      `UPDATE domain_ledger.sweep_shard SET not_before = wxfleet.now() - interval '1 s' WHERE platform_id = $1`,
      [platformId],
    );
  }

  /** Calls for domains that WeChat saw, by appid. */
  asked(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { authorizerAppid } of this.world.calls(DOMAIN_PATH)) {
      counts.set(authorizerAppid, (counts.get(authorizerAppid) ?? 0) + 1);
    }
    return counts;
  }

  async close(): Promise<void> {
    for (const close of this.closers.reverse()) await close();
    await this.simulator.stop();
    await this.database.drop();
  }
}

export function appids(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `wx${prefix}${String(index).padStart(14, '0')}`);
}
