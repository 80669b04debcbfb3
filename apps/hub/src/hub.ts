import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Passwords, faultOfOperatorKey } from '#libs/access';
import { JobRunner, JobRunnerOptions } from '#libs/jobs';
import {
  Database,
  Drain,
  Log,
  Metrics,
  SettingsError,
  SystemClock,
  WORKER_ROLE,
  buildInfo,
  type Clock,
  type Secret,
  type Secrets,
  type Settings,
} from '#libs/kernel';
import { compose } from './composition.ts';
import { createHttpApp } from './http/http-app.ts';
import type { In, PlatformCaller } from './http/endpoint.ts';
import { TokenHandOut } from './rest/token-hand-out.ts';
import { HubModule } from './hub.module.ts';
import { bringUpSchema } from './schema.ts';
import type { HubServices } from './services.ts';

export interface HubOptions {
  settings: Settings;
  /** With the URL of a running database and the master keys, wherever they came from. */
  secrets: Secrets;
  log?: Log;
  metrics?: Metrics;
  clock?: Clock;
  /** Specs have cheaper ones; there is no setting for it. */
  passwords?: Passwords;
  /** Connections to the database; default 20. */
  poolSize?: number;
}

/** Connections of the pool that only the storing of pushes may take. */
const RESERVED_CONNECTIONS = 2;

/** One hub process: api, worker or both. Several may run on one database, also in one Node process. */
export class Hub {
  private constructor(
    /** Where it listens. */
    readonly url: string,
    readonly services: HubServices,
    /** The operator key that was made at this start; to be shown once. */
    readonly generatedAdminKey: Secret | null,
    private readonly drain: Drain,
  ) {}

  /** @throws SettingsError, SealError, or what the database or the listener says; nothing is left running then */
  static async start(options: HubOptions): Promise<Hub> {
    const { settings, secrets } = options;
    const log = options.log ?? new Log(settings.logLevel);
    const drain = new Drain(log);
    try {
      return await Hub.assemble(options, settings, secrets, log, drain);
    } catch (error) {
      await drain.stop();
      throw error;
    }
  }

  get db(): Database {
    return this.services.db;
  }

  /** Stops listening, finishes what is under way, writes what is counted, closes. Calling it again waits for the same. */
  stop(): Promise<void> {
    return this.drain.stop();
  }

