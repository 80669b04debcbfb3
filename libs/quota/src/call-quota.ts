import { AppError, type Clock, type Database, type Log, type Metrics, type Sql } from '#libs/kernel';
import type { CallGate, CallInfo, CallOutcome } from '#libs/wechat';
import { PATHS } from '#libs/wechat-wire';
import { LedgerOfCalls, type DayTotal, type Scope, type ScopeCount } from './ledger-of-calls.ts';
import { FORGIVE_SECONDS, minuteParkSeconds, quotaOwner, type ParkKind } from './park-rules.ts';
import { Parks, QUOTA_CHANNEL, type ParkRow } from './parks.ts';
import { budgetsOf, parkViews, usageViews, type Budget, type ParkView, type UsageView } from './quota-view.ts';

export interface CallQuotaParts {
  db: Database;
  clock: Clock;
  log: Log;
  metrics: Metrics;
  /** Every platform. */
  platforms: () => Promise<readonly { platformId: number; componentAppid: string }[]>;
  /** Between two writes of the counts; default 1000. */
  flushEveryMs?: number;
  /** Between two calls let through to find out whether a used-up day is over; default 3600. */
  probeEverySeconds?: number;
}

interface Park {
  scope: Scope;
  errcode: number;
  kind: ParkKind;
  strikes: number;
  untilMs: number;
  /** From when on a probe may be claimed. */
  probeMs: number;
  probe: 'none' | 'claiming' | 'granted' | 'running';
  /** When a call was last refused because of it. */
  wantedMs: number;
  forgiving: boolean;
}

/** The way out of a used-up quota must not be closed by it. */
const NEVER_PARKED: ReadonlySet<string> = new Set([PATHS.clearComponentQuotaV2, PATHS.clearQuota, PATHS.quotaClear]);
const PRUNE_EVERY_MS = 3_600_000;

/**
 * Counts every call to WeChat and stops those that would only be refused: a path whose day is used up (45009) until
 * Beijing's midnight, or earlier when an hourly probe gets through; a path that is too fast (45011) for a minute and longer
 * each time; and a path that has spent our own budget, background work before people's. All processes share what they learn.
 */
export class CallQuota implements CallGate {
  private readonly ledger: LedgerOfCalls;
  private readonly parkRows: Parks;
  private readonly parked = new Map<string, Park>();
  private readonly counts = new Map<string, ScopeCount>();
  private readonly totals = new Map<string, number>();
  private readonly budgets = new Map<string, Budget>();
  private readonly platformIds = new Map<string, number>();
  private dayEndsMs = Number.POSITIVE_INFINITY;
  private prunedMs: number;
  private timer: NodeJS.Timeout | undefined;
  private ticking: Promise<void> | undefined;
  private stopListening: (() => Promise<void>) | undefined;
  private readonly pending = new Set<Promise<void>>();
  private readonly calls;
  private readonly seconds;
  private readonly refusals;

  constructor(private readonly parts: CallQuotaParts) {
    this.ledger = new LedgerOfCalls(parts.db);
    this.parkRows = new Parks(parts.db);
    this.prunedMs = parts.clock.monotonicMs();
    const { metrics } = parts;
    this.calls = metrics.counter('wxfleet_wechat_calls_total', 'Calls to WeChat', ['path', 'outcome']);
    this.seconds = metrics.histogram('wxfleet_wechat_call_seconds', 'Duration of calls to WeChat', ['path']);
    this.refusals = metrics.counter('wxfleet_wechat_calls_refused_total', 'Calls not made because of a quota', [
      'path',
      'reason',
    ]);
    const gauge = metrics.gauge('wxfleet_quota_parks', 'Paths that wait because WeChat said so', ['path'], () => {
      gauge.reset();
      for (const park of this.parked.values()) if (this.leftMs(park) > 0) gauge.inc({ path: park.scope.path });
    });
  }

  /** Learns what the other processes know, and goes on learning. */
  async start(): Promise<void> {
    await this.learn();
    this.stopListening = await this.parts.db.listen(
      QUOTA_CHANNEL,
      (payload) => this.track(this.heard(payload)),
      () => this.track(this.learn()),
    );
    this.timer = setInterval(() => this.track(this.tick()), this.parts.flushEveryMs ?? 1000);
    this.timer.unref();
  }

