import { Checkbox, Popover, Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { common } from '../i18n/common.ts';
import { useTexts } from '../i18n/index.ts';

export interface Column<T> {
  key: string;
  title: string;
  render: (row: T) => ReactNode;
  right?: boolean;
  width?: string;
  /** May be left out by the reader; `off`: is left out until asked for. */
  choice?: 'on' | 'off';
  /** Left out on a phone. */
  notOnPhone?: boolean;
}

/** A table that becomes a list of cards on a phone. Rows come from the server in its order, so nothing is sorted here. */
export function DataTable<T>({
  columns,
  rows,
  rowKey,
  caption,
  empty,
  dim = false,
}: {
  columns: readonly Column<T>[];
  rows: readonly T[];
  rowKey: (row: T) => string;
  caption: string;
  empty: ReactNode;
  dim?: boolean;
}): ReactNode {
  if (rows.length === 0) return empty;
  return (
    <div className="table-wrap" tabIndex={0} role="region" aria-label={caption}>
      <table className={`data ${dim ? 'dim' : ''}`} role="table">
        <caption className="sr">{caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {columns.map(({ key, title, right, width }) => (
              <th
                key={key}
                role="columnheader"
                className={right ? 'right' : ''}
                {...(width ? { style: { width } } : {})}
              >
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr key={rowKey(row)} role="row">
              {columns.map(({ key, title, render, right }) => (
                <td
                  key={key}
                  role="cell"
                  className={right ? 'right num' : ''}
                  {...(title ? { 'data-label': title } : {})}
                >
                  <div className="cell">{render(row)}</div>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Which of the optional columns are shown; remembered on this device. */
export function useColumns<T>(name: string, columns: readonly Column<T>[]): { shown: Column<T>[]; chooser: ReactNode } {
  const t = useTexts(common);
  const key = `wxfleet.columns.${name}`;
  const [hidden, setHidden] = useState<ReadonlySet<string>>(() => {
    const kept = localStorage.getItem(key);
    if (kept !== null) return new Set(kept.split(','));
    return new Set(columns.filter(({ choice }) => choice === 'off').map((column) => column.key));
  });
  const toggle = (column: string, show: boolean) => {
    const next = new Set(hidden);
    if (show) next.delete(column);
    else next.add(column);
    localStorage.setItem(key, [...next].join(','));
    setHidden(next);
  };
  const content = (
    <div className="form">
      {columns
        .filter(({ choice }) => choice !== undefined)
        .map((column) => (
          <Checkbox
            key={column.key}
            checked={!hidden.has(column.key)}
            onChange={(event) => toggle(column.key, event.target.checked)}
          >
            {column.title}
          </Checkbox>
        ))}
    </div>
  );
  return {
    shown: columns.filter((column) => !hidden.has(column.key)),
    chooser: (
      <Popover trigger="click" placement="bottomRight" content={content}>
        <Button>{t('columns')}</Button>
      </Popover>
    ),
  };
}
