import { Button } from 'antd';
import type { ReactNode } from 'react';
import { common } from '../i18n/common.ts';
import { useTexts } from '../i18n/index.ts';
import { say } from './toasts.tsx';

/** Also where the clipboard interface is missing, because the page came over plain http. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('copy');
}

export function CopyButton({
  text,
  label,
  type,
}: {
  text: string;
  label?: string;
  type?: 'primary' | 'link';
}): ReactNode {
  const t = useTexts(common);
  return (
    <Button
      {...(type ? { type } : {})}
      size="small"
      onClick={() => {
        copyText(text).then(
          () => say(t('copied')),
          () => say(text, 'bad'),
        );
      }}
    >
      {label ?? t('copy')}
    </Button>
  );
}

/** A value to be entered somewhere else. */
export function CopyField({ label, value, hint }: { label: string; value: string; hint?: ReactNode }): ReactNode {
  return (
    <div className="field">
      <span className="label">{label}</span>
      <div className="row">
        <code className="break grow">{value}</code>
        <CopyButton text={value} />
      </div>
      {hint && <span className="small muted">{hint}</span>}
    </div>
  );
}
