import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, KeyRing, Sealer, loadSettings } from '#libs/kernel';
import { PostgresServer } from '#libs/postgres';
import { Hub } from '../../hub/src/hub.ts';
import { type RunningProgram, freePort, startProgram } from './processes.ts';
import { progress } from './report.ts';

export const ADMIN_KEY = 'operator-key-of-the-benchmarks';
export const SIMULATOR_SEED = 'bench';
/** So long that no scheduled round disturbs; see `skipScheduledRound`. */
export const SNAPSHOT_INTERVAL = 'P365D';
export const PUSH_TOKEN = 'benchmarktoken';
export const AES_KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
export const APPSECRET = '0123456789abcdef0123456789abcdef';

/** Longer than anything answers that is asked one by one. */
const CALL_TIMEOUT_MS = 30_000;

export interface StageOptions {
  /** Writes a CPU profile of every hub process into this folder. */
  cpuProf?: string | undefined;
  /** Leaves the temporary folder (logs, database) where it is. */
  keep?: boolean | undefined;
}

export interface Platform {
  platformId: number;
  componentAppid: string;
}

/** One HTTP call to a program of ours, JSON both ways. */
export type Call = <T = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
  key?: string,
) => Promise<{ status: number; body: T }>;

export interface HubProcess extends RunningProgram {
  call: Call;
}

export interface SimulatorProcess extends RunningProgram {
  /** Control surface; paths without `/_control`. @throws when it refuses */
  control: <T = Record<string, unknown>>(method: string, path: string, body?: unknown) => Promise<T>;
}

/**
 * What a benchmark runs on: a PostgreSQL with a folder of its own, a simulated WeChat and hub processes, all of them on
 * 127.0.0.1. Everything ends with `close`, also after Ctrl-C.
 */
export class Stage {
  private readonly closing: { name: string; close: () => Promise<unknown> }[] = [];
  private closed: Promise<void> | null = null;
  private server: PostgresServer | null = null;
  private readonly masterKeys = KeyRing.generate('bench');
  private programs = 0;

  private constructor(
    readonly folder: string,
    private readonly options: StageOptions,
  ) {}