  /** Writes what is counted and ends. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.stopListening?.();
    await Promise.all(this.pending);
    await this.flush();
  }

  /** @throws AppError upstream_quota_exhausted with the time to wait */
  before(call: CallInfo): void {
    const platformId = this.platformId(call.componentAppid);
    if (platformId === undefined || NEVER_PARKED.has(call.path)) return;
    const scope = scopeOf(platformId, call);
    const park = this.parked.get(keyOf(scope));
    const left = park ? this.leftMs(park) : 0;
    if (park && left > 0) {
      if (park.probe === 'granted') {
        park.probe = 'running';
        return;
      }
      park.wantedMs = this.parts.clock.monotonicMs();
      this.refuse(scope, park.kind === 'day' ? 'day' : 'minute', left, `errcode ${park.errcode}`);
    }
    const budget = this.budgets.get(budgetKey(platformId, call.path));
    if (budget) {
      const limit = call.priority === 'background' ? budget.perDay - budget.reserve : budget.perDay;
      if (this.usedToday(scope) >= limit) {
        const ends = this.dayEndsMs - this.parts.clock.monotonicMs();
        this.refuse(scope, 'budget', Math.min(ends, 86_400_000), 'our own budget');
      }
    }
  }

  after(call: CallInfo, outcome: CallOutcome): void {
    this.calls.inc({ path: call.path, outcome: outcome.kind });
    this.seconds.observe({ path: call.path }, outcome.durationMs / 1000);
    const platformId = this.platformId(call.componentAppid);
    if (platformId === undefined) return;
    const scope = scopeOf(platformId, call);
    const key = keyOf(scope);
    const count = this.counts.get(key);
    const errors = outcome.kind === 'ok' ? 0 : 1;
    if (count) {
      count.calls += 1;
      count.errors += errors;
    } else this.counts.set(key, { ...scope, calls: 1, errors });
    this.judge(scope, this.parked.get(key), outcome);
  }

  /** Writes the counts now. What cannot be written is kept for the next time. */
  async flush(): Promise<void> {
    if (this.counts.size === 0) return;
    const counts = [...this.counts.values()];
    this.counts.clear();
    try {
      const { totals, dayEndsInMs } = await this.ledger.add(counts);
      this.remember(totals, dayEndsInMs);
    } catch (error) {
      for (const count of counts) {
        const present = this.counts.get(keyOf(count));
        if (present) {
          present.calls += count.calls;
          present.errors += count.errors;
        } else this.counts.set(keyOf(count), count);
      }
      throw error;
    }
  }

  /** What waits now. */
  parks(sql: Sql, platformId: number): Promise<ParkView[]> {
    return parkViews(sql, platformId);
  }

  /** Calls by day and path, of one merchant or of all together. */
  usage(sql: Sql, platformId: number, filter: { authorizerAppid?: string; days?: number } = {}): Promise<UsageView[]> {
    return usageViews(sql, platformId, filter);
  }

  budgetsOf(sql: Sql, platformId: number): Promise<Budget[]> {
    return budgetsOf(sql, platformId);
  }

  /** Sets or (null) takes away our own limit of a path. Heard by all processes at the commit of `sql`. */
  async setBudget(sql: Sql, platformId: number, path: string, budget: Omit<Budget, 'path'> | null): Promise<void> {
    if (budget === null) {
      await sql.run('DELETE FROM quota.budget WHERE platform_id = $1 AND path = $2', [platformId, path]);
    } else {
      if (budget.reserve > budget.perDay) throw AppError.invalid('reserve', 'must not be more than per_day');
      await sql.run(
        `INSERT INTO quota.budget (platform_id, path, per_day, reserve) VALUES ($1, $2, $3, $4)
         ON CONFLICT (platform_id, path) DO UPDATE SET per_day = excluded.per_day, reserve = excluded.reserve`,
        [platformId, path, budget.perDay, budget.reserve],
      );
    }
    await sql.query('SELECT pg_notify($1, $2)', [QUOTA_CHANNEL, 'budgets']);
  }

