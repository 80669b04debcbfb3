const MINUTE = 60;
const HOUR = 60 * MINUTE;
/** Seconds after the first, second … failed attempt (the schedule that Standard Webhooks publishes). */
const SCHEDULE = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR];
const JITTER = 0.2;
const MAX_RETRY_AFTER = 24 * HOUR;

export const MAX_ATTEMPTS = SCHEDULE.length + 1;

/**
 * Seconds to wait after the `attempts`-th failed attempt; null: given up.
 * @param retryAfterSeconds what the receiver asked for, up to a day; it never shortens the schedule
 * @param random 0 to 1
 */
export function retryDelaySeconds(
  attempts: number,
  retryAfterSeconds: number | null,
  random = Math.random(),
): number | null {
  const base = SCHEDULE[attempts - 1];
  if (base === undefined) return null;
  const jittered = base * (1 + JITTER * (2 * random - 1));
  return Math.max(jittered, Math.min(retryAfterSeconds ?? 0, MAX_RETRY_AFTER));
}
