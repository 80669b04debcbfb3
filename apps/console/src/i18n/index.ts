import { useCallback, useSyncExternalStore } from 'react';

export type Language = 'zh-CN' | 'en';

/** Each text in Chinese and in English, side by side, so that neither can be forgotten. */
export type Texts = Readonly<Record<string, readonly [zh: string, en: string]>>;
export type Values = Readonly<Record<string, string | number>>;
export type Translate<T extends Texts> = (key: keyof T, values?: Values) => string;

const KEY = 'wxfleet.language';
const listeners = new Set<() => void>();
/** As chosen on this device, else that of the browser. */
let language: Language = isEnglish(localStorage.getItem(KEY) ?? navigator.language) ? 'en' : 'zh-CN';
document.documentElement.lang = language;

function isEnglish(tag: string): boolean {
  return !tag.toLowerCase().startsWith('zh');
}

export function currentLanguage(): Language {
  return language;
}

export function chooseLanguage(next: Language): void {
  language = next;
  localStorage.setItem(KEY, next);
  document.documentElement.lang = next;
  for (const listener of listeners) listener();
}

export function useLanguage(): Language {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => language,
  );
}

/** The texts of a page or part in the language of the reader. */
export function useTexts<T extends Texts>(texts: T): Translate<T> {
  const now = useLanguage();
  return useCallback(
    (key, values) => format(texts[key as string]?.[now === 'en' ? 1 : 0] ?? String(key), values),
    [texts, now],
  );
}

/** `{name}` is replaced; `{n|domain|domains}` becomes the number with the word that fits. */
export function format(text: string, values: Values = {}): string {
  return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    const shown = typeof value === 'number' ? formatNumber(value) : value;
    return one === undefined ? shown : `${shown} ${value === 1 ? one : many}`;
  });
}

export function formatNumber(value: number): string {
  return new Intl.NumberFormat(language).format(value);
}