  /** Ends all parks of an owner of quota, because it was reset at WeChat. `null`: the platform itself. */
  async lifted(platformId: number, authorizerAppid: string | null): Promise<number> {
    const lifted = await this.parkRows.lift(platformId, authorizerAppid ?? '', null);
    for (const [key, park] of this.parked) {
      if (park.scope.platformId === platformId && park.scope.authorizerAppid === (authorizerAppid ?? '')) {
        this.parked.delete(key);
      }
    }
    return lifted;
  }

  /** One turn of the timer: counts, probes, old rows. */
  async tick(): Promise<void> {
    await (this.ticking ??= this.turn().finally(() => (this.ticking = undefined)));
  }

  private async turn(): Promise<void> {
    await this.flush();
    const now = this.parts.clock.monotonicMs();
    for (const park of this.parked.values()) {
      const isWanted = now - park.wantedMs < 60_000;
      if (park.kind === 'day' && park.probe === 'none' && isWanted && now >= park.probeMs && this.leftMs(park) > 0) {
        park.probe = 'claiming';
        const every = this.parts.probeEverySeconds ?? 3600;
        const claimed = await this.parkRows.claimProbe(park.scope, every).catch(() => false);
        park.probe = claimed ? 'granted' : 'none';
        park.probeMs = now + every * 1000;
      }
    }
    if (now - this.prunedMs > PRUNE_EVERY_MS) {
      this.prunedMs = now;
      await this.ledger.prune();
    }
  }

  /** Draws conclusions from how a call ended. */
  private judge(scope: Scope, park: Park | undefined, outcome: CallOutcome): void {
    const wasProbe = park?.probe === 'running';
    if (outcome.kind === 'api_error' && (outcome.reaction === 'quota_day' || outcome.reaction === 'quota_minute')) {
      const kind = outcome.reaction === 'quota_day' ? 'day' : 'minute';
      // Calls that were under way together get the same answer: one park, one strike.
      if (park && this.leftMs(park) > 0 && park.kind === kind && !wasProbe) return;
      this.parkHere(scope, kind, outcome.errcode);
      this.parts.log.warn('quota.parked', { ...scope, errcode: outcome.errcode });
      this.track(this.parkRows.park(scope, kind, outcome.errcode).then((row) => this.adopt(row)));
      return;
    }
    if (!park) return;
    if (outcome.kind === 'ok' && this.leftMs(park) > 0) {
      // A probe, or a call that was under way while the park began: only the probe proves that it is over.
      if (!wasProbe) return;
      this.parked.delete(keyOf(scope));
      this.parts.log.info('quota.lifted', { ...scope });
      this.track(this.parkRows.lift(scope.platformId, scope.authorizerAppid, scope.path).then(() => undefined));
      return;
    }
    if (wasProbe) {
      park.probe = 'granted'; // it proved nothing: the next call is the probe
      return;
    }
    const behavedMs = this.parts.clock.monotonicMs() - park.untilMs;
    if (outcome.kind === 'ok' && behavedMs > FORGIVE_SECONDS * 1000 && !park.forgiving) {
      park.forgiving = true;
      this.track(
        this.parkRows
          .forgive(scope)
          .then(() => this.parkRows.one(scope))
          .then((row) => this.replace(scope, row))
          .finally(() => (park.forgiving = false)),
      );
    }
  }

  /** In force in this process at once; the row, and with it the exact time, follows. */
  private parkHere(scope: Scope, kind: ParkKind, errcode: number): void {
    const now = this.parts.clock.monotonicMs();
    const present = this.parked.get(keyOf(scope));
    const strikes = present && now < present.untilMs + 600_000 ? present.strikes + 1 : 1;
    this.parked.set(keyOf(scope), {
      scope,
      errcode,
      kind,
      strikes,
      untilMs: now + (kind === 'minute' ? minuteParkSeconds(strikes) * 1000 : 60_000),
      probeMs: now + (this.parts.probeEverySeconds ?? 3600) * 1000,
      probe: 'none',
      wantedMs: Number.NEGATIVE_INFINITY,
      forgiving: false,
    });
  }

