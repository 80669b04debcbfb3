import type { ReactNode } from 'react';
import { Link, useNavigate } from 'react-router';
import { useApi } from '../api.ts';
import { connectTexts } from '../i18n/connect.ts';
import { formatNumber, useTexts } from '../i18n/index.ts';
import { overviewTexts } from '../i18n/overview.ts';
import { usePlatform, useSession } from '../session.tsx';
import { DayBars } from '../ui/charts.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Empty, Failure, Loaded, Loading } from '../ui/states.tsx';
import { Tag, type Tone } from '../ui/terms.tsx';
import { Age, Time, localTime } from '../ui/time.tsx';
import { ChangeGroupItem, groupKey } from './changes.tsx';
import { Countdown, PLATFORM_TONE } from './connect.tsx';

const P = '/v1/platforms/{component_appid}';
const TICKET_EVERY_MS = 600_000;
const LIMIT = 500;

interface Need {
  tone: Tone;
  cause: string;
  since: string | null;
  next: string;
  to: string;
  done: string;
}

export default function Overview(): ReactNode {
  const t = useTexts(overviewTexts);
  const platform = usePlatform();
  return (
    <Page title={t('title')} question={t('question')}>
      <div className="two-thirds">
        <Needs />
        <Ticket />
      </div>
      <Fleet />
      <Card
        flush
        title={t('latest')}
        end={
          <Link className="small" to={`/p/${platform}/changes`}>
            {t('latest.all')}
          </Link>
        }
      >
        <Latest />
      </Card>
    </Page>
  );
}

function Fleet(): ReactNode {
  const t = useTexts(overviewTexts);
  const platform = usePlatform();
  const navigate = useNavigate();
  const { may } = useSession();
  const overview = useApi(
    `${P}/overview`,
    { path: { component_appid: platform } },
    { every: 30_000, enabled: may('domains:read') },
  );
  const { data, error } = overview;
  if (!data)
    return <Card flush>{error ? <Failure error={error} retry={() => void overview.refetch()} /> : <Loading />}</Card>;
  const { mini_programs: fleet, oldest_evidence: oldest } = data;
  const base = `/p/${platform}`;
  const tiles = [
    ['authorized', fleet.authorized, '', `${base}/mini-programs?state=authorized`],
    ['readable', fleet.readable, '', `${base}/mini-programs?state=authorized&set18=has`],
    ['fresh', fleet.fresh, 'good', `${base}/mini-programs?state=authorized&set18=has`],
    ['failing', fleet.failing, fleet.failing > 0 ? 'bad' : '', `${base}/mini-programs?state=authorized&set18=has`],
    ['unknown', fleet.unknown, 'unknown', `${base}/permissions`],
  ] as const;
  return (
    <>
      <div className="stack" style={{ gap: 6 }}>
        <div className="tiles">
          {tiles.map(([name, count, tone, to]) => (
            <Link key={name} className="tile" to={to}>
              <span className="name">
                {tone !== '' && <i className={`dot ${tone}`} />} {t(`fleet.${name}`)}
              </span>
              <span className="value">{formatNumber(count)}</span>
              <span className="sub">
                {name === 'fresh'
                  ? data.fresh_seconds < 5400
                    ? t('fleet.fresh.minutes', { n: Math.round(data.fresh_seconds / 60) })
                    : t('fleet.fresh.hours', { n: Math.round(data.fresh_seconds / 3600) })
                  : t(`fleet.${name}.why`)}
              </span>
            </Link>
          ))}
        </div>
        {oldest && (
          <p className="small muted">
            {t('fleet.oldest')}{' '}
            <Link to={`${base}/mini-programs/${oldest.authorizer_appid}`}>
              <Age at={oldest.observed_at} />
            </Link>
          </p>
        )}
      </div>
      <Card title={t('changes')} end={<span className="small muted">{t('changes.why')}</span>}>
        <DayBars
          label={t('changes')}
          days={data.changes_per_day.map(({ day, changes }) => ({ day, count: changes }))}
          onChoose={(first, last) =>
            void navigate(
              `${base}/changes?${new URLSearchParams({
                // Days are counted in Beijing.
                from: new Date(`${first}T00:00:00+08:00`).toISOString(),
                to: new Date(`${last}T23:59:59.999+08:00`).toISOString(),
              })}`,
            )
          }
        />
      </Card>
    </>
  );
}

