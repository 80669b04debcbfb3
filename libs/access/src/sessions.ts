import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import type { UserRole } from '#libs/contract';
import { HOUR_MS, HOUR_SECONDS, AppError, Clock, Database, Log, Secret, SingleFlight, Ticks } from '#libs/kernel';
import { AuditTrail } from './audit-trail.ts';
import type { KnownDevice } from './known-devices.ts';
import { LoginThrottle } from './login-throttle.ts';
import { Passwords } from './password.ts';
import { ACCESS_CHANNEL, type Principal } from './principal.ts';
import { scopesOf } from './user-roles.ts';
import {
  DELETE_OLD_SESSIONS,
  END_SESSION,
  FIND_USER,
  LOAD_SESSION,
  NOTE_LAST_SEEN,
  OPEN_SESSION,
} from './sessions.sql.ts';

/** A session ends after this long whatever happens, and earlier when nobody uses it. */
export const SESSION_SECONDS = 12 * HOUR_SECONDS;
const IDLE_SECONDS = 2 * HOUR_SECONDS;
/** How long a cached row is used without asking again. Notifications arrive at once; this is the second line. */
const BELIEVED_MS = 30_000;
const FLUSH_USE_MS = 20_000;
const PRUNE_MS = HOUR_MS;
const MAX_CACHED = 10_000;
const TOKEN_SHAPE = /^[A-Za-z0-9_-]{43}$/;

export interface OpenedSession {
  principal: Principal;
  userId: string;
  /** For the cookie; in no other place. */
  token: Secret;
  expiresAt: Date;
}

/** Where a login comes from. */
export interface LoginFrom {
  address: string;
  /** Key of failures and turns: the address, or its network. */
  limitedBy: string;
  /** A device from which somebody has logged in before (`KnownDevices`). */
  device?: KnownDevice | null;
}

interface Cached {
  principal: Principal;
  userId: string;
  sessionId: string;
  believedUntilMs: number;
}

interface Row {
  session_id: string;
  user_id: string;
  username: string;
  role: UserRole;
  platform_id: number | null;
  user_expires_at: Date | null;
  life_ms: number;
}

