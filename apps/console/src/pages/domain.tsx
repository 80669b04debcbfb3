import { Button, Input, Segmented, Select } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { useApi, type Schemas } from '../api.ts';
import { common } from '../i18n/common.ts';
import { domainTexts } from '../i18n/domain.ts';
import { formatNumber, useTexts } from '../i18n/index.ts';
import { usePlatform } from '../session.tsx';
import { SpreadChart } from '../ui/charts.tsx';
import { fetchCsv } from '../ui/csv.ts';
import { Card, Page } from '../ui/page.tsx';
import { Pager } from '../ui/pager.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { DataTable } from '../ui/table.tsx';
import {
  DomainLink,
  GROUPS,
  LISTS,
  ProgramLink,
  VERDICT_TONE,
  VerdictTag,
  useMerchants,
  type Group,
  type List,
  type Verdict,
} from '../ui/terms.tsx';
import { Age, useNow } from '../ui/time.tsx';
import { say } from '../ui/toasts.tsx';
import { useUrlState } from '../ui/url-state.ts';

const SPANS = [7, 30, 90] as const;
const VERDICTS = ['covered', 'pending', 'missing', 'unknown'] as const;

export default function Domain(): ReactNode {
  const t = useTexts(domainTexts);
  const c = useTexts(common);
  const url = useUrlState();
  const domain = url.get('domain');
  const list = (LISTS as readonly string[]).includes(url.get('list') ?? '')
    ? (url.get('list') as List)
    : 'requestdomain';
  const group = (GROUPS as readonly string[]).includes(url.get('group') ?? '')
    ? (url.get('group') as Group)
    : 'effective_domain';
  const [text, setText] = useState(domain ?? '');
  useEffect(() => setText(domain ?? ''), [domain]);
  return (
    <Page title={domain ?? t('title')} question={t('question')} crumbs={domain === undefined ? undefined : t('title')}>
      <Card>
        <form
          className="filters"
          onSubmit={(event) => {
            event.preventDefault();
            if (text.trim() !== '') url.set({ domain: text.trim(), list, verdict: undefined });
          }}
        >
          <Input
            className="wide"
            style={{ width: 360, maxWidth: '100%' }}
            aria-label={t('domain')}
            placeholder={t('domain.example')}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <Select
            aria-label={t('list')}
            style={{ width: 200 }}
            value={list}
            onChange={(value: List) => url.set({ list: value })}
            options={LISTS.map((value) => ({ value, label: c(`list.${value}`) }))}
          />
          <Select
            aria-label={t('group')}
            style={{ width: 180 }}
            value={group}
            onChange={(value: Group) => url.set({ group: value === 'effective_domain' ? undefined : value })}
            options={[...GROUPS].reverse().map((value) => ({ value, label: c(`group.${value}`) }))}
          />
          <Button type="primary" htmlType="submit">
            {t('ask')}
          </Button>
        </form>
      </Card>
      {domain === undefined ? <Suggestions /> : <Coverage domain={domain} list={list} group={group} />}
    </Page>
  );
}

function Suggestions(): ReactNode {
  const t = useTexts(domainTexts);
  const platform = usePlatform();
  const recent = useApi('/v1/platforms/{component_appid}/domain-changes', {
    path: { component_appid: platform },
    query: { limit: 200 },
  });
  const seen = new Map<string, { domain: string; list: List }>();
  for (const { added, removed, list } of recent.data?.items ?? []) {
    for (const domain of [...added, ...removed]) seen.set(`${list} ${domain}`, { domain, list });
  }
  return (
    <Card>
      <Empty title={t('start')}>
        <p>{t('start.why')}</p>
        <ul className="chips" style={{ justifyContent: 'center' }}>
          {[...seen.values()].slice(0, 12).map(({ domain, list }) => (
            <li key={`${list} ${domain}`} className="tag plain">
              <DomainLink domain={domain} list={list} />
            </li>
          ))}
        </ul>
      </Empty>
    </Card>
  );
}

