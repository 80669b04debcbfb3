import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { currentLanguage, useLanguage, useTexts } from '../i18n/index.ts';
import { common } from '../i18n/common.ts';

const pad = (value: number, digits = 2) => String(value).padStart(digits, '0');

/** `2026-03-03 14:05` in the reader's own time zone; with `seconds` to the second. */
export function localTime(iso: string, seconds = false): string {
  const at = new Date(iso);
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return `${day} ${pad(at.getHours())}:${pad(at.getMinutes())}${seconds ? `:${pad(at.getSeconds())}` : ''}`;
}

export function localDay(iso: string | number): string {
  const at = new Date(iso);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

export function utcTime(iso: string): string {
  return `${new Date(iso).toISOString().replace('T', ' ').slice(0, 19)} UTC`;
}

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** 「3 分钟前」; also for what is to come. */
export function relative(iso: string, nowMs: number): string {
  const seconds = Math.round((new Date(iso).getTime() - nowMs) / 1000);
  const [unit, size] = UNITS.find(([, of]) => Math.abs(seconds) >= of) ?? (['second', 1] as const);
  return new Intl.RelativeTimeFormat(currentLanguage(), { numeric: 'auto' }).format(Math.trunc(seconds / size), unit);
}

let now = Date.now();
const tickers = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
function tick(): void {
  now = Date.now();
  for (const listener of tickers) listener();
}

/** The present, to about ten seconds; one timer for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(
    (listener) => {
      tickers.add(listener);
      timer ??= setInterval(tick, 10_000);
      return () => {
        tickers.delete(listener);
        if (tickers.size === 0) {
          clearInterval(timer);
          timer = undefined;
        }
      };
    },
    () => now,
  );
}

/** A clock to the second, for countdowns. */
export function useSecond(): number {
  const [at, set] = useState(() => Date.now());
  useEffect(() => {
    const every = setInterval(() => set(Date.now()), 1000);
    return () => clearInterval(every);
  }, []);
  return at;
}

/** A moment in local time; UTC and how long ago it was on hover. */
export function Time({ at, seconds = false }: { at: string | null | undefined; seconds?: boolean }): ReactNode {
  const nowMs = useNow();
  const t = useTexts(common);
  useLanguage();
  if (at == null) return <span className="muted">{t('never')}</span>;
  return (
    <time dateTime={at} title={`${utcTime(at)}\n${relative(at, nowMs)}`} className="num nowrap">
      {localTime(at, seconds)}
    </time>
  );
}

/** How old something is; the exact moment on hover. Older than `staleAfterMs` is marked. */
export function Age({ at, staleAfterMs }: { at: string | null | undefined; staleAfterMs?: number }): ReactNode {
  const nowMs = useNow();
  const t = useTexts(common);
  useLanguage();
  if (at == null) return <span className="unknown-text">{t('never')}</span>;
  const stale = staleAfterMs !== undefined && nowMs - new Date(at).getTime() > staleAfterMs;
  return (
    <time
      dateTime={at}
      title={`${localTime(at, true)}\n${utcTime(at)}`}
      className={`nowrap ${stale ? 'tag warn' : ''}`}
    >
      {/* The clock of the page ticks every ten seconds; what has happened since then is not in the future. */}
      {relative(at, Math.max(nowMs, new Date(at).getTime()))}
    </time>
  );
}
