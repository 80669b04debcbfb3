import { Button, DatePicker, Segmented, Select } from 'antd';
import dayjs from 'dayjs';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useApi, type Schemas } from '../api.ts';
import { changesTexts } from '../i18n/changes.ts';
import { common } from '../i18n/common.ts';
import { useTexts } from '../i18n/index.ts';
import { usePlatform } from '../session.tsx';
import { CsvButton } from '../ui/csv-button.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Pager } from '../ui/pager.tsx';
import { Search } from '../ui/search.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { DataTable } from '../ui/table.tsx';
import { AddedRemoved, GROUPS, LISTS, ProgramLink, Where, useMerchants, type Group, type List } from '../ui/terms.tsx';
import { Time, localTime } from '../ui/time.tsx';
import { useUrlState, type UrlState } from '../ui/url-state.ts';

type Change = Schemas['FleetChange'];
const PATH = '/v1/platforms/{component_appid}/domain-changes';

export default function Changes(): ReactNode {
  const t = useTexts(changesTexts);
  const c = useTexts(common);
  const platform = usePlatform();
  const url = useUrlState();
  const merchants = useMerchants();
  const view = url.get('view') === 'feed' ? 'feed' : 'groups';
  const filtered = ['group', 'list', 'merchant', 'domain', 'from', 'to'].some((name) => url.get(name) !== undefined);
  const { from, to } = { from: url.get('from'), to: url.get('to') };
  return (
    <Page
      title={t('title')}
      question={t('question')}
      actions={
        <Segmented<'groups' | 'feed'>
          value={view}
          options={[
            { value: 'groups', label: t('view.groups') },
            { value: 'feed', label: t('view.feed') },
          ]}
          onChange={(value) => url.set({ view: value === 'groups' ? undefined : value })}
        />
      }
    >
      <Card flush>
        <div className="body">
          <div className="filters">
            <DatePicker.RangePicker
              aria-label={t('range')}
              value={[from ? dayjs(from) : null, to ? dayjs(to) : null]}
              allowEmpty
              maxDate={dayjs()}
              onChange={(days) =>
                url.set({
                  from: days?.[0]?.startOf('day').toISOString(),
                  to: days?.[1]?.endOf('day').toISOString(),
                })
              }
            />
            <Select
              aria-label={t('where')}
              style={{ width: 150 }}
              value={url.get('group') ?? ''}
              onChange={(value: string) => url.set({ group: value })}
              options={[
                { value: '', label: t('group.any') },
                ...GROUPS.map((value) => ({ value: value, label: c(`group.${value}`) })),
              ]}
            />
            <Select
              aria-label={c('domain')}
              style={{ width: 180 }}
              value={url.get('list') ?? ''}
              onChange={(value: string) => url.set({ list: value })}
              options={[
                { value: '', label: t('list.any') },
                ...LISTS.map((value) => ({ value: value, label: c(`list.${value}`) })),
              ]}
            />
            <Select
              aria-label={c('merchant')}
              style={{ width: 160 }}
              showSearch={{ optionFilterProp: 'label' }}
              value={url.get('merchant') ?? ''}
              onChange={(value: string) => url.set({ merchant: value })}
              options={[
                { value: '', label: t('merchant.any') },
                ...merchants.items.map(({ merchant_id, name }) => ({ value: merchant_id, label: name })),
              ]}
            />
            {view === 'feed' && <Search url={url} name="domain" placeholder={t('domain')} />}
            {filtered && (
              <Button
                type="link"
                onClick={() => url.set({ group: '', list: '', merchant: '', domain: '', from: '', to: '' })}
              >
                {c('clear')}
              </Button>
            )}
            <span className="end">
              <CsvButton
                name={`changes-${platform}.csv`}
                path={`/v1/platforms/${platform}/domain-changes`}
                query={queryOf(url)}
              />
            </span>
          </div>
        </div>
        {view === 'feed' ? <Feed url={url} /> : <Groups url={url} />}
      </Card>
    </Page>
  );
}

function queryOf(url: UrlState) {
  return {
    from: url.get('from'),
    to: url.get('to'),
    group: url.get('group') as Group | undefined,
    list: url.get('list') as List | undefined,
    domain: url.get('domain'),
    merchant_id: url.get('merchant'),
  };
}

