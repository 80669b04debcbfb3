import type { ListToWrite } from './list-to-write.ts';

/** For `include` in a `location` or `server` of nginx. The line that denies all others belongs after it. */
export function nginx({ v4, v6 }: ListToWrite): string {
  const lines = ['# include this file, then: deny all;', ...[...v4, ...v6].map((entry) => `allow ${entry};`)];
  return lines.map((line) => `${line}\n`).join('');
}
