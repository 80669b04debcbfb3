import { isIP } from 'node:net';
import { z } from 'zod';
import { DAY_MS } from '../durations.ts';
import { durationMs } from './duration.ts';
import { misspeltVariables, type Misspelt } from './misspelt.ts';
import { KeyRing } from '../sealing/sealer.ts';
import { Secret } from '../sealing/secret.ts';
import type { LogLevel } from '../log/log.ts';

/** A variable of the environment is wrong; the message is one line that names it and never shows a secret value. */
export class SettingsError extends Error {
  constructor(
    readonly variable: string,
    reason: string,
  ) {
    super(`${variable} ${reason}`);
    this.name = 'SettingsError';
  }
}

export type Role = 'api' | 'worker';

/** What the environment says, without secrets. An abstract class, so that it is a token for injection too. */
/** Milliseconds. */
export interface AuditRetentionSettings {
  changesMs?: number;
  loginsMs?: number;
  handOutsMs?: number;
  detailMs?: number;
}

export abstract class Settings {
  abstract readonly http: {
    readonly port: number;
    readonly host: string;
    /** Listener of /metrics and the health checks alone; null: they are on the main one only. 0: any free port. */
    readonly metricsPort: number | null;
    readonly publicUrl: string;
    /** Addresses and networks whose `X-Forwarded-For` is believed. */
    readonly trustedProxies: readonly string[];
    /** Requests a second of one key or user; 0: no limit. */
    readonly rateLimitPerKey: number;
    /** The same of all keys and users of one platform together. */
    readonly rateLimitPerPlatform: number;
    /** Hosts that merchants may be sent back to; undefined: every https host. */
    readonly returnUrlHosts: readonly string[] | undefined;
  };
  abstract readonly database: {
    readonly embedded: boolean;
    readonly dataDir: string;
    /** A replica that is further behind answers nothing, milliseconds. */
    readonly readMaxLagMs: number;
  };
  abstract readonly wechat: {
    readonly apiUrl: string;
    /** Stands in for the hosts of WeChat's authorization pages; undefined: WeChat's own. */
    readonly pagesUrl: string | undefined;
    readonly timeoutMs: number;
    readonly maxConcurrency: number;
  };
  abstract readonly roles: ReadonlySet<Role>;
  /** Milliseconds between scheduled snapshots of one mini program. */
  abstract readonly snapshotIntervalMs: number;
  /** Milliseconds between fetches of WeChat's address lists. */
  abstract readonly apiIpIntervalMs: number;
  /** For how long the audit trail is kept, by class; absent: as in `AuditRetentionOptions`. */
  abstract readonly audit: AuditRetentionSettings;
  abstract readonly events: {
    /** For how long events are kept, milliseconds. */
    readonly retentionMs: number;
    /** Private networks that webhooks and relays may go to, as CIDR. */
    readonly webhookNetworks: readonly string[];
  };
  /** How old history is thinned by schedule, milliseconds; null: never. */
  abstract readonly retention: { readonly keepAllMs: number; readonly thinToMs: number } | null;
  /** OpenTelemetry traces; null: off. The exporter reads where they go from the environment itself. */
  abstract readonly tracing: { serviceName: string } | null;
  abstract readonly logLevel: LogLevel;
}

/** Kept apart from the settings, so that a function that needs no secret cannot be given one by accident. */
export interface Secrets {
  /** Absent: the embedded PostgreSQL is to be used. It holds a password, hence here. */
  readonly databaseUrl: Secret | undefined;
  /** Of the login that owns the schema, for migrations only; absent: that of `databaseUrl` is it. */
  readonly migrationDatabaseUrl: Secret | undefined;
  /** Of a streaming replica that answers questions about the fleet; absent: none. */
  readonly readDatabaseUrl: Secret | undefined;
  /** Absent only with the embedded database: then the keys live in its data folder. */
  readonly masterKeys: KeyRing | undefined;
  readonly adminApiKey: Secret | undefined;
}

const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);

const httpUrl = z.string().refine((value) => {
  try {
    const url = new URL(value);
    return (url.protocol === 'http:' || url.protocol === 'https:') && url.search === '' && url.hash === '';
  } catch {
    return false;
  }
}, 'must be an http:// or https:// URL without query');

const postgresUrl = z
  .string()
  .refine((value) => /^postgres(ql)?:\/\/[^/]/.test(value) && URL.canParse(value), 'must be a postgres:// URL');

/** `192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32`. */
function isNetwork(text: string): boolean {
  const [address, bits, more] = text.split('/') as [string, string | undefined, string | undefined];
  const family = isIP(address);
  if (family === 0 || more !== undefined) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

const duration = z.string().transform((value, context) => {
  try {
    return durationMs(value);
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message });
    return z.NEVER;
  }
});

