import { Button } from 'antd';
import type { ReactNode } from 'react';
import { common } from '../i18n/common.ts';
import { useTexts } from '../i18n/index.ts';
import { fetchCsv } from './csv.ts';
import { say } from './toasts.tsx';

/** What the page shows, as the hub itself writes it. */
export function CsvButton({
  name,
  path,
  query,
}: {
  name: string;
  path: string;
  /** Parameters of the list; undefined ones are left out. */
  query: Readonly<Record<string, string | undefined>>;
}): ReactNode {
  const t = useTexts(common);
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return (
    <Button
      onClick={() => {
        fetchCsv(name, `${path}?${new URLSearchParams(given)}`).catch((error: unknown) => say(String(error), 'bad'));
      }}
    >
      {t('csv')}
    </Button>
  );
}