function Coverage({ domain, list, group }: { domain: string; list: List; group: Group }): ReactNode {
  const t = useTexts(domainTexts);
  const c = useTexts(common);
  const platform = usePlatform();
  const url = useUrlState();
  const merchants = useMerchants();
  const verdict = VERDICTS.find((each) => each === url.get('verdict'));
  const query = { domain, list, group, verdict };
  const coverage = useApi(
    '/v1/platforms/{component_appid}/domain-coverage',
    { path: { component_appid: platform }, query: { ...query, cursor: url.get('cursor') } },
    { keep: true, every: 60_000 },
  );
  return (
    <Loaded query={coverage}>
      {(view) => {
        const total = VERDICTS.reduce((sum, each) => sum + view[each], 0);
        return (
          <>
            <Board view={view} total={total} verdict={verdict} onChoose={(next) => url.set({ verdict: next })} />
            <Spread domain={domain} list={list} group={group} />
            <Card
              flush
              title={verdict === undefined ? t('board') : c(`verdict.${verdict}`)}
              end={
                <Button
                  onClick={() => {
                    const parameters = new URLSearchParams({ domain, list, group, ...(verdict ? { verdict } : {}) });
                    fetchCsv(
                      `coverage-${domain.replace(/[^\w.-]+/g, '_')}.csv`,
                      `/v1/platforms/${platform}/domain-coverage?${parameters}`,
                    ).catch((error: unknown) => say(String(error), 'bad'));
                  }}
                >
                  {c('csv')}
                </Button>
              }
            >
              <DataTable<Schemas['CoverageItem']>
                caption={t('board')}
                dim={coverage.isPlaceholderData}
                rows={view.items}
                rowKey={(row) => row.authorizer_appid}
                empty={<Empty title={view.next_cursor === null ? t('none') : t('page.short')} />}
                columns={[
                  {
                    key: 'program',
                    title: c('mini.program'),
                    render: (row) => <ProgramLink appid={row.authorizer_appid} />,
                  },
                  { key: 'merchant', title: c('merchant'), render: (row) => merchants.name(row.merchant_id) },
                  { key: 'verdict', title: t('verdict'), render: (row) => <VerdictTag verdict={row.verdict} /> },
                  { key: 'observed', title: t('observed'), render: (row) => <Age at={row.observed_at} /> },
                ]}
              />
              <Pager url={url} next={view.next_cursor} />
            </Card>
          </>
        );
      }}
    </Loaded>
  );
}

function Spread({ domain, list, group }: { domain: string; list: List; group: Group }): ReactNode {
  const t = useTexts(domainTexts);
  const url = useUrlState();
  const platform = usePlatform();
  const days = SPANS.find((each) => String(each) === url.get('days')) ?? 30;
  const from = new Date(Math.floor(useNow() / 60_000) * 60_000 - days * 86_400_000).toISOString();
  const spread = useApi(
    '/v1/platforms/{component_appid}/domain-spread',
    { path: { component_appid: platform }, query: { domain, list, group, from, points: 61 } },
    { keep: true },
  );
  return (
    <Card
      title={t('spread')}
      end={
        <Segmented<number>
          size="small"
          value={days}
          options={SPANS.map((value) => ({ value, label: t('days', { n: value }) }))}
          onChange={(value) => url.set({ days: value === 30 ? undefined : String(value) })}
        />
      }
    >
      <Loaded query={spread}>
        {({ points }) => (
          <SpreadChart label={t('spread')} points={points} names={[t('spread.covered'), t('spread.missing')]} />
        )}
      </Loaded>
    </Card>
  );
}

function Board({
  view,
  total,
  verdict,
  onChoose,
}: {
  view: Schemas['Coverage'];
  total: number;
  verdict: Verdict | undefined;
  onChoose: (verdict: Verdict | undefined) => void;
}): ReactNode {
  const t = useTexts(domainTexts);
  const c = useTexts(common);
  return (
    <div className="stack" style={{ gap: 8 }}>
      <div className="tiles">
        {VERDICTS.map((each) => (
          <button
            key={each}
            className="tile"
            aria-pressed={verdict === each}
            onClick={() => onChoose(verdict === each ? undefined : each)}
          >
            <span className="name">
              <i className={`dot ${VERDICT_TONE[each]}`} /> {c(`verdict.${each}`)}
            </span>
            <span className="value">
              {formatNumber(view[each])}{' '}
              <span className="small muted">
                {total > 0 ? t('share', { n: Math.round((view[each] / total) * 100) }) : ''}
              </span>
            </span>
            <span className="sub">{t(`why.${each}`, { group: c(`group.${view.group}`) })}</span>
          </button>
        ))}
      </div>
      <div className="split" aria-hidden="true">
        {VERDICTS.map((each) =>
          view[each] > 0 ? (
            <i
              key={each}
              className={each === 'unknown' ? 'unknown-bg' : VERDICT_TONE[each]}
              style={{ flexGrow: view[each] }}
            />
          ) : null,
        )}
      </div>
      <p className="small muted">{t('counted')}</p>
    </div>
  );
}
