/** Headers of every answer; handlers may set a kinder Cache-Control. */
export const HEADERS = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' };
