import { EventWriter } from '#libs/events';
import { Metrics, Secret, SystemClock, type AppError, type Database } from '#libs/kernel';
import { cloneDatabase, testLog, type TestDatabase } from '#libs/testing';
import { ComponentApi, MiniProgramApi, WechatTransport } from '#libs/wechat';
import { PATHS } from '#libs/wechat-wire';
import { COMPONENT, SECRET, startScene, type Scene } from '../../../apps/simulator/test/scene.ts';
import { CallQuota, QuotaReset, QuotaOptions } from '../src/index.ts';

export const EFFECTIVE = PATHS.getEffectiveDomain;
export const PREAUTH = PATHS.createPreauthCode;

/** `away`: nothing reaches the database. `reply_lost`: statements take effect, and then the connection breaks. */
export type Line = 'up' | 'away' | 'reply_lost';

/** What one hub process has: its own pool, client, memory and listener. Passes run only when the spec says so. */
export interface Process {
  db: Database;
  quota: CallQuota;
  reset: QuotaReset;
  metrics: Metrics;
  lines: string[];
  line: Line;
  /** Each gives 'ok', WeChat's error code, or the code of our refusal. */
  effective(appid: string): Promise<string | number>;
  preauth(priority?: 'interactive' | 'background'): Promise<string | number>;
  /** The refusal itself; a call that would be let through is not made. */
  refusal(call: { path: string; authorizerAppid?: string }): AppError | null;
}

export class Stage {
  platformId!: number;
  private readonly closers: (() => Promise<unknown>)[] = [];
  private readonly merchantTokens = new Map<string, string>();
  private componentToken = '';

  private constructor(
    readonly database: TestDatabase,
    readonly scene: Scene,
  ) {}

  static async open(): Promise<Stage> {
    const [database, scene] = await Promise.all([cloneDatabase(), startScene({ ticketIntervalSeconds: 0 })]);
    const stage = new Stage(database, scene);
    scene.world.clock.setRate(0);
    const [row] = await database.db.query<{ platform_id: number }>(
      `INSERT INTO custody.component_account (component_appid, name, sealed_appsecret, sealed_push_token, sealed_aes_key)
       VALUES ($1, 'test', '', '', '') RETURNING platform_id`,
      [COMPONENT],
    );
    stage.platformId = row!.platform_id;
    return stage;
  }

  async close(): Promise<void> {
    for (const close of this.closers.reverse()) await close();
    await this.scene.stop();
    await this.database.drop();
  }

  get world() {
    return this.scene.world;
  }

  get platform() {
    return { platformId: this.platformId, componentAppid: COMPONENT };
  }

  async addMerchants(...appids: string[]): Promise<void> {
    for (const appid of appids) {
      this.world.addMiniProgram({ appid });
      const { authCode } = this.world.authorize(COMPONENT, appid, { push: false });
      this.merchantTokens.set(appid, (await this.scene.exchange(authCode)).accessToken);
    }
    this.componentToken = await this.scene.componentToken(); // the newest one is the one that holds
  }

  async process(options: Partial<QuotaOptions> = {}): Promise<Process> {
    const db = await this.database.another();
    const { log, lines } = testLog();
    const metrics = new Metrics();
    const quota = new CallQuota(
      lined(db, () => process.line),
      new SystemClock(),
      log,
      metrics,
      { ...new QuotaOptions(), flushEveryMs: 3_600_000, merchantsEveryMs: 0, ...options },
      new EventWriter(),
    );
    const transport = new WechatTransport({
      baseUrl: this.scene.simulator.url,
      timeoutMs: 5000,
      maxConcurrency: 16,
    });
    transport.guardWith(quota);
    const component = new ComponentApi(transport);
    const miniProgram = new MiniProgramApi(transport);
    const base = { componentAppid: COMPONENT, priority: 'interactive' } as const;
    const process: Process = {
      db,
      quota,
      reset: new QuotaReset(db, log, component, quota),
      metrics,
      lines,
      line: 'up',
      effective: (authorizerAppid) =>
        outcomeOf(
          miniProgram.getEffectiveDomain({ ...base, authorizerAppid }, this.merchantTokens.get(authorizerAppid) ?? ''),
        ),
      preauth: (priority = 'interactive') =>
        outcomeOf(component.createPreauthCode({ componentAppid: COMPONENT, priority }, this.componentToken)),
      refusal: (call) => {
        const info = { ...base, ...call };
        try {
          quota.before(info);
          quota.after(info, { kind: 'transport_error', reason: 'aborted', mayHaveTakenEffect: false, durationMs: 0 });
          return null;
        } catch (error) {
          return error as AppError;
        }
      },
    };
    await quota.start();
    this.closers.push(async () => {
      process.line = 'up';
      await quota.stop();
      await transport.close();
    });
    return process;
  }

  get secret(): Secret {
    return Secret.of(SECRET);
  }

  count<T>(sql: string, values: unknown[] = []): Promise<T[]> {
    return this.database.db.query<T>(sql, values);
  }
}

async function outcomeOf(call: Promise<unknown>): Promise<string | number> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    const { errcode, code } = error as { errcode?: number; code?: string };
    if (errcode === undefined && code === undefined) throw error;
    return errcode ?? code!;
  }
}

/** A database behind a line that can be cut. */
function lined(db: Database, line: () => Line): Database {
  const broken = () => Object.assign(new Error('connection lost'), { code: 'ECONNRESET' });
  return new Proxy(db, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      const method = member.bind(target) as (...values: unknown[]) => unknown;
      if (name !== 'query' && name !== 'run' && name !== 'transaction') return method;
      return async (...values: unknown[]) => {
        if (line() === 'away') throw broken();
        const result = await method(...values);
        if (line() === 'reply_lost') throw broken();
        return result;
      };
    },
  });
}
