import { theme as antdTheme, type ThemeConfig } from 'antd';
import { useSyncExternalStore } from 'react';

export type ThemeName = 'light' | 'dark';
export type ThemeChoice = ThemeName | 'system';

/** antd's own defaults fail WCAG AA in both themes (primary on white 4.1, placeholders 1.8); these do not. */
const LIGHT: ThemeConfig['token'] = {
  colorPrimary: '#0958d9',
  colorLink: '#0958d9',
  colorTextPlaceholder: '#6b6b6b',
  colorTextDescription: '#595959',
  colorTextDisabled: '#6b6b6b',
  colorSuccess: '#237804',
  colorSuccessBg: '#f6ffed',
  colorSuccessBorder: '#b7eb8f',
  colorWarning: '#874d00',
  colorWarningBg: '#fffbe6',
  colorWarningBorder: '#ffe58f',
  colorError: '#a8071a',
  colorErrorBg: '#fff1f0',
  colorErrorBorder: '#ffa39e',
  colorBgLayout: '#f5f6f8',
  colorBorder: '#d0d5dd',
};
const DARK: ThemeConfig['token'] = {
  colorPrimary: '#4096ff',
  colorLink: '#69b1ff',
  colorTextPlaceholder: '#8f8f8f',
  colorTextDescription: '#a6a6a6',
  colorTextDisabled: '#9a9a9a',
  colorError: '#ff7875',
  colorBgBase: '#14171c',
  colorBgContainer: '#181c22',
  colorBgElevated: '#1f242c',
  colorBgLayout: '#0f1216',
  colorBorder: '#3b424d',
};

export function antdThemeOf(name: ThemeName): ThemeConfig {
  const dark = name === 'dark';
  return {
    algorithm: dark ? [antdTheme.darkAlgorithm, antdTheme.compactAlgorithm] : antdTheme.compactAlgorithm,
    token: {
      ...(dark ? DARK : LIGHT),
      fontSize: 14,
      controlHeight: 32,
      borderRadius: 6,
      // antd moves what it opens by script and style both; a style sheet alone does not stop it.
      motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.16s',
      fontFamily: 'var(--font)',
    },
    components: {
      Button: dark ? { primaryColor: '#0b1220' } : {},
      Menu: dark ? { darkItemSelectedBg: '#0958d9' } : {},
      Segmented: { trackBg: dark ? '#0f1216' : '#e9ebef', itemColor: dark ? '#b7bec9' : '#4a5260' },
    },
  };
}

const KEY = 'wxfleet.theme';
const listeners = new Set<() => void>();
const systemDark = matchMedia('(prefers-color-scheme: dark)');
systemDark.addEventListener('change', apply);

export function themeChoice(): ThemeChoice {
  const kept = localStorage.getItem(KEY);
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

export function chooseTheme(choice: ThemeChoice): void {
  if (choice === 'system') localStorage.removeItem(KEY);
  else localStorage.setItem(KEY, choice);
  apply();
}

function apply(): void {
  const choice = themeChoice();
  document.documentElement.dataset.theme = choice === 'system' ? (systemDark.matches ? 'dark' : 'light') : choice;
  for (const listener of listeners) listener();
}

export function useTheme(): ThemeName {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => (document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light'),
  );
}
