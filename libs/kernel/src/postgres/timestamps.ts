const ZERO = 48;
/** `2026-11-23 02:24:21`, to which a fraction of the second and the offset of the session's zone are added. */
const SECONDS_END = 19;

/**
 * A `timestamptz` as the server writes it in the ISO style; null for everything else (before Christ, five-digit years,
 * infinity), which the driver's own parser knows. That one matches a pattern and takes a fifth of the time of reading a list.
 * Microseconds are cut off, as a Date has none.
 */
export function parseTimestamp(text: string): Date | null {
  if (text[4] !== '-' || text[7] !== '-' || text[10] !== ' ' || text[13] !== ':' || text[16] !== ':') return null;
  let at = SECONDS_END;
  let ms = 0;
  if (text[at] === '.') {
    for (let unit = 100, digit = digitAt(text, ++at); digit >= 0; unit /= 10, digit = digitAt(text, ++at)) {
      if (unit >= 1) ms += digit * unit;
    }
  }
  const sign = text[at] === '+' ? 1 : text[at] === '-' ? -1 : 0;
  let offset = twoAt(text, at + 1) * 60;
  at += 3;
  if (text[at] === ':') {
    offset += twoAt(text, at + 1);
    at += 3;
  }
  if (sign === 0 || at !== text.length) return null;
  const year = twoAt(text, 0) * 100 + twoAt(text, 2);
  const minutes = twoAt(text, 11) * 60 + twoAt(text, 14) - sign * offset;
  // `Date.UTC` takes years below 100 for those of the last century.
  const time = year < 100 ? NaN : Date.UTC(year, twoAt(text, 5) - 1, twoAt(text, 8), 0, minutes, twoAt(text, 17), ms);
  return Number.isNaN(time) ? null : new Date(time);
}

/** -1: no digit. */
function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - ZERO;
  return digit >= 0 && digit <= 9 ? digit : -1;
}

/** NaN: not two digits. */
function twoAt(text: string, at: number): number {
  const tens = digitAt(text, at);
  const ones = digitAt(text, at + 1);
  return tens < 0 || ones < 0 ? NaN : tens * 10 + ones;
}