  private adopt(row: ParkRow): void {
    const { errcode, strikes, leftMs, sinceMs, ...scope } = row;
    const now = this.parts.clock.monotonicMs();
    const present = this.parked.get(keyOf(scope));
    this.parked.set(keyOf(scope), {
      scope: { platformId: scope.platformId, authorizerAppid: scope.authorizerAppid, path: scope.path },
      errcode,
      kind: errcode === 45011 ? 'minute' : 'day',
      strikes,
      untilMs: now + leftMs,
      probeMs: now + (this.parts.probeEverySeconds ?? 3600) * 1000 - sinceMs,
      probe: present?.probe === 'granted' || present?.probe === 'running' ? present.probe : 'none',
      wantedMs: present?.wantedMs ?? Number.NEGATIVE_INFINITY,
      forgiving: present?.forgiving ?? false,
    });
  }

  private replace(scope: Scope, row: ParkRow | null): void {
    if (row) this.adopt(row);
    else this.parked.delete(keyOf(scope));
  }

  private async heard(payload: string): Promise<void> {
    if (payload === 'budgets') return this.learn();
    const [platformId, authorizerAppid, path] = payload.split(' ');
    if (path === undefined) return;
    const scope = { platformId: Number(platformId), authorizerAppid: authorizerAppid ?? '', path };
    this.replace(scope, await this.parkRows.one(scope));
  }

  private async learn(): Promise<void> {
    await this.learnPlatforms();
    const rows = await this.parkRows.all();
    const present = new Set(rows.map(keyOf));
    for (const key of this.parked.keys()) if (!present.has(key)) this.parked.delete(key);
    rows.forEach((row) => this.adopt(row));
    const budgets = await this.parts.db.query<Budget & { platformId: number }>(
      'SELECT platform_id AS "platformId", path, per_day AS "perDay", reserve FROM quota.budget',
    );
    this.budgets.clear();
    for (const { platformId, ...budget } of budgets) this.budgets.set(budgetKey(platformId, budget.path), budget);
    const { totals, dayEndsInMs } = await this.ledger.today();
    this.remember(totals, dayEndsInMs);
  }

  private async learnPlatforms(): Promise<void> {
    for (const { platformId, componentAppid } of await this.parts.platforms()) {
      this.platformIds.set(componentAppid, platformId);
    }
  }

  private remember(totals: readonly DayTotal[], dayEndsInMs: number): void {
    const now = this.parts.clock.monotonicMs();
    if (now >= this.dayEndsMs) this.totals.clear();
    this.dayEndsMs = now + dayEndsInMs;
    for (const total of totals) {
      if (this.budgets.has(budgetKey(total.platformId, total.path))) this.totals.set(keyOf(total), total.calls);
    }
  }

  private usedToday(scope: Scope): number {
    const known = this.parts.clock.monotonicMs() < this.dayEndsMs ? (this.totals.get(keyOf(scope)) ?? 0) : 0;
    return known + (this.counts.get(keyOf(scope))?.calls ?? 0);
  }

  private refuse(scope: Scope, reason: 'day' | 'minute' | 'budget', waitMs: number, because: string): never {
    this.refusals.inc({ path: scope.path, reason });
    throw new AppError('upstream_quota_exhausted', `${scope.path} waits: ${because}`, {
      retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
      details: { quota: { path: scope.path, reason } },
    });
  }

  /** Undefined for a platform that this process has not heard of; its first calls pass uncounted until it has. */
  private platformId(componentAppid: string): number | undefined {
    const known = this.platformIds.get(componentAppid);
    if (known === undefined && !this.learning) {
      this.learning = true;
      this.track(this.learnPlatforms().finally(() => (this.learning = false)));
    }
    return known;
  }
  private learning = false;

  private leftMs(park: Park): number {
    return park.untilMs - this.parts.clock.monotonicMs();
  }

  /** Work on the side: counted for `stop`, and never a rejection nobody hears. */
  private track(work: Promise<void>): void {
    const guarded = work
      .catch((error: unknown) => this.parts.log.warn('quota.sync_failed', { error }))
      .finally(() => this.pending.delete(guarded));
    this.pending.add(guarded);
  }
}

function scopeOf(platformId: number, call: CallInfo): Scope {
  return { platformId, authorizerAppid: quotaOwner(call.path, call.authorizerAppid), path: call.path };
}

function keyOf(scope: Scope): string {
  return `${scope.platformId} ${scope.authorizerAppid} ${scope.path}`;
}

function budgetKey(platformId: number, path: string): string {
  return `${platformId} ${path}`;
}
