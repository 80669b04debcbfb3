import { Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { useApi, type Schemas } from '../api.ts';
import { common } from '../i18n/common.ts';
import { useTexts } from '../i18n/index.ts';
import { timelineTexts } from '../i18n/timeline.ts';
import { Card } from '../ui/page.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { DomainLink, GROUPS, LISTS, Tag, type Group, type List } from '../ui/terms.tsx';
import { Time, localTime } from '../ui/time.tsx';

type DomainsAt = Schemas['DomainsAt'];
const AT = '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/domains';
const TONE = { observed: 'good', latest: 'good', between_observations: 'warn', unknown: 'unknown' } as const;

export function Certainty({ view }: { view: DomainsAt }): ReactNode {
  const t = useTexts(timelineTexts);
  const c = useTexts(common);
  const { certainty } = view;
  return (
    <div className="stack" style={{ gap: 4 }}>
      <div className="row">
        <Tag tone={TONE[certainty]}>{c(`certainty.${certainty}`)}</Tag>
        <span className="small muted">{t(`certainty.${certainty}.why`)}</span>
      </div>
      {view.reason && (
        <span className="small">
          {t(`reason.${view.reason.code}`)}
          {view.reason.since && (
            <>
              {' '}
              <Time at={view.reason.since} />
            </>
          )}
        </span>
      )}
      <div className="row small muted">
        <span>
          {t('before')} <Time at={view.observed_before} />
        </span>
        {view.observed_after && (
          <span>
            {t('after')} <Time at={view.observed_after} />
          </span>
        )}
      </div>
    </div>
  );
}

/** What was in force and configured at one moment: a row for each domain, a column for each group. */
export function MomentCard({
  platform,
  appid,
  at,
}: {
  platform: string;
  appid: string;
  at: string | undefined;
}): ReactNode {
  const t = useTexts(timelineTexts);
  const c = useTexts(common);
  const [filter, setFilter] = useState('');
  const query = useApi(
    AT,
    { path: { component_appid: platform, authorizer_appid: appid }, query: { at } },
    { keep: true, ...(at === undefined ? { every: 60_000 } : {}) },
  );
  return (
    <Card
      flush
      title={at === undefined ? t('moment.of.now') : t('moment.of', { time: localTime(at) })}
      end={
        <Input
          size="small"
          allowClear
          style={{ width: 160 }}
          placeholder={t('filter')}
          aria-label={t('filter')}
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      }
    >
      <Loaded query={query}>
        {(view) => (
          <>
            <div className="body">
              <Certainty view={view} />
            </div>
            {view.domains === null ? (
              <Empty title={c('certainty.unknown')}>{t('certainty.unknown.why')}</Empty>
            ) : (
              <Matrix domains={view.domains} filter={filter.trim().toLowerCase()} />
            )}
          </>
        )}
      </Loaded>
    </Card>
  );
}

function Matrix({ domains, filter }: { domains: NonNullable<DomainsAt['domains']>; filter: string }): ReactNode {
  const t = useTexts(timelineTexts);
  const c = useTexts(common);
  return (
    <div className="table-wrap" tabIndex={0} role="region" aria-label={t('domain')}>
      <table className="data matrix fixed">
        <thead>
          <tr>
            <th>{t('domain')}</th>
            {GROUPS.map((group) => (
              <th key={group} className="mark" title={group}>
                {c(`group.${group}`)}
              </th>
            ))}
          </tr>
        </thead>
        {LISTS.map((list) => (
          <MatrixList key={list} list={list} domains={domains} filter={filter} />
        ))}
      </table>
    </div>
  );
}

function MatrixList({
  list,
  domains,
  filter,
}: {
  list: List;
  domains: NonNullable<DomainsAt['domains']>;
  filter: string;
}): ReactNode {
  const t = useTexts(timelineTexts);
  const c = useTexts(common);
  const byGroup = new Map<Group, string[] | undefined>(GROUPS.map((group) => [group, domains[group]?.[list]]));
  const all = [...new Set([...byGroup.values()].flatMap((entries) => entries ?? []))].sort();
  const shown = filter === '' ? all : all.filter((domain) => domain.toLowerCase().includes(filter));
  if (filter !== '' && shown.length === 0) return null;
  const inForce = byGroup.get('effective_domain');
  return (
    <tbody>
      <tr className="list-head">
        <th scope="rowgroup">
          {c(`list.${list}`)} <span className="muted num">{all.length > 0 ? all.length : ''}</span>
        </th>
        {GROUPS.map((group) => {
          const entries = byGroup.get(group);
          return (
            <td key={group} className="mark small">
              {entries === undefined ? (
                <span className="tag unknown" title={t('absent')}>
                  {c('unknown')}
                </span>
              ) : entries.length === 0 ? (
                <span className="muted">{t('empty.list')}</span>
              ) : (
                <span className="muted num">{entries.length}</span>
              )}
            </td>
          );
        })}
      </tr>
      {shown.map((domain) => {
        const configured = GROUPS.slice(0, 3).some((group) => byGroup.get(group)?.includes(domain));
        const effective = inForce?.includes(domain) ?? false;
        return (
          <tr key={domain}>
            <td>
              <span className="row" style={{ gap: 6 }}>
                <DomainLink domain={domain} list={list} />
                {configured && !effective && inForce !== undefined && <Tag tone="warn">{t('pending')}</Tag>}
                {effective && !configured && <Tag>{t('effective.only')}</Tag>}
              </span>
            </td>
            {GROUPS.map((group) => {
              const entries = byGroup.get(group);
              const has = entries?.includes(domain);
              return (
                <td key={group} className="mark">
                  {entries === undefined ? (
                    <span className="muted" title={t('absent')}>
                      ?
                    </span>
                  ) : (
                    <span className={has ? 'mark-yes' : 'mark-no'} role="img" aria-label={has ? t('has') : t('lacks')}>
                      {has ? '●' : '·'}
                    </span>
                  )}
                </td>
              );
            })}
          </tr>
        );
      })}
    </tbody>
  );
}

/** Two moments side by side: what is gone on the left, what is new on the right. */
export function CompareCard({
  platform,
  appid,
  from,
  to,
}: {
  platform: string;
  appid: string;
  from: string;
  to: string;
}): ReactNode {
  const t = useTexts(timelineTexts);
  const c = useTexts(common);
  const path = { component_appid: platform, authorizer_appid: appid };
  const earlier = useApi(AT, { path, query: { at: from } }, { keep: true });
  const later = useApi(AT, { path, query: { at: to } }, { keep: true });
  // A moment of which nothing is known differs from nothing.
  const known = earlier.data?.domains != null && later.data?.domains != null;
  const unknown = (earlier.data && !earlier.data.domains) || (later.data && !later.data.domains);
  const diff = useApi(
    '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/domain-diff',
    { path, query: { from, to } },
    { keep: true, enabled: known },
  );
  return (
    <Card flush title={t('compare.of', { from: localTime(from), to: localTime(to) })}>
      <div className="body grid2">
        <div>
          <p className="small muted">{t('compare.from')}</p>
          {earlier.data && <Certainty view={earlier.data} />}
        </div>
        <div>
          <p className="small muted">{t('compare.to')}</p>
          {later.data && <Certainty view={later.data} />}
        </div>
      </div>
      {unknown ? (
        <div className="unknown-bg">
          <Empty title={c('certainty.unknown')}>{t('certainty.unknown.why')}</Empty>
        </div>
      ) : (
        <Loaded query={diff}>
          {({ changes }) => {
            if (changes.length === 0) return <Empty title={t('compare.same')} />;
            return (
              <table className="data compare">
                <thead>
                  <tr>
                    <th>{t('domain')}</th>
                    <th>{t('compare.side.from', { time: localTime(from) })}</th>
                    <th>{t('compare.side.to', { time: localTime(to) })}</th>
                  </tr>
                </thead>
                <tbody>
                  {changes.map(({ group, list, added, removed }) => (
                    <tr key={`${group} ${list}`}>
                      <td>
                        {c(`group.${group}`)}
                        <span className="sub">{c(`list.${list}`)}</span>
                        <span className="sub num">
                          {t('compare.totals', { added: added.length, removed: removed.length })}
                        </span>
                      </td>
                      <td data-label={t('compare.from')}>
                        <Side domains={removed} kind="del" same={earlier.data?.domains?.[group]?.[list]} />
                      </td>
                      <td data-label={t('compare.to')}>
                        <Side domains={added} kind="add" same={later.data?.domains?.[group]?.[list]} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            );
          }}
        </Loaded>
      )}
    </Card>
  );
}

function Side({
  domains,
  kind,
  same,
}: {
  domains: readonly string[];
  kind: 'add' | 'del';
  same: string[] | undefined;
}): ReactNode {
  const marked = new Set(domains.map((domain) => domain.toLowerCase()));
  const rest = (same ?? []).filter((domain) => !marked.has(domain.toLowerCase()));
  return (
    <ul className="side-list">
      {domains.map((domain) => (
        <li key={domain}>
          <span className={kind}>{domain}</span>
        </li>
      ))}
      {rest.slice(0, 6).map((domain) => (
        <li key={domain} className="muted dom">
          {domain}
        </li>
      ))}
      {rest.length > 6 && <li className="muted small">+ {rest.length - 6}</li>}
    </ul>
  );
}
