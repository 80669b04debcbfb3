import type { Abstract, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiKeys, AuditTrail, faultOfOperatorKey } from '#libs/access';
import {
  Database,
  Log,
  Metrics,
  SettingsError,
  WORKER_ROLE,
  buildInfo,
  within,
  type Clock,
  type KeyRing,
  type Secret,
  type Secrets,
  type Settings,
} from '#libs/kernel';
import type { In, PlatformCaller } from './http/endpoint.ts';
import { createHttpApp } from './http/http-app.ts';
import { HttpListener } from './http/http-listener.ts';
import { HubModule, type HubParts } from './hub.module.ts';
import { TokenHandOut } from './rest/token-hand-out.ts';
import { bringUpSchema } from './schema.ts';

export interface HubOptions extends Pick<HubParts, 'passwords'> {
  settings: Settings;
  /** With the URL of a running database and the master keys, wherever they came from. */
  secrets: Secrets;
  log?: Log;
  metrics?: Metrics;
  clock?: Clock;
  /** Connections to the database; default 20. */
  poolSize?: number;
}

/** Connections of the pool that only the storing of pushes may take. */
const RESERVED_CONNECTIONS = 2;
/** How long a stop may take in all (ms); its steps are bounded by themselves. */
const STOP_MS = 60_000;

/** One hub process: api, worker or both. Several may run on one database, also in one Node process. */
export class Hub {
  private stopping: Promise<void> | undefined;

  private constructor(
    /** Where it listens. */
    readonly url: string,
    /** The operator key that was made at this start; to be shown once. */
    readonly generatedAdminKey: Secret | null,
    private readonly app: NestFastifyApplication,
  ) {}

  /** @throws SettingsError, SealError, or what the database or the listener says; nothing is left running then */
  static async start(options: HubOptions): Promise<Hub> {
    const { settings, secrets } = options;
    const { url, masterKeys } = required(secrets);
    const log = options.log ?? new Log(settings.logLevel);
    const metrics = options.metrics ?? new Metrics({ processMetrics: true });
    const superuserLogin = await bringUpSchema({ url, owner: secrets.migrationDatabaseUrl, log });
    let handOut: TokenHandOut | null = null;
    const app = await createHttpApp({
      module: HubModule.with({
        settings,
        masterKeys,
        database: {
          url,
          poolSize: options.poolSize ?? 20,
          reserved: RESERVED_CONNECTIONS,
          role: WORKER_ROLE,
          applicationName: `wxfleet hub ${[...settings.roles].join(',')}`,
        },
        replica: secrets.readDatabaseUrl && {
          database: {
            url: secrets.readDatabaseUrl.reveal(),
            poolSize: options.poolSize ?? 20,
            role: WORKER_ROLE,
            applicationName: `wxfleet hub ${[...settings.roles].join(',')}`,
            log,
          },
          maxLagMs: settings.database.readMaxLagMs,
        },
        log,
        metrics,
        passwords: options.passwords,
        ...(options.clock ? { clock: options.clock } : {}),
      }),
      log,
      metrics,
      fromMemory: {
        issueAccessToken: ({ input, caller }) =>
          handOut?.fromMemory(caller as PlatformCaller, input as In<'issueAccessToken'>) ?? null,
      },
      trustedProxies: settings.http.trustedProxies,
    });
    try {
      if (settings.roles.has('api')) handOut = app.get(TokenHandOut);
      await app.init();
      const mayGenerate = settings.database.embedded && secrets.adminApiKey === undefined;
      const generatedAdminKey =
        secrets.adminApiKey || mayGenerate
          ? await app.get(ApiKeys).bootstrap(secrets.adminApiKey, app.get(AuditTrail))
          : null;
      const listening = await app.get(HttpListener).listen();
      if (superuserLogin !== null) {
        log.warn('database.superuser_login', {
          login: superuserLogin,
          reason:
            'row-level security does not hold for this login: docs/operations.md says how to run with another one',
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
      return new Hub(listening, generatedAdminKey, app);
    } catch (error) {
      await close(app);
      throw error;
    }
  }

  /** A service of this process, by its class. */
  get<T>(service: Type<T> | Abstract<T>): T {
    return this.app.get<T>(service);
  }

  get db(): Database {
    return this.get(Database);
  }

  /** Stops listening, finishes what is under way, writes what is counted, closes. Calling it again waits for the same. */
  stop(): Promise<void> {
    this.stopping ??= close(this.app);
    return this.stopping;
  }
}

/** @throws SettingsError when something is missing without which no hub starts */
function required({ databaseUrl, masterKeys, adminApiKey }: Secrets): { url: string; masterKeys: KeyRing } {
  if (!databaseUrl) throw new SettingsError('DATABASE_URL', 'is missing');
  if (!masterKeys) throw new SettingsError('MASTER_KEYS', 'is missing');
  const keyFault = adminApiKey && faultOfOperatorKey(adminApiKey.reveal());
  if (keyFault) throw new SettingsError('ADMIN_API_KEY', keyFault);
  return { url: databaseUrl.reveal(), masterKeys };
}

/** `login@host:port/name` of a database URL; never its password or its parameters. */
function shownDatabase(url: string): string {
  const { username, hostname, port, pathname } = new URL(url);
  return `${decodeURIComponent(username)}@${hostname}:${port || '5432'}${pathname}`;
}

/** The hooks of the modules do the work; Nest logs the error of one and goes on with the others. */
async function close(app: NestFastifyApplication): Promise<void> {
  if (await within(STOP_MS, app.close())) return;
  app.get(Log).error('hub.not_stopped', { waitedMs: STOP_MS });
  await app.get(Database).close();
}
