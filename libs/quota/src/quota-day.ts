const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const BEIJING_MS = 8 * HOUR_MS;

/** A day of counting. */
export interface QuotaDay {
  /** `YYYY-MM-DD`: the Beijing date on which it began. */
  day: string;
  /** Milliseconds since 1970. */
  endsMs: number;
}

/**
 * The day in which a moment (milliseconds since 1970) is counted. When WeChat's "daily" limits start again is not documented;
 * midnight in Beijing is an assumption, `resetHour` (0 to 23, Beijing time) another. China has no daylight saving.
 */
export function quotaDay(atMs: number, resetHour = 0): QuotaDay {
  const shiftMs = BEIJING_MS - resetHour * HOUR_MS;
  const index = Math.floor((atMs + shiftMs) / DAY_MS);
  return { day: new Date(index * DAY_MS).toISOString().slice(0, 10), endsMs: (index + 1) * DAY_MS - shiftMs };
}
