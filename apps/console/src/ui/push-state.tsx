import type { ReactNode } from 'react';
import type { Schemas } from '../api.ts';
import { useTexts } from '../i18n/index.ts';
import { miniProgramTexts } from '../i18n/mini-program.ts';
import { Tag } from './terms.tsx';

type Push = Schemas['Push'];
const PUSH_TONE = { pending: 'accent', handled: 'good', superseded: '', unhandled: 'warn', failed: 'bad' } as const;

export function PushState({ state }: { state: Push['state'] }): ReactNode {
  const t = useTexts(miniProgramTexts);
  return <Tag tone={PUSH_TONE[state]}>{t(`push.${state}`)}</Tag>;
}