  private static async assemble(
    options: HubOptions,
    settings: Settings,
    secrets: Secrets,
    log: Log,
    drain: Drain,
  ): Promise<Hub> {
    const { databaseUrl, masterKeys } = secrets;
    if (!databaseUrl) throw new SettingsError('DATABASE_URL', 'is missing');
    if (!masterKeys) throw new SettingsError('MASTER_KEYS', 'is missing');
    const keyFault = secrets.adminApiKey && faultOfOperatorKey(secrets.adminApiKey.reveal());
    if (keyFault) throw new SettingsError('ADMIN_API_KEY', keyFault);
    const metrics = options.metrics ?? new Metrics({ processMetrics: true });
    const clock = options.clock ?? new SystemClock();

    const url = databaseUrl.reveal();
    const superuserLogin = await bringUpSchema({ url, owner: secrets.migrationDatabaseUrl, log });
    const db = await Database.open({
      url,
      poolSize: options.poolSize ?? 20,
      reserved: RESERVED_CONNECTIONS,
      role: WORKER_ROLE,
      applicationName: `wxfleet hub ${[...settings.roles].join(',')}`,
      log,
    });
    drain.onStop('database', () => db.close());

    const { services, custody, quota, transport, jobHandlers } = compose({
      settings,
      masterKeys,
      db,
      clock,
      log,
      metrics,
      passwords: options.passwords ?? new Passwords(),
    });
    // Before anything is sealed or opened.
    await services.masterKeys.assertComplete();
    drain.onStop('wechat', () => transport.close());
    await quota.start();
    drain.onStop('quota', () => quota.stop());
    await custody.start();
    drain.onStop('custody', () => custody.stop());
    await services.keys.start();
    drain.onStop('keys', () => services.keys.stop());
    await services.sessions.start();
    drain.onStop('sessions', () => services.sessions.stop());
    services.audit.start();
    drain.onStop('audit', () => services.audit.stop());
    drain.onStop('inbox', () => services.inbox.drained());
    drain.onStop('refused pushes', () => services.refusedPushes.flush());
    services.missedPushes.onApplicationBootstrap();
    drain.onStop('missed pushes', () => services.missedPushes.onApplicationShutdown());

    const mayGenerate = settings.database.embedded && secrets.adminApiKey === undefined;
    const generatedAdminKey =
      secrets.adminApiKey || mayGenerate ? await services.keys.bootstrap(secrets.adminApiKey, services.audit) : null;

    if (settings.roles.has('worker')) {
      const runner = new JobRunner(db, jobHandlers, log, metrics, new JobRunnerOptions());
      await runner.start();
      drain.onStop('jobs', () => runner.stop());
    }
    let handOut: TokenHandOut | null = null;
    const app = await createHttpApp({
      module: HubModule.with(services, { settings, masterKeys, clock }),
      log,
      metrics,
      audit: services.audit,
      fromMemory: {
        issueAccessToken: ({ input, caller }) =>
          handOut?.fromMemory(caller as PlatformCaller, input as In<'issueAccessToken'>) ?? null,
      },
      trustedProxies: settings.http.trustedProxies,
    });
    handOut = app.get(TokenHandOut, { strict: false });
    // First of all steps at a stop. It ends the schedules too: no new request and no new tick comes after it.
    drain.onStop('http', () => closeHttp(app));
    const listening = await listen(app, settings, services);

    if (superuserLogin !== null) {
      log.warn('database.superuser_login', {
        login: superuserLogin,
        reason: 'row-level security does not hold for this login: docs/operations.md says how to run with another one',
      });
    }
    log.info('hub.started', {
      ...buildInfo(),
      url: listening,
      roles: [...settings.roles],
      docs: `${listening}/docs`,
      database: settings.database.embedded ? `embedded, in ${settings.database.dataDir}` : shownDatabase(url),
      sealing_key: masterKeys.encryptId,
      key_ids: masterKeys.ids,
    });
    return new Hub(listening, services, generatedAdminKey, drain);
  }
}

/** `login@host:port/name` of a database URL; never its password or its parameters. */
function shownDatabase(url: string): string {
  const { username, hostname, port, pathname } = new URL(url);
  return `${decodeURIComponent(username)}@${hostname}:${port || '5432'}${pathname}`;
}

/** Port 0 lets the system choose (specs, several hubs on one machine); the public URL then follows the choice. */
async function listen(app: NestFastifyApplication, settings: Settings, services: HubServices): Promise<string> {
  const { host, port } = settings.http;
  // Through Fastify itself: Nest's own listen() logs a failure in its own words before it throws.
  await app.init();
  await app.getHttpAdapter().getInstance().listen({ host, port });
  const address = app.getHttpServer().address() as { port: number };
  const shown = host.includes(':') ? `[${host}]` : host;
  const url = `http://${shown}:${address.port}`;
  if (new URL(services.urls.base).port === '0') services.urls.rebase(url);
  return url;
}

/** In-flight answers get so long; then their connections are cut. */
const LAST_ANSWERS_MS = 10_000;

/**
 * Closes the listener and waits for responses in progress. Clients keep connections alive, so idle ones are closed; otherwise
 * one of them would delay the stop until its keep-alive timeout.
 */
async function closeHttp(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpServer();
  const sweep = setInterval(() => server.closeIdleConnections(), 25);
  const cut = setTimeout(() => server.closeAllConnections(), LAST_ANSWERS_MS);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
  }
}
