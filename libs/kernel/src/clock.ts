/**
 * The process's clocks. They measure waiting and remaining life only; what is true about time (leases, expiry,
 * observations) is decided by the database's `wxfleet.now()`.
 */
export abstract class Clock {
  /** Milliseconds that never jump, from an arbitrary start. */
  abstract monotonicMs(): number;
  /** Milliseconds since 1970 by this machine's clock; may jump. */
  abstract wallMs(): number;
}

/** The real clocks of this machine. */
export class SystemClock extends Clock {
  override monotonicMs(): number {
    return performance.now();
  }

  override wallMs(): number {
    return Date.now();
  }
}
