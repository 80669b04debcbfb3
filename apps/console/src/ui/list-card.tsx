import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ApiError } from '../api.ts';
import { Card } from './page.tsx';
import { Pager } from './pager.tsx';
import { Loaded } from './states.tsx';
import { DataTable, type Column } from './table.tsx';
import type { UrlState } from './url-state.ts';

/** A card with one page of a list, from loading to the button for the next page. */
export function ListCard<T>({
  title,
  end,
  intro,
  query,
  columns,
  rowKey,
  empty,
  url,
  children,
}: {
  title: string;
  end?: ReactNode;
  /** A sentence above the table. */
  intro?: string;
  query: UseQueryResult<{ items: T[]; next_cursor: string | null }, ApiError>;
  columns: readonly Column<T>[];
  rowKey: (row: T) => string;
  empty: ReactNode;
  /** Holds the cursor. */
  url: UrlState;
  /** Dialogs. */
  children?: ReactNode;
}): ReactNode {
  return (
    <Card flush title={title} end={end}>
      {intro !== undefined && <p className="body small muted">{intro}</p>}
      <Loaded query={query}>
        {({ items, next_cursor }) => (
          <>
            <DataTable<T>
              caption={title}
              dim={query.isPlaceholderData}
              rows={items}
              rowKey={rowKey}
              empty={empty}
              columns={columns}
            />
            <Pager url={url} next={next_cursor} />
          </>
        )}
      </Loaded>
      {children}
    </Card>
  );
}
