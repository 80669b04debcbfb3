import { Button, DatePicker, Input, Select } from 'antd';
import dayjs from 'dayjs';
import { useState, type ReactNode } from 'react';
import { get, useApi, useSend, type Schemas } from '../api.ts';
import { auditTexts } from '../i18n/audit.ts';
import { common } from '../i18n/common.ts';
import { formatNumber, useTexts } from '../i18n/index.ts';
import { usePlatform, useSession } from '../session.tsx';
import { ActionButton } from '../ui/action.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { CsvButton } from '../ui/csv-button.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Pager } from '../ui/pager.tsx';
import { Search } from '../ui/search.tsx';
import { Empty, Loaded, explain } from '../ui/states.tsx';
import { DataTable } from '../ui/table.tsx';
import { Tag } from '../ui/terms.tsx';
import { Time } from '../ui/time.tsx';
import { say } from '../ui/toasts.tsx';
import { useUrlState } from '../ui/url-state.ts';

const ACTIONS = [
  'access_token.issued',
  'api_key.created',
  'api_key.revoked',
  'api_key.rotated',
  'authorization_link.created',
  'authorizer.assigned',
  'platform.created',
  'platform.updated',
  'session.opened',
  'session.refused',
  'user.created',
  'user.changed',
  'sweep.started',
  'reconciliation.started',
  'retention.started',
] as const;

export default function Audit(): ReactNode {
  const t = useTexts(auditTexts);
  const c = useTexts(common);
  const { may } = useSession();
  const platform = usePlatform();
  const url = useUrlState();
  const query = {
    from: url.get('from'),
    to: url.get('to'),
    actor: url.get('actor'),
    action: url.get('action'),
    subject: url.get('subject'),
  };
  const events = useApi(
    '/v1/platforms/{component_appid}/audit-events',
    { path: { component_appid: platform }, query: { ...query, cursor: url.get('cursor') } },
    { keep: true, enabled: may('audit:read') },
  );
  const [appid, setAppid] = useState('');
  if (!may('audit:read')) {
    return (
      <Page title={t('title')} question={t('question')}>
        <Card>
          <Empty title={t('need')} />
        </Card>
      </Page>
    );
  }
  const filtered = Object.values(query).some((value) => value !== undefined);
  const actions = new Set<string>([
    ...ACTIONS,
    ...(query.action ? [query.action] : []),
    ...(events.data?.items ?? []).map(({ action }) => action),
  ]);
  return (
    <Page title={t('title')} question={t('question')}>
      <div className="grid2">
        <Card title={t('tokens.of')}>
          <form
            className="row"
            onSubmit={(event) => {
              event.preventDefault();
              if (appid !== '')
                url.set({ action: 'access_token.issued', subject: `authorizer:${appid}`, actor: '', from: '', to: '' });
            }}
          >
            <Input
              style={{ flex: '1 1 200px' }}
              aria-label={t('tokens.ask')}
              placeholder={t('tokens.ask')}
              value={appid}
              onChange={(event) => setAppid(event.target.value.trim())}
            />
            <Button htmlType="submit">{t('tokens.go')}</Button>
          </form>
        </Card>
        <Chain />
      </div>
      <Card flush>
        <div className="body">
          <div className="filters">
            <DatePicker.RangePicker
              aria-label={t('range')}
              value={[query.from ? dayjs(query.from) : null, query.to ? dayjs(query.to) : null]}
              allowEmpty
              onChange={(days) =>
                url.set({ from: days?.[0]?.startOf('day').toISOString(), to: days?.[1]?.endOf('day').toISOString() })
              }
            />
            <Select
              aria-label={t('action')}
              style={{ width: 220 }}
              allowClear
              showSearch
              placeholder={t('action')}
              value={query.action ?? null}
              onChange={(value: string | null | undefined) => url.set({ action: value ?? undefined })}
              options={[...actions].sort().map((value) => ({ value, label: value }))}
            />
            <Search url={url} name="actor" placeholder={t('actor')} />
            <Search url={url} name="subject" placeholder={t('subject')} />
            {filtered && (
              <Button type="link" onClick={() => url.set({ from: '', to: '', actor: '', action: '', subject: '' })}>
                {c('clear')}
              </Button>
            )}
            <span className="end">
              <CsvButton name={`audit-${platform}.csv`} path={`/v1/platforms/${platform}/audit-events`} query={query} />
            </span>
          </div>
        </div>
        <Loaded query={events} rows={10}>
          {({ items, next_cursor }) => (
            <>
              <DataTable<Schemas['AuditEvent']>
                caption={t('title')}
                dim={events.isPlaceholderData}
                rows={items}
                rowKey={(row) => row.id}
                empty={<Empty title={t('none')} />}
                columns={[
                  { key: 'at', title: t('at'), render: (row) => <Time at={row.at} seconds /> },
                  {
                    key: 'who',
                    title: t('who'),
                    render: (row) => (
                      <button className="plain clip" title={row.actor} onClick={() => url.set({ actor: row.actor })}>
                        {row.actor}
                      </button>
                    ),
                  },
                  { key: 'what', title: t('what'), render: (row) => <code className="nowrap">{row.action}</code> },
                  {
                    key: 'on',
                    title: t('on'),
                    render: (row) =>
                      row.subject === null ? (
                        '–'
                      ) : (
                        <button
                          className="plain clip"
                          title={row.subject}
                          onClick={() => url.set({ subject: row.subject ?? undefined })}
                        >
                          {row.subject}
                        </button>
                      ),
                  },
                  {
                    key: 'outcome',
                    title: t('outcome'),
                    render: (row) =>
                      row.outcome === 'ok' ? <Tag tone="good">ok</Tag> : <Tag tone="bad">{row.outcome}</Tag>,
                  },
                  { key: 'count', title: t('count'), right: true, render: (row) => formatNumber(row.count) },
                  { key: 'address', title: t('address'), render: (row) => row.address ?? '–' },
                  {
                    key: 'detail',
                    title: t('detail'),
                    render: (row) =>
                      Object.keys(row.detail).length === 0 ? (
                        '–'
                      ) : (
                        <code className="clip wide small" title={JSON.stringify(row.detail, null, 2)}>
                          {JSON.stringify(row.detail)}
                        </code>
                      ),
                  },
                ]}
              />
              <Pager url={url} next={next_cursor} />
            </>
          )}
        </Loaded>
      </Card>
    </Page>
  );
}

