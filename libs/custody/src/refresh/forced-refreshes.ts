import type { Clock, Database } from '#libs/kernel';

/** So many at once; the next one a minute later, and each one after that twice as long after the one before, up to an hour. */
const BURST = 3;
const FIRST_WAIT_SECONDS = 60;
const MAX_WAIT_SECONDS = 3600;
/** Who has not needed one for so long begins anew. Longer than any wait, so that nobody gets there by waiting. */
const CALM_SECONDS = 2 * MAX_WAIT_SECONDS;

const HOLDERS = {
  component: { table: 'custody.component_token', row: 'platform_id = $1' },
  authorizer: { table: 'custody.authorizer_token', row: 'platform_id = $1 AND authorizer_appid = $3' },
} as const;

const WAIT_SECONDS = `CASE WHEN forced_refreshes < ${BURST} OR forced_at <= wxfleet.now() - make_interval(secs => ${CALM_SECONDS})
       THEN 0 ELSE least(${MAX_WAIT_SECONDS}, ${FIRST_WAIT_SECONDS} * 2 ^ least(forced_refreshes - ${BURST}, 20)) END`;
/** Milliseconds until the next one; none or less: now. */
const WAIT_MS = `coalesce(extract(epoch FROM forced_at - wxfleet.now()) + ${WAIT_SECONDS}, 0)::float8 * 1000`;

interface Answer {
  taken: boolean;
  is_same: boolean;
  was_forced: boolean;
  wait_ms: number;
}

/**
 * Bounds what "your token is rejected" may cost. Each report names a token, and only a report of the current one forces a
 * refresh; still a holder whose every new token is refused would be refreshed as fast as it is asked. Three are forced at once,
 * then one after a minute, two, four and so on up to an hour. What was forced stands in the row of the token: any number of
 * processes costs what one costs, and a restart changes nothing.
 */
export class ForcedRefreshes {
  private readonly table: string;
  private readonly row: string;
  /** Monotonic ms until which a holder has none: further reports need not ask the database. */
  private readonly refused = new Map<string, number>();

  constructor(
    holder: keyof typeof HOLDERS,
    private readonly db: Database,
    private readonly clock: Clock,
  ) {
    ({ table: this.table, row: this.row } = HOLDERS[holder]);
  }

  /**
   * Takes one for the token of `generation`, or says after how many milliseconds there is one. It is taken once, in whatever
   * process: who reports the same token while it is being replaced joins in.
   */
  async take(
    platformId: number,
    generation: number,
    authorizerAppid?: string,
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
    // A token that was replaced meanwhile, or is being replaced by somebody else, costs nothing further.
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
