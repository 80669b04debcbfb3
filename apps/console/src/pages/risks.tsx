import { Button } from 'antd';
import { useState, type ReactNode } from 'react';
import { useApi } from '../api.ts';
import { common } from '../i18n/common.ts';
import { formatNumber, useTexts } from '../i18n/index.ts';
import { risksTexts } from '../i18n/risks.ts';
import { usePlatform } from '../session.tsx';
import { Card, Page } from '../ui/page.tsx';
import { ListCard } from '../ui/list-card.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { DataTable, type Column } from '../ui/table.tsx';
import { DomainLink, ProgramLink, Where, useMerchants } from '../ui/terms.tsx';
import { Age, Time } from '../ui/time.tsx';
import { useUrlState } from '../ui/url-state.ts';

export default function Risks(): ReactNode {
  const t = useTexts(risksTexts);
  const c = useTexts(common);
  const platform = usePlatform();
  const program = useProgramColumn();
  const [all, setAll] = useState(false);
  const path = { component_appid: platform };
  const gauges = useApi('/v1/platforms/{component_appid}/domain-gauges', { path }, { every: 60_000 });
  const oldest = gauges.data
    ? [...gauges.data.lists, ...gauges.data.domains, ...gauges.data.edits]
        .map(({ observed_at }) => observed_at)
        .sort()[0]
    : undefined;
  const gaugeColumns: Column<{ count: number; limit: number; observed_at: string }>[] = [
    { key: 'count', title: t('count'), render: (row) => <Gauge {...row} /> },
    { key: 'evidence', title: t('evidence'), render: (row) => <Age at={row.observed_at} /> },
  ];
  return (
    <Page title={t('title')} question={t('question')} evidence={oldest}>
      <Loaded query={gauges} rows={12}>
        {({ at_risk, lists, domains, edits }) => (
          <>
            <Card title={t('at.risk')} flush>
              <p className="body small muted">{t('at.risk.why')}</p>
              {at_risk === null ? (
                <div className="unknown-bg">
                  <Empty title={c('unknown')}>{t('at.risk.unknown')}</Empty>
                </div>
              ) : (
                <DataTable
                  caption={t('at.risk')}
                  rows={all ? at_risk : at_risk.slice(0, 12)}
                  rowKey={(row) => `${row.list} ${row.domain}`}
                  empty={<Empty title={t('at.risk.none')} />}
                  columns={[
                    {
                      key: 'domain',
                      title: c('domain'),
                      render: (row) => <DomainLink domain={row.domain} list={row.list} />,
                    },
                    { key: 'list', title: '', render: (row) => c(`list.${row.list}`) },
                    { key: 'count', title: t('affects'), right: true, render: (row) => formatNumber(row.count) },
                    { key: 'evidence', title: t('evidence'), render: (row) => <Age at={row.observed_at} /> },
                  ]}
                />
              )}
              {!all && (at_risk?.length ?? 0) > 12 && (
                <div className="foot">
                  <Button onClick={() => setAll(true)}>{c('show.all', { n: at_risk?.length ?? 0 })}</Button>
                </div>
              )}
            </Card>
            <Drift />
            <div className="grid2">
              <Card title={t('lists', { limit: lists[0]?.limit ?? 200 })} flush>
                <DataTable
                  caption={t('lists', { limit: lists[0]?.limit ?? 200 })}
                  rows={lists.slice(0, 15)}
                  rowKey={(row) => `${row.authorizer_appid} ${row.group} ${row.list}`}
                  empty={<Empty title={t('lists.none')} />}
                  columns={[
                    {
                      key: 'program',
                      title: c('mini.program'),
                      render: (row) => (
                        <>
                          <ProgramLink appid={row.authorizer_appid} />
                          <span className="sub">
                            <Where group={row.group} list={row.list} />
                          </span>
                        </>
                      ),
                    },
                    ...gaugeColumns,
                  ]}
                />
              </Card>
              <div className="stack">
                <Card title={t('domains', { limit: domains[0]?.limit ?? 100 })} flush>
                  <DataTable
                    caption={t('domains', { limit: domains[0]?.limit ?? 100 })}
                    rows={domains.slice(0, 15)}
                    rowKey={(row) => row.domain}
                    empty={<Empty title={t('domains.none')} />}
                    columns={[
                      {
                        key: 'domain',
                        title: c('domain'),
                        render: (row) => (
                          <DomainLink domain={row.domain} list={listOf(row.domain)} group="direct_domain" />
                        ),
                      },
                      ...gaugeColumns,
                    ]}
                  />
                </Card>
                <Card title={t('edits', { limit: edits[0]?.limit ?? 50 })} flush>
                  <DataTable
                    caption={t('edits', { limit: edits[0]?.limit ?? 50 })}
                    rows={edits.slice(0, 15)}
                    rowKey={(row) => row.authorizer_appid}
                    empty={<Empty title={t('edits.none')} />}
                    columns={[program, ...gaugeColumns]}
                  />
                </Card>
              </div>
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** The list that a domain of `direct_domain` would be in, by its scheme. */
function listOf(domain: string): 'requestdomain' | 'wsrequestdomain' | 'udpdomain' | 'tcpdomain' {
  if (domain.startsWith('wss:')) return 'wsrequestdomain';
  if (domain.startsWith('udp:')) return 'udpdomain';
  return domain.startsWith('tcp:') ? 'tcpdomain' : 'requestdomain';
}

function Gauge({ count, limit }: { count: number; limit: number }): ReactNode {
  const t = useTexts(risksTexts);
  const share = count / limit;
  return (
    <span className="gauge" title={t('left', { n: Math.max(0, limit - count) })}>
      <b className="num">
        {formatNumber(count)} <span className="muted">/ {formatNumber(limit)}</span>
      </b>
      <span className={`bar ${share >= 0.95 ? 'bad' : share >= 0.8 ? 'warn' : ''}`}>
        <i style={{ width: `${Math.min(100, share * 100)}%` }} />
      </span>
    </span>
  );
}

/** A mini program with the merchant it belongs to. */
function useProgramColumn(): Column<{ authorizer_appid: string; merchant_id: string | null }> {
  const c = useTexts(common);
  const merchants = useMerchants();
  return {
    key: 'program',
    title: c('mini.program'),
    render: (row) => (
      <>
        <ProgramLink appid={row.authorizer_appid} />
        <span className="sub">{merchants.name(row.merchant_id)}</span>
      </>
    ),
  };
}

function Drift(): ReactNode {
  const t = useTexts(risksTexts);
  const platform = usePlatform();
  const url = useUrlState();
  const program = useProgramColumn();
  const drift = useApi(
    '/v1/platforms/{component_appid}/domain-drift',
    { path: { component_appid: platform }, query: { limit: 20, cursor: url.get('cursor') } },
    { keep: true, every: 60_000 },
  );
  return (
    <ListCard
      title={t('drift')}
      intro={t('drift.why')}
      query={drift}
      url={url}
      rowKey={(row) => row.authorizer_appid}
      empty={<Empty title={t('drift.none')} />}
      columns={[
        program,
        {
          key: 'pending',
          title: t('pending'),
          render: (row) => <Lists lists={row.pending} tone="warn" />,
        },
        {
          key: 'only',
          title: t('effective.only'),
          render: (row) => <Lists lists={row.effective_only} tone="" />,
        },
        { key: 'since', title: t('drift.since'), render: (row) => <Time at={row.since} /> },
        { key: 'evidence', title: t('evidence'), render: (row) => <Age at={row.observed_at} /> },
      ]}
    />
  );
}

function Lists({ lists, tone }: { lists: readonly { list: string; domains: string[] }[]; tone: string }): ReactNode {
  const c = useTexts(common);
  if (lists.length === 0) return <span className="muted">–</span>;
  return (
    <ul className="side-list">
      {lists.flatMap(({ list, domains }) =>
        domains.map((domain) => (
          <li key={`${list} ${domain}`} title={c(`list.${list as 'requestdomain'}`)}>
            <i className={`dot ${tone}`} /> <span className="dom">{domain}</span>
          </li>
        )),
      )}
    </ul>
  );
}