/** Sessions of console users: a random token in a cookie, its digest in the database, ended everywhere at once. */
@Injectable()
export class Sessions implements OnModuleInit, OnApplicationShutdown {
  private readonly cache = new Map<string, Cached>();
  private readonly loading = new SingleFlight<Principal | null>();
  private readonly used = new Set<string>();
  /** Grows with every notification: what was read before one is not cached after it. */
  private epoch = 0;
  private unlisten: (() => Promise<void>) | undefined;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly db: Database,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly throttle: LoginThrottle,
    private readonly passwords: Passwords,
    private readonly audit: AuditTrail,
    private readonly ticks: Ticks,
  ) {}

  onModuleInit(): Promise<void> {
    return this.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  /** Removes ended sessions and forgotten failures. */
  @Interval('session_pruning', PRUNE_MS)
  pruningTick(): Promise<void> {
    return this.ticks.run('session_pruning', () => this.prune());
  }

  async start(): Promise<void> {
    this.unlisten = await this.db.listen(
      ACCESS_CHANNEL,
      (id) => this.forget(id),
      () => this.forgetAll(),
    );
    this.timer = setInterval(() => void this.flushUse(), FLUSH_USE_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.unlisten?.();
    await this.flushUse();
  }

  /**
   * Logs in. A wrong name and a wrong password are one answer, after the same work.
   * @throws AppError unauthenticated, rate_limited
   */
  async open(username: string, password: Secret, { address, limitedBy, device }: LoginFrom): Promise<OpenedSession> {
    const deviceId = device?.username === username ? device.id : undefined;
    // What a known device does is not counted for its address.
    const countedFor = deviceId === undefined ? limitedBy : `device ${deviceId}`;
    let counted: string;
    try {
      counted = await this.throttle.attempt(username, limitedBy, deviceId);
    } catch (error) {
      if (error instanceof AppError) this.refused(error.code, limitedBy);
      throw error;
    }
    const [user] = await this.db.query<{ user_id: string; platform_id: number | null; password_hash: string }>(
      FIND_USER,
      [username],
    );
    const { isRight, renewed } = await this.passwords
      .check(password, user?.password_hash ?? null, { kind: 'login', who: countedFor })
      .catch(async (error: unknown) => {
        // The password was not checked: too many are waiting.
        await this.throttle.withdraw(counted, countedFor);
        throw error;
      });
    if (!isRight || !user) {
      this.refused('unauthenticated', limitedBy, user && { username, platformId: user.platform_id });
      throw new AppError('unauthenticated', 'no user with this name and password');
    }
    await this.throttle.succeeded(counted, countedFor);
    const token = randomBytes(32).toString('base64url');
    // The check took a moment: a user who was disabled or changed meanwhile does not get in.
    const row = await this.db.transaction(async (sql) => {
      const [made] = await sql.query<Row & { expires_at: Date }>(OPEN_SESSION, [
        user.user_id,
        `ses_${randomBytes(12).toString('hex')}`,
        Buffer.from(digestOf(token), 'latin1'),
        // By what a later login is recognised as one from the same place (`LoginThrottle`); the trail has the address itself.
        limitedBy,
        SESSION_SECONDS,
        user.password_hash,
        renewed,
      ]);
      if (made) {
        await this.audit.record(sql, {
          platformId: made.platform_id,
          actor: `user:${username}`,
          action: 'session.started',
          subject: `user:${username}`,
          address,
        });
      }
      return made;
    });
    if (!row) throw new AppError('unauthenticated', 'no user with this name and password');
    return {
      principal: principalOf(row, token),
      userId: row.user_id,
      token: new Secret(token),
      expiresAt: row.expires_at,
    };
  }

  /**
   * Counted: a flood from one address is a few rows. A name is only kept when somebody has it; else it may be a password that
   * was typed into the wrong field.
   */
  private refused(outcome: string, address: string, user?: { username: string; platformId: number | null }): void {
    this.audit.count({
      platformId: user?.platformId ?? null,
      actor: 'nobody',
      action: 'session.refused',
      ...(user ? { subject: `user:${user.username}` } : {}),
      outcome,
      address,
    });
    // Throttled attempts would fill the log.
    if (outcome !== 'rate_limited') this.log.info('session.refused', { address, username: user?.username });
  }

  /** Whether the session is in memory or being looked up: then `authenticate` starts no query. */
  knows(token: string): boolean {
    const digest = digestOf(token);
    return this.cache.has(digest) || this.loading.has(digest);
  }

  /** The user of this session; null when there is none or it has ended. From memory where it was seen a moment ago. */
  authenticate(token: string): Principal | null | Promise<Principal | null> {
    if (!TOKEN_SHAPE.test(token)) return null;
    const digest = digestOf(token);
    const cached = this.cache.get(digest);
    if (cached && this.clock.monotonicMs() < cached.believedUntilMs) {
      this.used.add(cached.sessionId);
      return cached.principal;
    }
    return this.loading.run(digest, () => this.load(digest, token));
  }

  /** Logs out. @returns false when there is no such session any more */
  async close(token: string, { platformId, actor }: Principal, address: string): Promise<boolean> {
    return this.db.transaction(async (sql) => {
      const [row] = await sql.query<{ session_id: string }>(END_SESSION, [Buffer.from(digestOf(token), 'latin1')]);
      if (row) {
        await this.audit.record(sql, { platformId, actor, action: 'session.ended', subject: actor, address });
        this.forget(row.session_id);
        await this.db.notify(ACCESS_CHANNEL, row.session_id, sql);
      }
      return row !== undefined;
    });
  }

  /** Removes sessions that expired a week ago, and failures of logins that no longer count. */
  async prune(): Promise<void> {
    await this.throttle.prune();
    await this.db.run(DELETE_OLD_SESSIONS);
  }

  private async load(digest: string, token: string): Promise<Principal | null> {
    const { epoch } = this;
    this.cache.delete(digest);
    const [row] = await this.db.query<Row>(LOAD_SESSION, [Buffer.from(digest, 'latin1'), IDLE_SECONDS]);
    if (!row) return null;
    const principal = principalOf(row, token);
    this.used.add(row.session_id);
    if (epoch === this.epoch) {
      if (this.cache.size >= MAX_CACHED) this.cache.clear();
      this.cache.set(digest, {
        principal,
        userId: row.user_id,
        sessionId: row.session_id,
        believedUntilMs: this.clock.monotonicMs() + Math.min(BELIEVED_MS, row.life_ms),
      });
    }
    return principal;
  }

  private async flushUse(): Promise<void> {
    const ids = [...this.used];
    this.used.clear();
    if (ids.length === 0) return;
    await this.db
      .run(NOTE_LAST_SEEN, [ids])
      .catch((error: unknown) => this.log.warn('sessions.use_not_written', { error }));
  }

  /** `id` of a session or of a user. */
  private forget(id: string): void {
    this.epoch += 1;
    for (const [digest, cached] of this.cache) {
      if (cached.sessionId === id || cached.userId === id) this.cache.delete(digest);
    }
  }

  private forgetAll(): void {
    this.epoch += 1;
    this.cache.clear();
  }
}

/** Derived from the token, so only the holder of the cookie can know it. */
function csrfTokenOf(token: string): string {
  return hash('sha256', `csrf ${token}`, 'base64url');
}

export function isCsrfToken(principal: Principal, given: unknown): boolean {
  const expected = principal.session?.csrfToken;
  if (expected === undefined || typeof given !== 'string') return false;
  // Bytes, not characters: only those must be equally many.
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function digestOf(token: string): string {
  return hash('sha256', token, 'binary');
}

function principalOf(row: Row, token: string): Principal {
  return {
    kind: row.platform_id === null ? 'operator' : 'platform',
    keyId: row.user_id,
    platformId: row.platform_id,
    merchantIds: null,
    scopes: new Set(scopesOf(row.role)),
    expiresAt: row.user_expires_at,
    actor: `user:${row.username}`,
    session: { username: row.username, role: row.role, csrfToken: csrfTokenOf(token) },
  };
}
