import { Button, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { get, useApi } from '../api.ts';
import { common } from '../i18n/common.ts';
import { useTexts } from '../i18n/index.ts';
import { miniPrograms } from '../i18n/mini-programs.ts';
import { usePlatform } from '../session.tsx';
import { exportList } from '../ui/csv.ts';
import { Card, Page } from '../ui/page.tsx';
import { Pager } from '../ui/pager.tsx';
import { Search } from '../ui/search.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { DataTable, useColumns, type Column } from '../ui/table.tsx';
import { AuthorizerState, ProgramLink, Tag, useMerchants, type Authorizer } from '../ui/terms.tsx';
import { Age, Time } from '../ui/time.tsx';
import { say } from '../ui/toasts.tsx';
import { useUrlState, type UrlState } from '../ui/url-state.ts';

const DAY_MS = 86_400_000;
const PATH = '/v1/platforms/{component_appid}/authorizers';

export default function MiniPrograms(): ReactNode {
  const t = useTexts(miniPrograms);
  const c = useTexts(common);
  const platform = usePlatform();
  const url = useUrlState();
  const merchants = useMerchants();
  const query = queryOf(url);
  const list = useApi(PATH, { path: { component_appid: platform }, query }, { keep: true, every: 60_000 });
  const filtered = ['q', 'state', 'merchant', 'set18'].some((name) => url.get(name) !== undefined);
  const oldest = list.data?.items
    .filter(({ state, can_read_domains }) => state === 'authorized' && can_read_domains)
    .map(({ last_snapshot_at }) => last_snapshot_at)
    .sort((a, b) => (a ?? '').localeCompare(b ?? ''))[0];

  const columns: Column<Authorizer>[] = [
    {
      key: 'name',
      title: t('name'),
      render: (row) => <ProgramLink appid={row.authorizer_appid} name={row.nick_name} />,
    },
    {
      key: 'merchant',
      title: c('merchant'),
      choice: 'on',
      render: (row) =>
        row.merchant_id === null ? (
          <span className="muted">{c('unassigned')}</span>
        ) : (
          <button className="plain" onClick={() => url.set({ merchant: row.merchant_id ?? undefined })}>
            {merchants.name(row.merchant_id)}
          </button>
        ),
    },
    {
      key: 'principal',
      title: c('principal'),
      choice: 'on',
      render: (row) => row.principal_name ?? <span className="unknown-text">{c('unknown')}</span>,
    },
    { key: 'kind', title: t('kind'), choice: 'off', render: (row) => c(`kind.${row.kind ?? 'other'}`) },
    { key: 'state', title: c('state'), render: (row) => <AuthorizerState state={row.state} /> },
    {
      key: 'reads',
      title: t('reads'),
      choice: 'on',
      render: (row) => (row.can_read_domains ? t('reads.yes') : <Tag tone="warn">{t('reads.no')}</Tag>),
    },
    {
      key: 'snapshot',
      title: t('snapshot'),
      choice: 'on',
      render: (row) => (
        <Age at={row.last_snapshot_at} {...(row.state === 'authorized' ? { staleAfterMs: 2 * DAY_MS } : {})} />
      ),
    },
    { key: 'next', title: t('snapshot.next'), choice: 'off', render: (row) => <Time at={row.next_snapshot_at} /> },
    { key: 'authorized', title: t('authorized'), choice: 'off', render: (row) => <Time at={row.authorized_at} /> },
    { key: 'sets', title: t('sets'), choice: 'off', render: (row) => row.permission_sets.join(' ') },
    {
      key: 'failure',
      title: t('failure'),
      choice: 'on',
      render: (row) =>
        row.last_failure ? (
          <span title={row.last_failure.wechat?.errmsg ?? ''}>
            <code>{row.last_failure.wechat?.errcode ?? row.last_failure.code}</code> <Age at={row.last_failure.at} />
          </span>
        ) : (
          <span className="muted">–</span>
        ),
    },
  ];
  const { shown, chooser } = useColumns('mini-programs', columns);
  const [exporting, setExporting] = useState(false);

  return (
    <Page title={t('title')} question={t('question')} evidence={oldest}>
      <Card flush>
        <div className="body">
          <div className="filters">
            <Search url={url} placeholder={t('search')} />
            <Select
              aria-label={c('state')}
              style={{ width: 150 }}
              value={url.get('state') ?? ''}
              onChange={(state: string) => url.set({ state })}
              options={[
                { value: '', label: t('state.any') },
                ...(['authorized', 'unauthorized', 'reauthorization_required'] as const).map((value) => ({
                  value,
                  label: c(`state.${value}`),
                })),
              ]}
            />
            <Select
              aria-label={c('merchant')}
              style={{ width: 180 }}
              showSearch={{ optionFilterProp: 'label' }}
              value={url.get('merchant') ?? ''}
              onChange={(merchant: string) => url.set({ merchant })}
              options={[
                { value: '', label: t('merchant.any') },
                ...merchants.items.map(({ merchant_id, name }) => ({ value: merchant_id, label: name })),
              ]}
            />
            <Select
              aria-label={t('reads')}
              style={{ width: 170 }}
              value={url.get('set18') ?? ''}
              onChange={(set18: string) => url.set({ set18 })}
              options={[
                { value: '', label: t('set.any') },
                { value: 'has', label: t('set.has') },
                { value: 'lacks', label: t('set.lacks') },
              ]}
            />
            {filtered && (
              <Button type="link" onClick={() => url.set({ q: '', state: '', merchant: '', set18: '' })}>
                {c('clear')}
              </Button>
            )}
            <span className="end">
              {chooser}
              <Button
                loading={exporting}
                onClick={() => {
                  setExporting(true);
                  exportList<Authorizer>(
                    `mini-programs-${platform}.csv`,
                    [
                      'authorizer_appid',
                      'nick_name',
                      'principal_name',
                      'merchant_id',
                      'kind',
                      'state',
                      'can_read_domains',
                      'permission_sets',
                      'authorized_at',
                      'last_snapshot_at',
                    ],
                    (cursor) =>
                      get(PATH, { path: { component_appid: platform }, query: { ...query, limit: 500, cursor } }),
                    (n) => n >= 5000 && n % 5000 === 0 && say(t('exporting', { n })),
                  )
                    .catch((error: unknown) => say(String(error), 'bad'))
                    .finally(() => setExporting(false));
                }}
              >
                {c('csv')}
              </Button>
            </span>
          </div>
        </div>
        <Loaded query={list} rows={10}>
          {(page) => (
            <>
              <DataTable
                columns={shown}
                rows={page.items}
                rowKey={(row) => row.authorizer_appid}
                caption={t('title')}
                dim={list.isPlaceholderData}
                empty={
                  filtered ? (
                    <Empty title={t('empty')}>{t('empty.why')}</Empty>
                  ) : (
                    <Empty title={t('empty.first')}>
                      <p>{t('empty.first.why')}</p>
                      <Link to={`/p/${platform}/links`}>{t('make.link')}</Link>
                    </Empty>
                  )
                }
              />
              <Pager url={url} next={page.next_cursor} shown={t('shown', { n: page.items.length })} />
            </>
          )}
        </Loaded>
      </Card>
    </Page>
  );
}

function queryOf(url: UrlState) {
  const set18 = url.get('set18');
  return {
    q: url.get('q'),
    state: url.get('state') as Authorizer['state'] | undefined,
    merchant_id: url.get('merchant'),
    permission_set: set18 === 'has' ? 18 : undefined,
    lacks_permission_set: set18 === 'lacks' ? 18 : undefined,
    cursor: url.get('cursor'),
  };
}
