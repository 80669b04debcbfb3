import { randomBytes } from 'node:crypto';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { decodeCursor, isScope, pageOf, scopes as allScopes, type ApiKeyView, type Scope } from '#libs/contract';
import { AppError, Secret, SingleFlight, isDatabaseUnavailable, Clock, Database, Log, type Sql } from '#libs/kernel';
import { ApiKey } from './api-key.entity.ts';
import type { AuditEvent, AuditTrail } from './audit-trail.ts';
import { MAX_KEY_CHARACTERS, digestBytes, digestOf, generateKey, isPlausibleKey, prefixOf } from './key-format.ts';
import { isWithin } from './networks.ts';
import { ACCESS_CHANNEL as CHANNEL, type Principal } from './principal.ts';
import {
  COLUMNS,
  DELETE_USERS_OF_PLATFORM,
  END_FORMER_OPERATOR_KEYS,
  END_REPLACED_KEY,
  FIND_WHAT_A_KEY_MADE,
  HAS_LIVE_OPERATOR_KEY,
  INSERT_KEY,
  IS_EXPIRED,
  LIST_KEYS,
  LOCK_OPERATOR_KEYS,
  NOTE_LAST_USE,
  REVOKE_KEY,
  REVOKE_KEYS_OF_PLATFORM,
  REVOKE_WHAT_A_KEY_MADE,
  SELECT_KEY,
  UPSERT_OPERATOR_KEY,
} from './api-keys.sql.ts';

const MAX_CACHED = 10_000;
/** Second line behind the notifications, which reach everybody within milliseconds. */
const REVALIDATE_MS = 30_000;
const FLUSH_USE_MS = 20_000;
/** Marks the key that the environment gave. */
const FROM_ENVIRONMENT = 'ADMIN_API_KEY';
/** A rolling restart takes no longer. */
const OVERLAP_SECONDS = 15 * 60;

export interface NewApiKey {
  /** `null`: an operator key. */
  platformId: number | null;
  name: string;
  scopes: readonly Scope[];
  /** `null` or absent: all merchants. */
  merchantIds?: readonly string[] | null;
  expiresAt?: Date | null;
  /** Networks from which it may be used, in normal form; `null` or absent: from anywhere. */
  networks?: readonly string[] | null;
  /** Actor that creates it. */
  createdBy: string;
}

/** Where a request comes from. */
interface Caller {
  readonly ip: string;
}

interface KeyRow {
  id: string;
  platform_id: number | null;
  name: string;
  prefix: string;
  scopes: string[];
  merchant_ids: string[] | null;
  created_at: Date;
  created_by: string;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
  last_used_address: string | null;
  networks: string[] | null;
  replaced_by: string | null;
}

interface Cached {
  principal: Principal;
  /** Monotonic time of expiry; the machine's clock may jump, the remaining life was computed by the database. */
  deadlineMs: number;
  /** Notifications may have been missed: ask the database again at the next use. */
  suspect: boolean;
}

/**
 * API keys: stored as digests, shown once, recognised from memory. A revocation reaches every process by NOTIFY; while
 * the database is away, keys known before keep working.
 */
