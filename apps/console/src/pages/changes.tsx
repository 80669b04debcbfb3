import { Button, DatePicker, Segmented, Select } from 'antd';
import dayjs from 'dayjs';
import type { ReactNode } from 'react';
import { useApi, type Schemas } from '../api.ts';
import { changesTexts } from '../i18n/changes.ts';
import { common } from '../i18n/common.ts';
import { useTexts } from '../i18n/index.ts';
import { usePlatform } from '../session.tsx';
import { fetchCsv } from '../ui/csv.ts';
import { Card, Page } from '../ui/page.tsx';
import { Pager } from '../ui/pager.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { DataTable } from '../ui/table.tsx';
import { AddedRemoved, GROUPS, LISTS, ProgramLink, Where, useMerchants, type Group, type List } from '../ui/terms.tsx';
import { Time, localTime } from '../ui/time.tsx';
import { say } from '../ui/toasts.tsx';
import { useUrlState, type UrlState } from '../ui/url-state.ts';
import { Search } from './mini-programs.tsx';

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
                ...GROUPS.map((value) => ({ value: value as string, label: c(`group.${value}`) })),
              ]}
            />
            <Select
              aria-label={c('domain')}
              style={{ width: 180 }}
              value={url.get('list') ?? ''}
              onChange={(value: string) => url.set({ list: value })}
              options={[
                { value: '', label: t('list.any') },
                ...LISTS.map((value) => ({ value: value as string, label: c(`list.${value}`) })),
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
            <Search url={url} name="domain" placeholder={t('domain')} />
            {filtered && (
              <Button
                type="link"
                onClick={() => url.set({ group: '', list: '', merchant: '', domain: '', from: '', to: '' })}
              >
                {c('clear')}
              </Button>
            )}
            <span className="end">
              <Button
                onClick={() => {
                  const query = Object.entries(queryOf(url)).filter(([, value]) => value !== undefined) as [
                    string,
                    string,
                  ][];
                  fetchCsv(
                    `changes-${platform}.csv`,
                    `/v1/platforms/${platform}/domain-changes?${new URLSearchParams(query)}`,
                  ).catch((error: unknown) => say(String(error), 'bad'));
                }}
              >
                {c('csv')}
              </Button>
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

interface ChangeGroup {
  group: Group;
  list: List;
  added: string[];
  removed: string[];
  count: number;
  first: string;
  last: string;
  samples: string[];
}

function groupsOf(items: readonly Change[]): ChangeGroup[] {
  const groups = new Map<string, ChangeGroup>();
  for (const { group, list, added, removed, observed_at, authorizer_appid } of items) {
    const key = JSON.stringify([group, list, added, removed]);
    const known = groups.get(key);
    if (known) {
      known.count += 1;
      known.first = observed_at;
      if (known.samples.length < 5) known.samples.push(authorizer_appid);
    } else {
      groups.set(key, {
        group,
        list,
        added,
        removed,
        count: 1,
        first: observed_at,
        last: observed_at,
        samples: [authorizer_appid],
      });
    }
  }
  return [...groups.values()];
}

function Groups({ url }: { url: UrlState }): ReactNode {
  const t = useTexts(changesTexts);
  const platform = usePlatform();
  const feed = useApi(
    PATH,
    { path: { component_appid: platform }, query: { ...queryOf(url), cursor: url.get('cursor'), limit: 500 } },
    { keep: true, every: 30_000 },
  );
  return (
    <Loaded query={feed} rows={10}>
      {({ items, next_cursor }) => (
        <>
          {items.length === 0 ? (
            <NothingChanged />
          ) : (
            <ul className="feed">
              {groupsOf(items).map((group) => (
                <GroupItem
                  key={JSON.stringify([group.group, group.list, group.added, group.removed])}
                  group={group}
                  url={url}
                />
              ))}
            </ul>
          )}
          <Pager url={url} next={next_cursor} shown={t('of.loaded', { n: items.length })} />
        </>
      )}
    </Loaded>
  );
}

function GroupItem({ group, url }: { group: ChangeGroup; url: UrlState }): ReactNode {
  const t = useTexts(changesTexts);
  const only = group.count === 1 ? group.samples[0] : undefined;
  return (
    <li>
      <div className="row between" style={{ alignItems: 'flex-start' }}>
        <span className="grow">
          <AddedRemoved added={group.added} removed={group.removed} />
          <span className="sub">
            <Where group={group.group} list={group.list} />
          </span>
        </span>
        <span className="row">
          {only !== undefined ? (
            <ProgramLink appid={only} query={`?at=${group.last}`} />
          ) : (
            <>
              <b className="num">{t('for.n', { n: group.count })}</b>
              <Button
                size="small"
                onClick={() =>
                  url.set({
                    view: 'feed',
                    group: group.group,
                    list: group.list,
                    domain: group.added[0] ?? group.removed[0],
                    from: group.first,
                    to: group.last,
                  })
                }
              >
                {t('show')}
              </Button>
            </>
          )}
        </span>
      </div>
      <span className="small muted">
        {group.first === group.last ? (
          <Time at={group.last} />
        ) : (
          t('between', { from: localTime(group.first), to: localTime(group.last) })
        )}
      </span>
    </li>
  );
}
