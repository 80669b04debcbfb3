import { HOUR_SECONDS, type Clock, type Database } from '#libs/kernel';

/** This many at once; the next one a minute later, and each further one after twice the pause before it, up to an hour. */
const BURST = 3;
const FIRST_WAIT_SECONDS = 60;
const MAX_WAIT_SECONDS = HOUR_SECONDS;
/** After this long without one, the count starts from zero. Longer than any pause, so that pausing does not get there. */
const CALM_SECONDS = 2 * MAX_WAIT_SECONDS;

const HOLDERS = {
  component: { table: 'custody.component_token', row: 'platform_id = $1' },
  authorizer: { table: 'custody.authorizer_token', row: 'platform_id = $1 AND authorizer_appid = $3' },
} as const;

const WAIT_SECONDS = `CASE WHEN forced_refreshes < ${BURST} OR forced_at <= wxfleet.now() - make_interval(secs => ${CALM_SECONDS})
       THEN 0 ELSE least(${MAX_WAIT_SECONDS}, ${FIRST_WAIT_SECONDS} * 2 ^ least(forced_refreshes - ${BURST}, 20)) END`;
/** Milliseconds until the next one; none or less: now. */
const WAIT_MS = `coalesce(extract(epoch FROM forced_at - wxfleet.now()) + ${WAIT_SECONDS}, 0)::float8 * 1000`;

export type TokenKind = keyof typeof HOLDERS;

interface Answer {
  taken: boolean;
  is_same: boolean;
  was_forced: boolean;
  wait_ms: number;
}

/**
 * Limits the refreshes that reports of rejected tokens force. Only a report of the current token forces one; a subject whose
 * every new token is rejected would still be refreshed at the rate of the reports. Three are forced at once, then one after a
 * minute, two, four and so on up to an hour. The count is in the row of the token: it holds over all processes and restarts.
 */
export class ManualRefreshRequests {
  private readonly table: string;
  private readonly row: string;
  /** Monotonic ms until which a token has no forced refresh left: further reports need not ask the database. */
  private readonly refused = new Map<string, number>();

  constructor(
    kind: TokenKind,
    private readonly db: Database,
    private readonly clock: Clock,
  ) {
    ({ table: this.table, row: this.row } = HOLDERS[kind]);
  }

  /**
   * Takes a forced refresh for the token of `generation`, or says after how many milliseconds there is one. It is taken once
   * over all processes: a report of a token that is already being replaced is allowed and costs nothing.
   */
  async take(
    { platformId, authorizerAppid }: { platformId: number; authorizerAppid?: string },
    generation: number,
  ): Promise<{ allowed: true } | { allowed: false; waitMs: number }> {
    const key = `${platformId}:${authorizerAppid ?? ''}`;
    const now = this.clock.monotonicMs();
    const refusedUntil = this.refused.get(key);
    if (refusedUntil !== undefined && refusedUntil > now) return { allowed: false, waitMs: refusedUntil - now };
    this.refused.delete(key);
    const { table, row } = this;
    const [answer] = await this.db.query<Answer>(
      `WITH taken AS (
         UPDATE ${table}
            SET forced_refreshes = CASE WHEN forced_at > wxfleet.now() - make_interval(secs => ${CALM_SECONDS})
                                        THEN forced_refreshes + 1 ELSE 1 END,
                forced_at = wxfleet.now(), forced_generation = generation
          WHERE ${row} AND generation = $2 AND forced_generation IS DISTINCT FROM generation AND ${WAIT_MS} <= 0
         RETURNING 1
       )
       SELECT EXISTS (SELECT FROM taken) AS taken, generation = $2 AS is_same,
              coalesce(forced_generation = generation, false) AS was_forced, ${WAIT_MS} AS wait_ms
         FROM ${table} WHERE ${row}`,
      authorizerAppid === undefined ? [platformId, generation] : [platformId, generation, authorizerAppid],
    );
    // A token that was replaced meanwhile, or is being replaced by another process, costs nothing further.
    if (!answer || answer.taken || !answer.is_same || answer.was_forced || answer.wait_ms <= 0)
      return { allowed: true };
    this.refused.set(key, now + answer.wait_ms);
    this.forgetPast(now);
    return { allowed: false, waitMs: answer.wait_ms };
  }

  private forgetPast(now: number): void {
    for (const [key, untilMs] of this.refused) if (untilMs <= now) this.refused.delete(key);
  }
}