function Chain(): ReactNode {
  const t = useTexts(auditTexts);
  const c = useTexts(common);
  const [checked, setChecked] = useState(0);
  const [cursor, setCursor] = useState<string | null>(null);
  const check = useSend(
    async (from: string | undefined) => ({
      data: await get('/v1/audit-chain', { query: { limit: 20_000, cursor: from } }),
    }),
    {
      onDone: (view, from) => {
        setChecked((from === undefined ? 0 : checked) + view.checked);
        setCursor(view.next_cursor);
      },
      onFail: (error) => say(explain(error, c), 'bad'),
    },
  );
  const view = check.data;
  return (
    <Card
      title={t('chain')}
      end={
        <ActionButton
          size="small"
          scope="audit:read"
          operatorOnly
          loading={check.isPending}
          onClick={() => check.mutate(cursor ?? undefined)}
        >
          {cursor === null ? t('chain.check') : t('chain.more')}
        </ActionButton>
      }
    >
      {!view ? (
        <p className="small muted">{t('chain.why')}</p>
      ) : (
        <div className="form">
          <div className="row">
            {view.problems.length === 0 ? (
              <Tag tone="good">{t('chain.ok', { n: checked })}</Tag>
            ) : (
              <Tag tone="bad">{t('chain.bad', { n: view.problems.length })}</Tag>
            )}
            {view.waiting > 0 && <Tag tone="warn">{t('chain.waiting', { n: view.waiting })}</Tag>}
          </div>
          {view.problems.map((problem) => (
            <span key={problem.seq} className="small">
              #{problem.seq}
              {problem.until_seq > problem.seq ? `–${problem.until_seq}` : ''} {t(problem.kind)}
            </span>
          ))}
          <div className="row small muted">
            <span>{t('chain.head', { seq: String(view.head.seq) })}</span>
            <code className="break">{view.head.hash.slice(0, 24)}…</code>
            <CopyButton text={`${view.head.seq} ${view.head.hash}`} />
          </div>
        </div>
      )}
    </Card>
  );
}