function NothingChanged(): ReactNode {
  const t = useTexts(changesTexts);
  return <Empty title={t('none')}>{t('none.why')}</Empty>;
}

function Feed({ url }: { url: UrlState }): ReactNode {
  const t = useTexts(changesTexts);
  const c = useTexts(common);
  const platform = usePlatform();
  const merchants = useMerchants();
  const feed = useApi(
    PATH,
    { path: { component_appid: platform }, query: { ...queryOf(url), cursor: url.get('cursor') } },
    { keep: true, every: 30_000 },
  );
  return (
    <Loaded query={feed} rows={10}>
      {({ items, next_cursor }) => (
        <>
          <DataTable<Change>
            caption={t('title')}
            dim={feed.isPlaceholderData}
            rows={items}
            rowKey={(row) => `${row.snapshot_id} ${row.group} ${row.list}`}
            empty={<NothingChanged />}
            columns={[
              {
                key: 'program',
                title: c('mini.program'),
                render: (row) => <ProgramLink appid={row.authorizer_appid} query={`?at=${row.observed_at}`} />,
              },
              { key: 'merchant', title: c('merchant'), render: (row) => merchants.name(row.merchant_id) },
              { key: 'change', title: t('change'), render: (row) => <AddedRemoved {...row} /> },
              { key: 'where', title: t('where'), render: (row) => <Where {...row} /> },
              { key: 'when', title: t('when'), render: (row) => <Time at={row.observed_at} /> },
            ]}
          />
          <Pager url={url} next={next_cursor} />
        </>
      )}
    </Loaded>
  );
}

type ChangeGroup = Schemas['ChangeGroup'];

export function groupKey({ group, list, added, removed }: ChangeGroup): string {
  return JSON.stringify([group, list, added, removed]);
}

function Groups({ url }: { url: UrlState }): ReactNode {
  const t = useTexts(changesTexts);
  const platform = usePlatform();
  const { domain: _, ...query } = queryOf(url);
  const groups = useApi(
    '/v1/platforms/{component_appid}/domain-change-groups',
    { path: { component_appid: platform }, query: { ...query, cursor: url.get('cursor') } },
    { keep: true, every: 30_000 },
  );
  return (
    <Loaded query={groups} rows={10}>
      {({ items, next_cursor }) => (
        <>
          {query.from === undefined && <p className="body small muted">{t('week')}</p>}
          {items.length === 0 ? (
            <NothingChanged />
          ) : (
            <ul className="feed">
              {items.map((group) => (
                <ChangeGroupItem key={groupKey(group)} group={group} />
              ))}
            </ul>
          )}
          <Pager url={url} next={next_cursor} />
        </>
      )}
    </Loaded>
  );
}

/** The same change of one or many mini programs, with the way to them. */
export function ChangeGroupItem({ group }: { group: ChangeGroup }): ReactNode {
  const t = useTexts(changesTexts);
  const platform = usePlatform();
  const only = group.mini_programs === 1 ? group.sample_authorizer_appids[0] : undefined;
  const first = localTime(group.first_observed_at);
  const last = localTime(group.last_observed_at);
  const members = new URLSearchParams({
    view: 'feed',
    group: group.group,
    list: group.list,
    domain: group.added[0] ?? group.removed[0] ?? '',
    from: group.first_observed_at,
    to: group.last_observed_at,
  });
  return (
    <li>
      <div className="row between" style={{ alignItems: 'flex-start' }}>
        <span className="grow">
          <AddedRemoved added={group.added} removed={group.removed} />
          <span className="sub">
            <Where group={group.group} list={group.list} />
          </span>
        </span>
        {only !== undefined ? (
          <ProgramLink appid={only} query={`?at=${group.last_observed_at}`} />
        ) : (
          <span className="row">
            <b className="num">{t('for.n', { n: group.mini_programs })}</b>
            <Link to={`/p/${platform}/changes?${members}`}>{t('show')}</Link>
          </span>
        )}
      </div>
      <span className="small muted">
        {first === last ? <Time at={group.last_observed_at} /> : t('between', { from: first, to: last })}
      </span>
    </li>
  );
}