/** Unless told otherwise: a platform may ask as much as this many of its keys. More keys are no way to more. */
const KEYS_AT_FULL_RATE = 4;

const atLeast = (days: number) =>
  duration.refine((ms) => ms >= days * DAY_MS, `must be a duration of at least P${days}D`);

const AUDIT_CLASSES = { changes: 'changesMs', logins: 'loginsMs', handouts: 'handOutsMs', detail: 'detailMs' } as const;
const AUDIT_FORM = 'must be a duration of at least P7D, or changes=…,logins=…,handouts=…,detail=… with such durations';

/** `P400D` for everything, or by class: `changes=P1095D,logins=P400D,handouts=P400D,detail=P30D`. */
const auditRetention = z.string().transform((value, context): AuditRetentionSettings => {
  const kept: AuditRetentionSettings = {};
  const parts = value.includes('=')
    ? value.split(',')
    : ['changes', 'logins', 'handouts'].map((name) => `${name}=${value}`);
  for (const part of parts) {
    const [name = '', text = ''] = part.trim().split('=');
    try {
      const ms = durationMs(text);
      if (!Object.hasOwn(AUDIT_CLASSES, name) || ms < 7 * DAY_MS) throw new Error(AUDIT_FORM);
      kept[AUDIT_CLASSES[name as keyof typeof AUDIT_CLASSES]] = ms;
    } catch {
      context.addIssue({ code: 'custom', message: AUDIT_FORM });
      return z.NEVER;
    }
  }
  return kept;
});

const variables = {
  PORT: integer(0, 65_535).default(3000),
  HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]+$/, 'must be a host name or address')
    .default('127.0.0.1'),
  METRICS_PORT: integer(0, 65_535).optional(),
  DATABASE_URL: postgresUrl.optional(),
  MIGRATION_DATABASE_URL: postgresUrl.optional(),
  READ_DATABASE_URL: postgresUrl.optional(),
  READ_DATABASE_MAX_LAG: duration.refine((ms) => ms >= 1000, 'must be a duration of at least PT1S').default(30_000),
  DATA_DIR: z.string().min(1).default('./.data'),
  WECHAT_API_URL: httpUrl.default('https://api.weixin.qq.com'),
  WECHAT_PAGES_URL: httpUrl.optional(),
  WECHAT_TIMEOUT_MS: integer(1, 600_000).default(5000),
  WECHAT_MAX_CONCURRENCY: integer(1, 10_000).default(64),
  MASTER_KEYS: z.string().optional(),
  ADMIN_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{16,256}$/, 'must be 16 to 256 printable characters without spaces')
    .optional(),
  PUBLIC_URL: httpUrl.optional(),
  TRUSTED_PROXIES: z
    .string()
    .transform((value) => value.split(',').map((part) => part.trim()))
    .refine((parts) => parts.every(isNetwork), 'must be addresses or networks, separated by commas')
    .optional(),
  RATE_LIMIT_PER_KEY: integer(0, 1_000_000).default(5000),
  RATE_LIMIT_PER_PLATFORM: integer(0, 10_000_000).optional(),
  RETURN_URL_HOSTS: z
    .string()
    .transform((value) => value.split(',').map((part) => part.trim().toLowerCase()))
    .refine(
      (hosts) => hosts.every((host) => /^\.?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(host)),
      'must be host names, separated by commas; with a leading dot for all names below it',
    )
    .optional(),
  ROLES: z
    .string()
    .default('api,worker')
    .transform((value) => value.split(',').map((role) => role.trim()))
    .refine((roles) => roles.every((role) => role === 'api' || role === 'worker'), 'must be api, worker or api,worker'),
  SNAPSHOT_INTERVAL: duration.default(DAY_MS),
  API_IP_INTERVAL: duration.default(DAY_MS),
  RETENTION: atLeast(30).optional(),
  RETENTION_THIN_TO: atLeast(1).default(30 * DAY_MS),
  EVENT_RETENTION: atLeast(1).default(30 * DAY_MS),
  WEBHOOK_NETWORKS: z
    .string()
    .transform((value) => value.split(',').map((part) => part.trim()))
    .refine((parts) => parts.every(isNetwork), 'must be addresses or networks, separated by commas')
    .optional(),
  AUDIT_RETENTION: auditRetention.default({}),
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.optional(),
  OTEL_SERVICE_NAME: z.string().default('wxfleet'),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error'], 'must be debug, info, warn or error').default('info'),
} as const;