  static async open(options: StageOptions = {}): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), 'wxfleet-bench-'));
    // Run by root, the database server is another user, which must be able to pass through.
    await chmod(folder, 0o755);
    const stage = new Stage(folder, options);
    if (!options.keep) stage.onClose('folder', () => rm(folder, { recursive: true, force: true }));
    return stage;
  }

  get sealer(): Sealer {
    return new Sealer(KeyRing.parse(this.masterKeys));
  }

  /** Runs before what was registered earlier. */
  onClose(name: string, close: () => Promise<unknown>): void {
    this.closing.push({ name, close });
  }

  close(): Promise<void> {
    this.closed ??= (async () => {
      for (const { name, close } of this.closing.reverse()) {
        await close().catch((error: unknown) => progress(`${name}: ${String(error)}`));
      }
    })();
    return this.closed;
  }

  /** Closes also what has only begun to start when the stage is taken down: it would outlive us. */
  private own<T>(name: string, starting: Promise<T>, close: (started: T) => Promise<unknown>): Promise<T> {
    this.onClose(name, () => starting.then(close, () => undefined));
    return starting;
  }

  /** The embedded PostgreSQL with the settings it has in production, durability included. */
  async postgres(): Promise<PostgresServer> {
    if (this.server) return this.server;
    const starting = PostgresServer.start({ dataDir: join(this.folder, 'data') });
    this.server = await this.own('postgres', starting, async (server) => {
      await (this.options.keep ? server.stop() : server.destroy());
    });
    return this.server;
  }

  /** A handle of ours on the database that the hubs use; for seeding and counting. */
  async database(statementTimeoutMs = 0): Promise<Database> {
    const opened = Database.open({ url: (await this.postgres()).url(), poolSize: 4, statementTimeoutMs });
    return this.own('database', opened, (db) => db.close());
  }

  async simulator(
    args: string[] = [],
    nodeArgs: string[] = [],
    env: Record<string, string> = {},
  ): Promise<SimulatorProcess> {
    const port = await freePort();
    const program = await this.program('simulator', {
      entry: 'simulator/src/main.js',
      nodeArgs,
      env,
      args: ['--port', String(port), '--seed', SIMULATOR_SEED, '--ticket-interval', '0', '--accounts', '0', ...args],
      port,
      readyPath: '/_control/world',
    });
    const call = callerOf(program.url, null);
    return {
      ...program,
      control: async <T>(method: string, path: string, body?: unknown) => {
        const answer = await call<T>(method, `/_control${path}`, body);
        if (answer.status !== 200) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
        return answer.body;
      },
    };
  }

  /** A hub process. Scheduled work is put off by default: what is measured is asked for. */
  async hub(wechatUrl: string, env: Record<string, string> = {}, nodeArgs: string[] = []): Promise<HubProcess> {
    const port = Number(env['PORT'] ?? (await freePort()));
    const { cpuProf } = this.options;
    const program = await this.program('hub', {
      entry: 'hub/src/main.js',
      nodeArgs: [...(cpuProf === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${cpuProf}`]), ...nodeArgs],
      env: { ...(await this.hubEnvironment(wechatUrl)), PORT: String(port), ...env },
      port,
      readyPath: '/health/ready',
    });
    return { ...program, call: callerOf(program.url, ADMIN_KEY) };
  }

  /**
   * A hub within this process, for what needs a hand on it: its database handle travels in time. It neither ticks nor
   * works on jobs; what it does is called.
   */
  async hubInProcess(wechatUrl: string, env: Record<string, string> = {}): Promise<{ hub: Hub; call: Call }> {
    const { settings, secrets } = loadSettings({
      ...(await this.hubEnvironment(wechatUrl)),
      PORT: '0',
      ROLES: 'api',
      ...env,
    });
    const hub = await this.own('hub', Hub.start({ settings, secrets }), (started) => started.stop());
    return { hub, call: callerOf(hub.url, ADMIN_KEY) };
  }

  private async hubEnvironment(wechatUrl: string): Promise<Record<string, string>> {
    return {
      DATABASE_URL: (await this.postgres()).url(),
      MASTER_KEYS: this.masterKeys,
      ADMIN_API_KEY: ADMIN_KEY,
      WECHAT_API_URL: wechatUrl,
      SNAPSHOT_INTERVAL,
      LOG_LEVEL: 'warn',
      // One key stands for all callers here: high enough never to refuse, and counted all the same, as in production.
      RATE_LIMIT_PER_KEY: '1000000',
    };
  }

  /** Any other program of the benchmarks; it answers `/ready` at the port it is given as PORT. */
  async bare(entry: string, env: Record<string, string> = {}): Promise<RunningProgram> {
    const port = await freePort();
    return this.program(entry, {
      entry: `bench/src/bare/${entry}.js`,
      env: { ...env, PORT: String(port) },
      port,
      readyPath: '/ready',
    });
  }

  /** Registers a platform at the hub and at the simulator, and lets the first ticket arrive. */
  async platform(
    hub: Pick<HubProcess, 'call'>,
    simulator: SimulatorProcess,
    componentAppid: string,
  ): Promise<Platform> {
    const created = await hub.call<{ events_url: string; messages_url: string }>('POST', '/v1/platforms', {
      component_appid: componentAppid,
      component_appsecret: APPSECRET,
      token: PUSH_TOKEN,
      encoding_aes_key: AES_KEY,
      name: 'Benchmark',
    });
    if (created.status !== 201) throw new Error(`no platform: ${JSON.stringify(created.body)}`);
    await simulator.control('POST', '/platforms', {
      componentAppid,
      componentAppsecret: APPSECRET,
      token: PUSH_TOKEN,
      encodingAesKey: AES_KEY,
      eventsUrl: created.body.events_url,
      messagesUrl: created.body.messages_url,
      pushTickets: false,
    });
    const pushed = await simulator.control<{ ok: boolean }>('POST', `/platforms/${componentAppid}/ticket`);
    if (!pushed.ok) throw new Error(`the ticket did not arrive: ${JSON.stringify(pushed)}`);
    return { platformId: await this.platformIdOf(componentAppid), componentAppid };
  }

  /** The number of a registered platform in the database. */
  async platformIdOf(componentAppid: string): Promise<number> {
    const db = await Database.open({ url: (await this.postgres()).url(), poolSize: 1 });
    const [row] = await db.query<{ platform_id: number }>(
      'SELECT platform_id FROM custody.component_account WHERE component_appid = $1',
      [componentAppid],
    );
    await db.close();
    if (!row) throw new Error('the platform is not in the database');
    return row.platform_id;
  }

  private async program(
    name: string,
    options: Omit<Parameters<typeof startProgram>[0], 'logFile'>,
  ): Promise<RunningProgram> {
    this.programs += 1;
    const logFile = join(this.folder, `${this.programs}-${name}.log`);
    return this.own(name, startProgram({ ...options, logFile }), (program) => program.stop());
  }
}

/** Calls that the simulated WeChat has answered so far, by path. */
export async function callsOf(simulator: SimulatorProcess): Promise<Map<string, number>> {
  const { calls } = await simulator.control<{ calls: Record<string, Record<string, number>> }>('GET', '/counters');
  return new Map(
    Object.entries(calls).map(([path, byErrcode]) => [path, Object.values(byErrcode).reduce((sum, n) => sum + n, 0)]),
  );
}

function callerOf(base: string, defaultKey: string | null): Call {
  return async <T>(method: string, path: string, body?: unknown, key: string | null | undefined = defaultKey) => {
    const response = await fetch(base + path, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    });
    const text = await response.text();
    return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as T };
  };
}
