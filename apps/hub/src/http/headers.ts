/** Headers of every answer; handlers may set a kinder Cache-Control. */
export const HEADERS = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };

/** Of everything a person's browser shows: no word to other sites, and no hold for a page that has opened ours. */
export const SHOWN: Readonly<Record<string, string>> = {
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
};