@Injectable()
export class ApiKeys implements OnModuleInit, OnApplicationShutdown {
  private readonly cache = new Map<string, Cached>();
  private readonly digestById = new Map<string, string>();
  private readonly loading = new SingleFlight<Principal | null>();
  /** Keys used since the latest write, with the address. */
  private readonly used = new Map<string, string | null>();
  /** Grows with every notification: what was read before one is not cached after it. */
  private epoch = 0;
  private unlisten: (() => Promise<void>) | undefined;
  private timers: NodeJS.Timeout[] = [];

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onModuleInit(): Promise<void> {
    return this.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  async start(): Promise<void> {
    this.unlisten = await this.db.listen(
      CHANNEL,
      (id) => this.forget(id),
      () => this.suspectAll(),
    );
    const every = (ms: number, work: () => Promise<void>) => {
      const timer = setInterval(() => void work().catch((error: unknown) => this.logTrouble(error)), ms);
      timer.unref();
      this.timers.push(timer);
    };
    every(REVALIDATE_MS, () => this.revalidate());
    every(FLUSH_USE_MS, () => this.flushUse());
  }

  async stop(): Promise<void> {
    this.timers.splice(0).forEach(clearInterval);
    await this.unlisten?.();
    await this.flushUse().catch((error: unknown) => this.logTrouble(error));
  }

  /**
   * Creates a key. The key itself is in the answer and nowhere else.
   * @throws AppError invalid_request naming expires_at when that has passed
   */
  async create(sql: Sql, input: NewApiKey): Promise<{ view: ApiKeyView; key: Secret }> {
    const { expiresAt } = input;
    if (expiresAt) {
      const [row] = await sql.query<{ expired: boolean }>(IS_EXPIRED, [expiresAt]);
      if (row?.expired) throw AppError.invalid('expires_at', 'must be in the future');
    }
    return this.insert(sql, input);
  }

  private async insert(sql: Sql, input: NewApiKey): Promise<{ view: ApiKeyView; key: Secret }> {
    const key = generateKey(input.platformId === null ? 'op' : 'pk');
    const [row] = await sql.query<KeyRow>(INSERT_KEY, [
      newId(),
      input.platformId,
      input.name,
      prefixOf(key),
      digestBytes(key),
      input.scopes,
      input.merchantIds ?? null,
      input.expiresAt ?? null,
      input.createdBy,
      input.networks ?? null,
    ]);
    return { view: viewOf(row as KeyRow), key: new Secret(key) };
  }

  /** Keys of a platform (`null`: operator keys), newest first. `within`: only keys limited to these merchants. */
  async list(
    sql: Sql,
    platformId: number | null,
    page: { limit: number; cursor?: string | undefined; within?: readonly string[] | null },
  ): Promise<{ items: ApiKeyView[]; next_cursor: string | null }> {
    const after = page.cursor === undefined ? null : decodeCursor('api-keys', page.cursor, ['number', 'string']);
    const rows = await sql.query<KeyRow & { created_us: number }>(LIST_KEYS, [
      platformId,
      after?.[0] ?? null,
      after?.[1] ?? null,
      page.within ?? null,
      page.limit + 1,
    ]);
    return pageOf('api-keys', rows, page.limit, viewOf, (row) => [row.created_us, row.id]);
  }

  /** A key of a platform as it is shown; null when there is none (within those merchants). */
  async get(
    sql: Sql,
    platformId: number | null,
    id: string,
    within: readonly string[] | null = null,
  ): Promise<ApiKeyView | null> {
    const [row] = await sql.query<KeyRow>(SELECT_KEY, [id, platformId, within]);
    return row ? viewOf(row) : null;
  }

  /**
   * Makes a new key that may do the same, and lets the old one go on for `overlapSeconds` (no longer than it would have).
   * @throws AppError conflict when the old one is revoked, expired, or has been replaced already
   */
  async rotate(
    sql: Sql,
    platformId: number | null,
    old: ApiKeyView,
    options: { overlapSeconds: number; createdBy: string },
  ): Promise<{ view: ApiKeyView; key: Secret }> {
    const made = await this.insert(sql, {
      platformId,
      name: old.name,
      scopes: old.scopes,
      merchantIds: old.merchant_ids,
      expiresAt: old.expires_at === null ? null : new Date(old.expires_at),
      networks: old.networks,
      createdBy: options.createdBy,
    });
    const replaced = await sql.run(END_REPLACED_KEY, [old.id, made.view.id, options.overlapSeconds]);
    if (replaced === 0) throw new AppError('conflict', 'this key is revoked, expired, or replaced already');
    await this.db.notify(CHANNEL, old.id, sql);
    return made;
  }

  /** @returns false when there is no such key of that platform (or not within those merchants) */
  async revoke(
    sql: Sql,
    platformId: number | null,
    id: string,
    within: readonly string[] | null = null,
  ): Promise<boolean> {
    const found = await sql.run(REVOKE_KEY, [id, platformId, within]);
    if (found > 0) await this.db.notify(CHANNEL, id, sql);
    return found > 0;
  }

  /** Ends every key of a platform, and every session of its users, who are erased. In a transaction of the worker. */
  async endPlatform(sql: Sql, platformId: number): Promise<{ keys: number; users: number }> {
    const keys = await sql.query<{ id: string }>(REVOKE_KEYS_OF_PLATFORM, [platformId]);
    const users = await sql.query<{ id: string }>(DELETE_USERS_OF_PLATFORM, [platformId]);
    for (const { id } of [...keys, ...users]) await this.db.notify(CHANNEL, id, sql);
    return { keys: keys.length, users: users.length };
  }

  /**
   * Revokes a key and everything that it made, and that they made: keys are revoked, users are disabled and their sessions ended.
   * @returns what was ended besides the key itself
   */
  async revokeMade(sql: Sql, platformId: number | null, id: string): Promise<{ keys: string[]; users: string[] }> {
    const made = await sql.query<{ keyId: string | null; username: string | null }>(FIND_WHAT_A_KEY_MADE, [
      id,
      platformId,
    ]);
    const keys = made.flatMap(({ keyId }) => keyId ?? []);
    const users = made.flatMap(({ username }) => username ?? []);
    const ended = await sql.query<{ id: string }>(REVOKE_WHAT_A_KEY_MADE, [keys, users]);
    for (const each of ended) await this.db.notify(CHANNEL, each.id, sql);
    return { keys, users };
  }

  /** Whether the key with this digest is in memory or being looked up: then `authenticate` starts no query. */
  knows(digest: string): boolean {
    return this.cache.has(digest) || this.loading.has(digest);
  }

  /**
   * The holder of this key; null when it is not valid. Answers without a promise when the key is cached, because this runs for
   * every request. `digest` is what `digestOf` gave for the same key before.
   * @param caller whose `ip` is compared with the networks of the key; read only when it is needed
   * @throws AppError forbidden from another network; what the database throws, when it is away and the key is not known
   */
  authenticate(key: string, digest?: string, caller?: Caller): Principal | null | Promise<Principal | null> {
    if (key.length > MAX_KEY_CHARACTERS) return null;
    digest ??= digestOf(key);
    const cached = this.cache.get(digest);
    if (cached && !cached.suspect) {
      if (this.clock.monotonicMs() >= cached.deadlineMs) {
        this.drop(digest, cached);
        return null;
      }
      return this.admitted(cached.principal, caller);
    }
    // Checked only here: what is in the cache has been found in the database.
    if (!isPlausibleKey(key)) return null;
    const sought = digest;
    return this.loading
      .run(sought, () => this.load(sought, cached))
      .then((principal) => principal && this.admitted(principal, caller));
  }

  /**
   * Makes the key of the environment the operator key. The one it replaces goes on for a quarter of an hour: processes that
   * are restarted one by one have different keys meanwhile, and the last one to start decides which one stays. Without a key,
   * an operator key is generated the first time.
   * @returns the generated key, to be shown once
   */
  async bootstrap(adminKey: Secret | undefined, audit: Pick<AuditTrail, 'record'>): Promise<Secret | null> {
    return this.db.transaction(async (sql) => {
      await sql.query(LOCK_OPERATOR_KEYS, ['wxfleet operator key']);
      if (adminKey === undefined) {
        const [any] = await sql.query(HAS_LIVE_OPERATOR_KEY);
        if (any) return null;
        const scopes = [...allScopes];
        const first = { platformId: null, name: 'first operator key', scopes, createdBy: 'system' };
        const { view, key } = await this.insert(sql, first);
        await audit.record(sql, operatorEvent('created', view.id));
        return key;
      }
      const key = adminKey.reveal();
      // Once only: being replaced again gives it no more time.
      const replaced = await sql.query<{ id: string; expires_at: Date }>(END_FORMER_OPERATOR_KEYS, [
        FROM_ENVIRONMENT,
        digestBytes(key),
        OVERLAP_SECONDS,
      ]);
      const present = await sql.repository(ApiKey).findOneBy({ keyDigest: digestBytes(key) });
      const isCurrent = present !== null && present.revokedAt === null && present.expiresAt === null;
      const [made] = await sql.query<{ id: string }>(UPSERT_OPERATOR_KEY, [
        newId(),
        FROM_ENVIRONMENT,
        prefixOf(key),
        digestBytes(key),
        allScopes,
      ]);
      const { id } = made as { id: string };
      for (const { id: old, expires_at: until } of replaced) {
        await audit.record(sql, operatorEvent('replaced', old, { replaced_by: id, until: until.toISOString() }));
        await this.db.notify(CHANNEL, old, sql);
      }
      // Every start brings its key; only a change is worth an event. Processes that cache the key must learn that it stays.
      if (!isCurrent) {
        await audit.record(sql, operatorEvent(present ? 'restored' : 'created', id));
        await this.db.notify(CHANNEL, id, sql);
      }
      return null;
    });
  }

  /** Asks the database about everything that is cached. */
  async revalidate(): Promise<void> {
    const digests = [...this.cache.keys()];
    if (digests.length === 0) return;
    const { epoch } = this;
    const alive = new Set(
      (await this.select('key_digest = ANY($1)', [digests.map((digest) => Buffer.from(digest, 'latin1'))])).map(
        ({ digest }) => digest,
      ),
    );
    if (epoch !== this.epoch) return;
    for (const digest of digests) {
      const cached = this.cache.get(digest);
      if (cached && !alive.has(digest)) this.drop(digest, cached);
    }
  }

  /** Writes when keys were last used, to about a minute. */
  async flushUse(): Promise<void> {
    const used = [...this.used];
    if (used.length === 0) return;
    this.used.clear();
    // SKIP LOCKED: another process is writing nearly the same moment; two of them must not wait for each other.
    await this.db.run(NOTE_LAST_USE, [used.map(([id]) => id), used.map(([, address]) => address)]);
  }

  /** Notes the use. @throws AppError forbidden from another network than those of the key */
  private admitted(principal: Principal, caller: Caller | undefined): Principal {
    const { keyId, networks } = principal;
    if (networks && caller && !isWithin(caller.ip, networks)) {
      throw new AppError('forbidden', `this API key may not be used from ${caller.ip}`);
    }
    if (!this.used.has(keyId)) this.used.set(keyId, caller?.ip ?? null);
    return principal;
  }

  private async load(digest: string, known: Cached | undefined): Promise<Principal | null> {
    const { epoch } = this;
    try {
      const [found] = await this.select('key_digest = $1', [Buffer.from(digest, 'latin1')]);
      if (!found) {
        if (known) this.drop(digest, known);
        return null;
      }
      if (epoch === this.epoch) this.keep(digest, found.cached);
      return found.cached.principal;
    } catch (error) {
      // The database is away: a key that was good a moment ago is good enough to keep merchants served.
      if (known && isDatabaseUnavailable(error) && this.clock.monotonicMs() < known.deadlineMs) return known.principal;
      throw error;
    }
  }

  private async select(where: string, values: unknown[]): Promise<{ digest: string; cached: Cached }[]> {
    const rows = await this.db.query<KeyRow & { key_digest: Buffer; life_ms: number | null }>(
      `SELECT ${COLUMNS}, key_digest, extract(epoch FROM expires_at - wxfleet.now())::float8 * 1000 AS life_ms
       FROM access.api_key
       WHERE ${where} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > wxfleet.now())`,
      values,
    );
    return rows.map((row) => ({
      digest: row.key_digest.toString('latin1'),
      cached: {
        principal: principalOf(row),
        deadlineMs: row.life_ms === null ? Infinity : this.clock.monotonicMs() + row.life_ms,
        suspect: false,
      },
    }));
  }

  private keep(digest: string, cached: Cached): void {
    if (this.cache.size >= MAX_CACHED && !this.cache.has(digest)) {
      const [oldest] = this.cache;
      if (oldest) this.drop(...oldest);
    }
    this.cache.set(digest, cached);
    this.digestById.set(cached.principal.keyId, digest);
  }

  private drop(digest: string, cached: Cached): void {
    this.cache.delete(digest);
    this.digestById.delete(cached.principal.keyId);
  }

  private forget(id: string): void {
    this.epoch += 1;
    const digest = this.digestById.get(id);
    const cached = digest === undefined ? undefined : this.cache.get(digest);
    if (digest !== undefined && cached) this.drop(digest, cached);
  }

  private suspectAll(): void {
    this.epoch += 1;
    for (const cached of this.cache.values()) cached.suspect = true;
  }

  private logTrouble(error: unknown): void {
    this.log.warn('api_keys.background_failed', { error });
  }
}

function principalOf(row: KeyRow): Principal {
  const operator = row.platform_id === null;
  return {
    kind: operator ? 'operator' : 'platform',
    keyId: row.id,
    platformId: row.platform_id,
    merchantIds: row.merchant_ids,
    scopes: new Set(row.scopes.filter(isScope)),
    expiresAt: row.expires_at,
    ...(row.networks ? { networks: row.networks } : {}),
    actor: `${operator ? 'operator' : 'api_key'}:${row.id}`,
  };
}

function viewOf(row: KeyRow): ApiKeyView {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes.filter(isScope),
    merchant_ids: row.merchant_ids,
    created_at: row.created_at.toISOString(),
    created_by: row.created_by,
    expires_at: row.expires_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
    last_used_at: row.last_used_at?.toISOString() ?? null,
    last_used_address: row.last_used_address,
    networks: row.networks,
    replaced_by: row.replaced_by,
  };
}

function operatorEvent(what: string, id: string, detail: Record<string, unknown> = {}): AuditEvent {
  return { platformId: null, actor: 'system', action: `operator_key.${what}`, subject: `operator:${id}`, detail };
}

function newId(): string {
  return `key_${randomBytes(12).toString('hex')}`;
}
