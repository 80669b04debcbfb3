/** This many merchants refused within a minute mean the platform, even when calls of others succeed in between. */
const MANY = 8;
const WINDOW_MS = 60_000;

interface Suspicion {
  /** Merchants refused, with the time; by the process's monotonic clock. */
  refused: Map<string, number>;
  /** When the first of them was refused with no success since. */
  sinceMs: number | null;
}

/**
 * 45011 for a call on behalf of a merchant: is it that merchant's limit, or the platform's ("component_rate_limit" of page
 * "getApiQuota")? WeChat does not say. Parking the platform for one merchant's sake would let that merchant stop a fleet;
 * never parking it would go on hammering. So the platform's path is taken to be limited when two merchants are refused with
 * no success of a call sent in between, or when many are refused within a minute.
 */
export class MinuteLimits {
  private readonly suspicions = new Map<string, Suspicion>();

  /** A merchant's call, ended at `nowMs`, was answered with 45011. True: the limit is the platform's. */
  refused(path: string, authorizerAppid: string, nowMs: number): boolean {
    const suspicion = this.suspicions.get(path) ?? { refused: new Map<string, number>(), sinceMs: null };
    this.suspicions.set(path, suspicion);
    for (const [appid, at] of suspicion.refused) if (nowMs - at >= WINDOW_MS) suspicion.refused.delete(appid);
    const others = suspicion.refused.size - (suspicion.refused.has(authorizerAppid) ? 1 : 0);
    const inARow = suspicion.sinceMs !== null && others > 0;
    suspicion.refused.delete(authorizerAppid);
    suspicion.refused.set(authorizerAppid, nowMs);
    suspicion.sinceMs ??= nowMs;
    if (!inARow && suspicion.refused.size < MANY) return false;
    this.suspicions.delete(path);
    return true;
  }

  /** A call on behalf, sent at `sentMs`, succeeded. */
  succeeded(path: string, sentMs: number): void {
    if (this.suspicions.size === 0) return;
    const suspicion = this.suspicions.get(path);
    if (suspicion?.sinceMs != null && sentMs > suspicion.sinceMs) suspicion.sinceMs = null;
  }
}
