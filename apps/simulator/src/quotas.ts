import { Refusal } from './refusal.ts';

export interface QuotaLimit {
  readonly perDay?: number;
  readonly perMinute?: number;
}

/** `daily_limit` that `quota/get` shows for paths without a set limit; real figures are unknown, see differences.md. */
const SHOWN_DAILY_LIMIT = 1_000_000;
/** Resets per account and month over all ways (WeChat page "clearQuota"). */
const CLEARS_PER_MONTH = 10;
/** The one figure that was ever observed through `quota/get`. */
const KNOWN_LIMITS = [['/cgi-bin/component/api_component_token', { perDay: 10_000 }]] as const;
const BEIJING_MS = 8 * 3_600_000;

/**
 * Counters per path and account. A call made with a merchant's token spends the merchant's quota, all others the platform's.
 * Days begin at midnight UTC+8, a choice: the pages do not name the hour.
 */
export class Quotas {
  readonly #limits = new Map<string, QuotaLimit>(KNOWN_LIMITS);
  readonly #used = new Map<string, number>();
  readonly #perMinute = new Map<string, number>();
  readonly #clears = new Map<string, number>();
  #day = '';
  #minute = 0;

  /** Sets real limits for a path; calls above them get 45009 (day) or 45011 (minute). Null takes the limit away. */
  set(path: string, limit: QuotaLimit | null): void {
    if (limit === null) this.#limits.delete(path);
    else this.#limits.set(path, limit);
  }

  limits(): Record<string, QuotaLimit> {
    return Object.fromEntries(this.#limits);
  }

  /** Counts one call, or refuses it. Paths without a limit are counted for platforms only, to stay small with large fleets. */
  spend(path: string, subject: string, isPlatform: boolean, nowMs: number): void {
    const limit = this.#limits.get(path);
    if (limit === undefined && !isPlatform) return;
    this.#turn(nowMs);
    const key = `${path} ${subject}`;
    const used = this.#used.get(key) ?? 0;
    const usedMinute = this.#perMinute.get(key) ?? 0;
    if (limit?.perMinute !== undefined) {
      if (usedMinute >= limit.perMinute) throw new Refusal(45011);
      this.#perMinute.set(key, usedMinute + 1);
    }
    if (limit?.perDay !== undefined && used >= limit.perDay) throw new Refusal(45009);
    this.#used.set(key, used + 1);
  }

  used(path: string, subject: string, nowMs: number): number {
    this.#turn(nowMs);
    return this.#used.get(`${path} ${subject}`) ?? 0;
  }

  /** The success body of `/cgi-bin/openapi/quota/get`. */
  report(path: string, subject: string, nowMs: number): Record<string, unknown> {
    const limit = this.#limits.get(path);
    const daily = limit?.perDay ?? SHOWN_DAILY_LIMIT;
    const used = this.used(path, subject, nowMs);
    return {
      errcode: 0,
      errmsg: 'ok',
      quota: { daily_limit: daily, used, remain: Math.max(0, daily - used) },
      ...(limit?.perMinute === undefined
        ? {}
        : { component_rate_limit: { call_count: limit.perMinute, refresh_second: 60 } }),
    };
  }

  /** Forgets today's use of one account; 48006 after ten times in a month. */
  clear(subject: string, nowMs: number): void {
    this.#turn(nowMs);
    const month = `${subject} ${new Date(nowMs + BEIJING_MS).toISOString().slice(0, 7)}`;
    const clears = this.#clears.get(month) ?? 0;
    if (clears >= CLEARS_PER_MONTH) throw new Refusal(48006);
    this.#clears.set(month, clears + 1);
    for (const key of this.#used.keys()) if (key.endsWith(` ${subject}`)) this.#used.delete(key);
  }

  /** Forgets all use and all limits that were set. */
  reset(): void {
    this.#limits.clear();
    for (const [path, limit] of KNOWN_LIMITS) this.#limits.set(path, limit);
    this.#used.clear();
    this.#perMinute.clear();
    this.#clears.clear();
  }

  #turn(nowMs: number): void {
    const minute = Math.floor(nowMs / 60_000);
    if (minute === this.#minute) return;
    this.#minute = minute;
    this.#perMinute.clear();
    const day = new Date(nowMs + BEIJING_MS).toISOString().slice(0, 10);
    if (day !== this.#day) {
      this.#day = day;
      this.#used.clear();
    }
  }
}
