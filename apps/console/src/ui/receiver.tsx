import { Input, Select } from 'antd';
import type { ReactNode } from 'react';
import { useTexts, type Translate } from '../i18n/index.ts';
import { webhooksTexts } from '../i18n/webhooks.ts';
import { ShownOnce } from './secret.tsx';

/** Whether it is worth asking the hub, which judges the address itself. */
export function isReceiverUrl(text: string): boolean {
  return /^https?:\/\/./.test(text.trim());
}

/** The address of a receiver, in a form. */
export function ReceiverUrl({
  value,
  onChange,
  autoFocus = false,
}: {
  value: string;
  onChange: (value: string) => void;
  autoFocus?: boolean;
}): ReactNode {
  const t = useTexts(webhooksTexts);
  return (
    <label className="field">
      <span>{t('url')}</span>
      <Input
        autoFocus={autoFocus}
        inputMode="url"
        placeholder="https://"
        value={value}
        maxLength={2048}
        onChange={(event) => onChange(event.target.value)}
      />
      <span className="small muted">{t('url.hint')}</span>
    </label>
  );
}

/** The secret of a receiver, when it was made or rotated. */
export function SecretOnce({ value, onClose }: { value: string; onClose: () => void }): ReactNode {
  const t = useTexts(webhooksTexts);
  return <ShownOnce value={value} title={t('once')} why={t('once.why')} saved={t('saved')} onClose={onClose} />;
}

/** A choice of a few, whose texts are `<name>.<value>`. */
export function Choice<V extends string>({
  t,
  name,
  values,
  value,
  onChange,
}: {
  t: Translate<typeof webhooksTexts>;
  name: 'format' | 'signature' | 'ordering' | 'only' | 'source' | 'mode';
  values: readonly V[];
  value: V;
  onChange: (value: V) => void;
}): ReactNode {
  return (
    <Select<V>
      aria-label={t(name === 'only' ? 'replay.only' : name)}
      style={{ minWidth: 150 }}
      value={value}
      onChange={(next) => onChange(next)}
      options={values.map((each) => ({ value: each, label: t(`${name}.${each}` as keyof typeof webhooksTexts) }))}
    />
  );
}
