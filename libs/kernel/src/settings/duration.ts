const PATTERN = /^P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * Milliseconds of an ISO 8601 duration made of weeks, days, hours, minutes and seconds (`PT24H`, `P1DT12H`).
 * Years and months have no fixed length and are refused.
 * @throws Error when the text is not such a duration or is zero
 */
export function durationMs(text: string): number {
  const match = PATTERN.exec(text);
  const ms = match
    ? [604_800_000, 86_400_000, 3_600_000, 60_000, 1000].reduce(
        (sum, unit, index) => sum + Number(match[index + 1] ?? 0) * unit,
        0,
      )
    : 0;
  if (!match || text.endsWith('T') || ms <= 0) {
    throw new Error('must be an ISO 8601 duration of weeks, days, hours, minutes or seconds, such as PT24H');
  }
  return Math.round(ms);
}

/** The shortest way to write a number of milliseconds that `durationMs` reads, in days, hours, minutes and seconds. */
export function durationText(ms: number): string {
  const days = Math.floor(ms / 86_400_000);
  const hours = Math.floor((ms % 86_400_000) / 3_600_000);
  const minutes = Math.floor((ms % 3_600_000) / 60_000);
  const seconds = (ms % 60_000) / 1000;
  const time = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${seconds > 0 ? `${seconds}S` : ''}`;
  return `P${days > 0 ? `${days}D` : ''}${time === '' ? (days > 0 ? '' : 'T0S') : `T${time}`}`;
}
