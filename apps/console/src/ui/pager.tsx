import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { common } from '../i18n/common.ts';
import { useTexts } from '../i18n/index.ts';
import type { UrlState } from './url-state.ts';

/** Pages by cursor: forward through the address, back through the history of the browser. */
export function Pager({
  url,
  next,
  shown,
  name = 'cursor',
}: {
  url: UrlState;
  next: string | null;
  shown?: ReactNode;
  name?: string;
}): ReactNode {
  const t = useTexts(common);
  const navigate = useNavigate();
  const cursor = url.get(name);
  if (cursor === undefined && next === null) return shown ? <div className="pager small muted">{shown}</div> : null;
  return (
    <nav className="pager" aria-label={t('next')}>
      <span className="small muted grow">{shown}</span>
      {cursor !== undefined && <Button onClick={() => url.set({ [name]: undefined })}>{t('first')}</Button>}
      <Button disabled={cursor === undefined} onClick={() => void navigate(-1)}>
        {t('previous')}
      </Button>
      <Button disabled={next === null} onClick={() => next !== null && url.set({ [name]: next })}>
        {t('next')}
      </Button>
    </nav>
  );
}