/**
 * Reads the environment once. An empty variable counts as absent.
 * @throws SettingsError naming the first variable that is wrong
 */
export function loadSettings(env: NodeJS.ProcessEnv = process.env): {
  settings: Settings;
  secrets: Secrets;
  /** Variables that are nearly named like one of ours; to be warned about. */
  misspelt: Misspelt[];
} {
  const read = <Name extends keyof typeof variables>(name: Name): z.output<(typeof variables)[Name]> => {
    const text = env[name];
    const parsed = variables[name].safeParse(text === '' ? undefined : text);
    if (!parsed.success) throw new SettingsError(name, parsed.error.issues[0]?.message ?? 'is wrong');
    return parsed.data as z.output<(typeof variables)[Name]>;
  };

  const host = read('HOST');
  const port = read('PORT');
  const databaseUrl = read('DATABASE_URL');
  const masterKeys = parseMasterKeys(read('MASTER_KEYS'));
  if (databaseUrl !== undefined && masterKeys === undefined) {
    throw new SettingsError('MASTER_KEYS', 'must be set when DATABASE_URL is set (id:base64 of 32 random bytes)');
  }
  const migrationDatabaseUrl = read('MIGRATION_DATABASE_URL');
  if (migrationDatabaseUrl !== undefined && databaseUrl === undefined) {
    throw new SettingsError('MIGRATION_DATABASE_URL', 'needs DATABASE_URL beside it');
  }
  const readDatabaseUrl = read('READ_DATABASE_URL');
  if (readDatabaseUrl !== undefined && databaseUrl === undefined) {
    throw new SettingsError('READ_DATABASE_URL', 'needs DATABASE_URL beside it');
  }
  const adminApiKey = read('ADMIN_API_KEY');
  const publicUrl = read('PUBLIC_URL') ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

  const rateLimitPerKey = read('RATE_LIMIT_PER_KEY');
  const keepAllMs = read('RETENTION');
  const thinToMs = read('RETENTION_THIN_TO');

  const settings: Settings = {
    http: {
      port,
      host,
      metricsPort: read('METRICS_PORT') ?? null,
      publicUrl: publicUrl.replace(/\/+$/, ''),
      trustedProxies: read('TRUSTED_PROXIES') ?? [],
      rateLimitPerKey,
      rateLimitPerPlatform: read('RATE_LIMIT_PER_PLATFORM') ?? rateLimitPerKey * KEYS_AT_FULL_RATE,
      returnUrlHosts: read('RETURN_URL_HOSTS'),
    },
    database: {
      embedded: databaseUrl === undefined,
      dataDir: read('DATA_DIR'),
      readMaxLagMs: read('READ_DATABASE_MAX_LAG'),
    },
    wechat: {
      apiUrl: read('WECHAT_API_URL').replace(/\/+$/, ''),
      pagesUrl: read('WECHAT_PAGES_URL')?.replace(/\/+$/, ''),
      timeoutMs: read('WECHAT_TIMEOUT_MS'),
      maxConcurrency: read('WECHAT_MAX_CONCURRENCY'),
    },
    roles: new Set(read('ROLES') as Role[]),
    snapshotIntervalMs: read('SNAPSHOT_INTERVAL'),
    apiIpIntervalMs: read('API_IP_INTERVAL'),
    retention: keepAllMs === undefined ? null : { keepAllMs, thinToMs },
    events: { retentionMs: read('EVENT_RETENTION'), webhookNetworks: read('WEBHOOK_NETWORKS') ?? [] },
    audit: read('AUDIT_RETENTION'),
    tracing: read('OTEL_EXPORTER_OTLP_ENDPOINT') === undefined ? null : { serviceName: read('OTEL_SERVICE_NAME') },
    logLevel: read('LOG_LEVEL'),
  };
  return {
    misspelt: misspeltVariables(env, Object.keys(variables)),
    settings: Object.freeze(settings),
    secrets: Object.freeze({
      databaseUrl: databaseUrl === undefined ? undefined : new Secret(databaseUrl),
      migrationDatabaseUrl: migrationDatabaseUrl === undefined ? undefined : new Secret(migrationDatabaseUrl),
      readDatabaseUrl: readDatabaseUrl === undefined ? undefined : new Secret(readDatabaseUrl),
      masterKeys,
      adminApiKey: adminApiKey === undefined ? undefined : new Secret(adminApiKey),
    }),
  };
}

function parseMasterKeys(text: string | undefined): KeyRing | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    return KeyRing.parse(text);
  } catch (error) {
    throw new SettingsError('MASTER_KEYS', `is wrong: ${(error as Error).message}`);
  }
}
