import { DAY_SECONDS } from '#libs/kernel';
/** How long before the expiry a refresh is due at the latest, in seconds. */
const AHEAD_SECONDS = 15 * 60;

/** WeChat's pages say 7200 for every token there is. */
const MAX_LIFE_SECONDS = DAY_SECONDS;

/**
 * The life in seconds to count with. One far longer than WeChat documents is a mistake: the token would be served long after
 * its expiry, or the database could not store the time.
 */
export function effectiveExpiry(expiresInSeconds: number): number {
  return Math.min(expiresInSeconds, MAX_LIFE_SECONDS);
}

/**
 * Seconds after a token was fetched when its successor is due. For a life of 7200 s that is between 90 and 105 minutes:
 * 15 minutes before the expiry, less up to 15 more by a hash of `subject`, so that a fleet that was authorized or
 * recovered at once spreads out. Not much earlier, because every refresh spends quota and starts the last five minutes of
 * the token before it (WeChat's access-token guide). A short life shrinks both in proportion.
 */
export function refreshAfterSeconds(subject: string, expiresInSeconds: number): number {
  const ahead = Math.min(AHEAD_SECONDS, expiresInSeconds / 8);
  return Math.floor(expiresInSeconds - ahead - fractionOf(subject) * ahead);
}

/**
 * Seconds to wait after the `failures`-th failure in a row: doubles from `first` to `most`. Deterministic, so that a test
 * can state it; the spread over a fleet comes from the times at which its members fail.
 */
export function coolDownSeconds(failures: number, first: number, most: number): number {
  return Math.min(most, first * 2 ** Math.max(0, Math.min(failures, 30) - 1));
}

/** A stable number in [0, 1) for a text: FNV-1a with a final mix. It only has to spread, and is asked for every refresh. */
function fractionOf(subject: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < subject.length; index += 1) {
    hash = Math.imul(hash ^ subject.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