function Needs(): ReactNode {
  const t = useTexts(overviewTexts);
  const needs = useNeeds();
  return (
    <Card
      title={t('needs')}
      flush
      end={needs && needs.length > 0 && <Tag tone={needs[0]?.tone ?? ''}>{needs.length}</Tag>}
    >
      {needs === null ? (
        <Loading rows={4} />
      ) : needs.length === 0 ? (
        <Empty title={t('needs.none')}>{t('needs.none.why')}</Empty>
      ) : (
        <ol className="feed">
          {needs.map(({ tone, cause, since, next, to, done }) => (
            <li key={cause}>
              <div className="row between">
                <span className="row grow" style={{ flexWrap: 'nowrap', alignItems: 'baseline' }}>
                  <i className={`dot ${tone}`} />
                  <b>{cause}</b>
                </span>
                <Link to={to}>{next} →</Link>
              </div>
              <span className="small muted">
                {since !== null && `${t('since', { time: localTime(since) })} · `}
                {t('done.when', { what: done })}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

/** What needs a person, the worst first; null while the first answers are missing. */
function useNeeds(): Need[] | null {
  const t = useTexts(overviewTexts);
  const c = useTexts(connectTexts);
  const { may } = useSession();
  const id = usePlatform();
  const path = { component_appid: id };
  const every = { every: 15_000 };
  const platform = useApi(P, { path }, every);
  const lost = useApi(`${P}/authorizers`, { path, query: { state: 'reauthorization_required', limit: LIMIT } }, every);
  const without18 = useApi(
    `${P}/authorizers`,
    { path, query: { state: 'authorized', lacks_permission_set: 18, limit: LIMIT } },
    every,
  );
  const backlog = useApi(`${P}/push-backlog`, { path }, every);
  const quota = useApi(`${P}/quota`, { path }, every);
  const gauges = useApi(`${P}/domain-gauges`, { path }, { every: 60_000, enabled: may('domains:read') });
  if (!platform.data || !lost.data || !without18.data || !backlog.data) return null;

  const base = `/p/${id}`;
  const many = (page: { items: unknown[]; next_cursor: string | null }) =>
    page.next_cursor === null ? page.items.length : `${page.items.length}+`;
  const needs: Need[] = [];
  const { state, ticket_received_at } = platform.data;
  if (state !== 'ready') {
    needs.push({
      tone: PLATFORM_TONE[state],
      cause: c(`state.${state}`),
      since: state === 'ticket_stale' ? ticket_received_at : null,
      next: t('next.connect'),
      to: `${base}/connect`,
      done: t('done.ready'),
    });
  }
  if (backlog.data.failed > 0) {
    needs.push({
      tone: 'bad',
      cause: t('cause.failed', { n: backlog.data.failed }),
      since: null,
      next: t('next.failed'),
      to: `${base}/connect`,
      done: t('done.failed'),
    });
  }
  if (lost.data.items.length > 0) {
    needs.push({
      tone: 'bad',
      cause: t('cause.reauthorize', { n: many(lost.data) }),
      since: earliest(lost.data.items.map(({ last_failure }) => last_failure?.at)),
      next: t('next.reauthorize'),
      to: `${base}/mini-programs?state=reauthorization_required`,
      done: t('done.reauthorize'),
    });
  }
  if (quota.data && quota.data.parked_count > 0) {
    needs.push({
      tone: 'bad',
      cause: t('cause.parked', { n: quota.data.parked_count }),
      since: earliest(quota.data.parks.map(({ parked_at }) => parked_at)),
      next: t('next.parked'),
      to: `${base}/jobs`,
      done: t('done.parked'),
    });
  }
  if (backlog.data.oldest_seconds > 60) {
    needs.push({
      tone: 'warn',
      cause: t('cause.waiting', { n: backlog.data.pending, seconds: Math.round(backlog.data.oldest_seconds) }),
      since: null,
      next: t('next.failed'),
      to: `${base}/connect`,
      done: t('done.failed'),
    });
  }
  const dropped = gauges.data?.at_risk?.length ?? 0;
  if (dropped > 0) {
    needs.push({
      tone: 'warn',
      cause: t('cause.drop', { n: dropped }),
      since: null,
      next: t('next.drop'),
      to: `${base}/risks`,
      done: t('done.drop'),
    });
  }
  const fullest = gauges.data?.lists[0];
  if (fullest && fullest.count >= fullest.limit * 0.8) {
    needs.push({
      tone: 'warn',
      cause: t('cause.full', { count: fullest.count, limit: fullest.limit }),
      since: null,
      next: t('next.full'),
      to: `${base}/risks`,
      done: t('done.full'),
    });
  }
  if (without18.data.items.length > 0) {
    needs.push({
      tone: 'warn',
      cause: t('cause.set18', { n: many(without18.data) }),
      since: null,
      next: t('next.set18'),
      to: `${base}/permissions`,
      done: t('done.set18'),
    });
  }
  return needs;
}

function earliest(times: readonly (string | null | undefined)[]): string | null {
  return times.filter((time): time is string => time != null).sort()[0] ?? null;
}

function Ticket(): ReactNode {
  const t = useTexts(overviewTexts);
  const c = useTexts(connectTexts);
  const platform = useApi(P, { path: { component_appid: usePlatform() } }, { every: 15_000 });
  return (
    <Card
      title={t('ticket')}
      end={platform.data && <Tag tone={PLATFORM_TONE[platform.data.state]}>{c(`state.${platform.data.state}`)}</Tag>}
    >
      <Loaded query={platform} rows={3}>
        {({ ticket_received_at: received, ticket_expires_at: expires }) => (
          <dl className="facts" style={{ gridTemplateColumns: '1fr 1fr' }}>
            <div>
              <dt>{t('ticket.next')}</dt>
              <dd className="big">
                {received === null ? '–' : <Countdown to={Date.parse(received) + TICKET_EVERY_MS} />}
              </dd>
            </div>
            <div>
              <dt>{t('ticket.end')}</dt>
              <dd className="big">{expires === null ? '–' : <Countdown to={Date.parse(expires)} />}</dd>
            </div>
            <div style={{ gridColumn: '1 / -1' }}>
              <dt>{t('ticket.last')}</dt>
              <dd>
                <Time at={received} seconds />
              </dd>
            </div>
          </dl>
        )}
      </Loaded>
    </Card>
  );
}

/** The latest changes, the same one of many told once. */
function Latest(): ReactNode {
  const t = useTexts(overviewTexts);
  const { may } = useSession();
  const latest = useApi(
    `${P}/domain-change-groups`,
    { path: { component_appid: usePlatform() }, query: { limit: 8 } },
    { every: 15_000, enabled: may('domains:read') },
  );
  return (
    <Loaded query={latest}>
      {({ items }) =>
        items.length === 0 ? (
          <Empty title={t('latest.none')} />
        ) : (
          <ul className="feed">
            {items.map((group) => (
              <ChangeGroupItem key={groupKey(group)} group={group} />
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}
