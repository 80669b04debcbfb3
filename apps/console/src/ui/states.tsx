import type { UseQueryResult } from '@tanstack/react-query';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import type { ApiError } from '../api.ts';
import { common } from '../i18n/common.ts';
import { useTexts, type Translate } from '../i18n/index.ts';
import { relative, useNow } from './time.tsx';

/** What an error means for the person in front of it. */
export function explain(error: ApiError, t: Translate<typeof common>): string {
  const { wechat, errors, permission_set_id: id } = error.problem;
  const detail = wechat
    ? `${wechat.errcode} ${wechat.errmsg}`
    : (errors?.map(({ path, message }) => `${path} ${message}`).join('; ') ?? error.detail ?? error.code);
  const key = `error.${error.code}`;
  return t((key in common ? key : 'error.other') as keyof typeof common, { detail, id: id ?? '' });
}

export function Loading({ rows = 5 }: { rows?: number }): ReactNode {
  const t = useTexts(common);
  return (
    <div className="skeleton" role="status" aria-label={t('loading')}>
      {Array.from({ length: rows }, (_, at) => (
        <i key={at} style={{ width: `${92 - ((at * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

export function Failure({ error, retry }: { error: ApiError; retry?: () => void }): ReactNode {
  const t = useTexts(common);
  return (
    <div className="state" role="alert">
      <h3>{t('error.title')}</h3>
      <p>{explain(error, t)}</p>
      <code className="muted">
        {error.code}
        {error.problem.instance ? ` · ${error.problem.instance}` : ''}
      </code>
      {retry && error.code !== 'not_found' && error.code !== 'forbidden' && (
        <Button onClick={retry}>{t('retry')}</Button>
      )}
    </div>
  );
}

/** Why what a form has sent was refused; nothing before. */
export function Refusal({ error }: { error: ApiError | null }): ReactNode {
  const t = useTexts(common);
  return (
    error && (
      <div className="notice bad" role="alert">
        {explain(error, t)}
      </div>
    )
  );
}

export function Empty({ title, children }: { title: ReactNode; children?: ReactNode }): ReactNode {
  return (
    <div className="state">
      <h3>{title}</h3>
      {children}
    </div>
  );
}

/** One place for the four states of everything that is loaded: loading, failed, stale, there. */
export function Loaded<D>({
  query,
  rows,
  children,
}: {
  query: UseQueryResult<D, ApiError>;
  rows?: number;
  children: (data: D) => ReactNode;
}): ReactNode {
  const t = useTexts(common);
  const nowMs = useNow();
  const { data, error } = query;
  if (data === undefined) {
    return error ? (
      <Failure error={error} retry={() => void query.refetch()} />
    ) : (
      <Loading {...(rows ? { rows } : {})} />
    );
  }
  return (
    <>
      {error && (
        <div className="notice warn" role="alert">
          <span className="grow">
            {t('stale', { age: relative(new Date(query.dataUpdatedAt).toISOString(), nowMs) })} · {explain(error, t)}
          </span>
          <Button size="small" onClick={() => void query.refetch()}>
            {t('retry')}
          </Button>
        </div>
      )}
      {children(data)}
    </>
  );
}
