import type { Clock, Sql } from '#libs/kernel';

/**
 * The database's clock between two looks at it: the time it told, plus what has passed here since by the clock that
 * never jumps. It is behind the database by the time an answer of it travels, never ahead.
 */
export class ObservationClock {
  private constructor(
    private readonly clock: Clock,
    private readonly databaseMs: number,
    private readonly monotonicMs: number,
  ) {}

  /** @param databaseNow what `wxfleet.now()` said a moment ago */
  static at(clock: Clock, databaseNow: Date): ObservationClock {
    return new ObservationClock(clock, databaseNow.getTime(), clock.monotonicMs());
  }

  static async read(clock: Clock, sql: Sql): Promise<ObservationClock> {
    const [row] = await sql.query<{ now: Date }>('SELECT wxfleet.now() AS now');
    if (!row) throw new Error('the database did not say what time it is');
    return ObservationClock.at(clock, row.now);
  }

  now(): Date {
    return new Date(this.databaseMs + Math.max(0, this.clock.monotonicMs() - this.monotonicMs));
  }
}
