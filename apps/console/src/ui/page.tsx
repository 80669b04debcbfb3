import { useEffect, type ReactNode } from 'react';
import { common } from '../i18n/common.ts';
import { useTexts } from '../i18n/index.ts';
import { Age } from './time.tsx';

/** The frame of every page: its name, the question that it answers, how old its evidence is, and what can be done. */
export function Page({
  title,
  question,
  crumbs,
  evidence,
  actions,
  children,
}: {
  title: string;
  question?: ReactNode;
  crumbs?: ReactNode;
  /** Time of the oldest thing that the page relies on; null: there was no observation. */
  evidence?: string | null | undefined;
  actions?: ReactNode;
  children: ReactNode;
}): ReactNode {
  const t = useTexts(common);
  useEffect(() => {
    document.title = `${title} · wxfleet`;
  }, [title]);
  return (
    <>
      <div className="page-head">
        <div className="what">
          {crumbs && <div className="crumbs">{crumbs}</div>}
          <h1>{title}</h1>
          {question && <p className="question">{question}</p>}
        </div>
        <div className="row">
          {evidence !== undefined && (
            <span className="small muted">
              {t('evidence')} <Age at={evidence} />
            </span>
          )}
          {actions}
        </div>
      </div>
      <div className="stack">{children}</div>
    </>
  );
}

export function Card({
  title,
  end,
  children,
  flush = false,
  id,
}: {
  title?: ReactNode;
  end?: ReactNode;
  children: ReactNode;
  /** Without padding, for tables. */
  flush?: boolean;
  id?: string;
}): ReactNode {
  return (
    <section className="card" id={id}>
      {title !== undefined && (
        <header>
          <h2>{title}</h2>
          {end && <div className="end row">{end}</div>}
        </header>
      )}
      {flush ? children : <div className="body">{children}</div>}
    </section>
  );
}

/** A name and its value in a list of facts. */
export function Fact({ name, children }: { name: string; children: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
