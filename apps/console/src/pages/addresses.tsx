import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Input, Select } from 'antd';
import { useMemo, useState, type ReactNode } from 'react';
import { ApiError, allOf, api, get, useApi, useSend, type Schemas } from '../api.ts';
import { addressesTexts } from '../i18n/addresses.ts';
import { common } from '../i18n/common.ts';
import { useTexts } from '../i18n/index.ts';
import { timelineTexts } from '../i18n/timeline.ts';
import { placed, ticksOf } from '../timeline/bands.ts';
import { HatchPattern } from '../timeline/timeline.tsx';
import { ActionButton, ConfirmDialog } from '../ui/action.tsx';
import { copyText } from '../ui/copy.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Empty, Loaded, explain } from '../ui/states.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { AddedRemoved, Tag } from '../ui/terms.tsx';
import { Time, localDay, localTime, useNow } from '../ui/time.tsx';
import { say } from '../ui/toasts.tsx';
import { useUrlState } from '../ui/url-state.ts';

type Snapshot = Schemas['WechatIpSnapshot'];
type Kind = Snapshot['kind'];
const LIST = '/v1/wechat-ips/{kind}';
const HISTORY = '/v1/wechat-ips/{kind}/snapshots';
const LIFETIMES = '/v1/wechat-ips/{kind}/lifetimes';
const CANDIDATES = '/v1/wechat-ips/{kind}/candidates';
const FORMATS = ['text', 'json', 'nftables', 'ipset', 'iptables', 'nginx', 'terraform'] as const;
const MAX_LIFETIMES = 5000;
const CANDIDATE_TONE = { held: 'warn', published: 'good', withdrawn: '' } as const;

export default function Addresses(): ReactNode {
  const t = useTexts(addressesTexts);
  const c = useTexts(common);
  const url = useUrlState();
  const kind: Kind = url.get('tab') === 'callback' ? 'callback' : 'api-domain';
  const current = useApi(LIST, { path: { kind } }, { every: 60_000 });
  const history = useApi(HISTORY, { path: { kind }, query: { limit: 200 } }, { every: 60_000 });
  const fetchNow = useSend(
    async () => {
      const { response } = await api.POST(HISTORY, { params: { path: { kind } } });
      // What came may be held: then nothing has changed in the list, and that is not all.
      const { held } = await get(LIST, { path: { kind } });
      return { data: response.status === 201 ? 'changed' : held ? 'held' : 'same' } as const;
    },
    {
      touches: [LIST, HISTORY, CANDIDATES, LIFETIMES],
      onDone: (outcome) => say(t(`fetch.${outcome}`), outcome === 'held' ? 'bad' : 'good'),
      onFail: (error) => say(explain(error, c), 'bad'),
    },
  );
  const never = current.error instanceof ApiError && current.error.status === 404;
  return (
    <Page
      title={t('title')}
      question={t('question')}
      evidence={current.data?.observed_at}
      actions={
        <ActionButton scope="api-ips:snapshot" loading={fetchNow.isPending} onClick={() => fetchNow.mutate(undefined)}>
          {t('fetch')}
        </ActionButton>
      }
    >
      <Tabs
        label={t('kind')}
        current={kind}
        tabs={[
          ['api-domain', t('api-domain')],
          ['callback', t('callback')],
        ]}
      />
      {never ? (
        <Card>
          <Empty title={t('none')}>{t('none.why')}</Empty>
        </Card>
      ) : (
        <>
          <div className="two-thirds">
            <Loaded query={current}>
              {(view) => <Current view={view} since={history.data?.items[0]?.first_observed_at} />}
            </Loaded>
            <Loaded query={history}>{({ items }) => <Difference kind={kind} snapshots={items} />}</Loaded>
          </div>
          <Candidates kind={kind} />
          <Loaded query={history}>{({ items }) => <Strip kind={kind} snapshots={items} />}</Loaded>
          <Card title={t('history')} flush>
            <Loaded query={history}>
              {({ items }) => (
                <ul className="feed">
                  {items.map((snapshot, index) => (
                    <li key={snapshot.id}>
                      <div className="row between">
                        <b>
                          <Time at={snapshot.first_observed_at} />
                        </b>
                        <span className="small muted">
                          {t('observations', { n: snapshot.observations })} · <Time at={snapshot.last_observed_at} />
                        </span>
                      </div>
                      {index === items.length - 1 ? (
                        <span className="small muted">
                          {t('first')} · {t('count', { n: snapshot.ip_list.length })}
                        </span>
                      ) : (
                        <AddedRemoved added={snapshot.added} removed={snapshot.removed} />
                      )}
                    </li>
                  ))}
                </ul>
              )}
            </Loaded>
          </Card>
        </>
      )}
    </Page>
  );
}

function Current({ view, since }: { view: Schemas['WechatIps']; since: string | undefined }): ReactNode {
  const t = useTexts(addressesTexts);
  const [filter, setFilter] = useState('');
  const [aggregate, setAggregate] = useState(false);
  const shown = view.ip_list.filter((address) => address.includes(filter.trim()));
  return (
    <Card
      title={t('current')}
      end={
        <>
          <span className="small muted num">{t('count', { n: view.ip_list.length })}</span>
          <Checkbox checked={aggregate} onChange={(event) => setAggregate(event.target.checked)}>
            {t('aggregate')}
          </Checkbox>
          <Select
            size="small"
            style={{ width: 130 }}
            aria-label={t('copy')}
            placeholder={t('copy')}
            value={null}
            options={FORMATS.map((value) => ({ value, label: value }))}
            onChange={(format: string | null) => {
              if (format === null) return;
              exportOf(view.kind, format, aggregate)
                .then(copyText)
                .then(
                  () => say(t('copied.as', { format })),
                  (error: unknown) => say(String(error), 'bad'),
                );
            }}
          />
        </>
      }
    >
      <div className="stack" style={{ gap: 10 }}>
        <div className="row">
          {view.stale && <Tag tone="warn">{t('stale')}</Tag>}
          {view.incomplete && <Tag tone="warn">{t('incomplete')}</Tag>}
          {view.held && <Tag tone="bad">{t(`held.${view.held.reason}`)}</Tag>}
          {since && <span className="small muted">{t('since', { time: localTime(since) })}</span>}
          {view.ip_list.length > 24 && (
            <Input
              size="small"
              style={{ width: 160, marginLeft: 'auto' }}
              allowClear
              aria-label={t('filter')}
              placeholder={t('filter')}
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
            />
          )}
        </div>
        <ul className="ip-list mono">
          {shown.map((address) => (
            <li key={address}>{address}</li>
          ))}
        </ul>
      </div>
    </Card>
  );
}

/** The list in the form of a firewall's or server's own configuration, as the hub writes it. */
async function exportOf(kind: Kind, format: string, aggregate: boolean): Promise<string> {
  const query = new URLSearchParams({ format, ...(aggregate ? { aggregate: 'true' } : {}) });
  const response = await fetch(`/v1/wechat-ips/${kind}?${query}`, { credentials: 'same-origin' });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.text();
}

/** Two lists by the moments that they were seen first; the address of the page names the moments. */
function Difference({ kind, snapshots }: { kind: Kind; snapshots: readonly Snapshot[] }): ReactNode {
  const t = useTexts(addressesTexts);
  const url = useUrlState();
  const moments = snapshots.map(({ first_observed_at }) => first_observed_at);
  const to = moments.find((moment) => moment === url.get('to')) ?? moments[0] ?? '';
  const from = moments.find((moment) => moment === url.get('from')) ?? moments.at(-1) ?? '';
  // The moments are shown without their microseconds: a millisecond later each list was there for certain.
  const after = (moment: string) => (moment === '' ? '' : new Date(Date.parse(moment) + 1).toISOString());
  const diff = useApi(
    `${LIST}/diff`,
    { path: { kind }, query: { from: after(from), to: after(to) } },
    { keep: true, enabled: from !== to },
  );
  const choice = (name: 'from' | 'to', value: string) => (
    <label className="field grow">
      <span className="small muted">{t(`diff.${name}`)}</span>
      <Select
        aria-label={t(`diff.${name}`)}
        value={value}
        options={moments.map((moment) => ({ value: moment, label: localTime(moment) }))}
        onChange={(moment: string) => url.set({ [name]: moment })}
      />
    </label>
  );
  return (
    <Card title={t('diff')}>
      <div className="form">
        <div className="row">
          {choice('from', from)}
          {choice('to', to)}
        </div>
        {from === to ? (
          <p className="muted">{t('diff.same')}</p>
        ) : (
          <Loaded query={diff} rows={2}>
            {({ added, removed }) =>
              added.length + removed.length === 0 ? (
                <p className="muted">{t('diff.same')}</p>
              ) : (
                <AddedRemoved added={added} removed={removed} />
              )
            }
          </Loaded>
        )}
      </div>
    </Card>
  );
}

/** Fetched lists that were not published at once; an operator may publish one that is held. */
function Candidates({ kind }: { kind: Kind }): ReactNode {
  const t = useTexts(addressesTexts);
  const c = useTexts(common);
  const candidates = useApi(CANDIDATES, { path: { kind } }, { every: 60_000 });
  const [asking, setAsking] = useState<Schemas['WechatIpCandidate'] | null>(null);
  const confirm = useSend(
    (id: string) => api.POST(`${CANDIDATES}/{id}/confirmations`, { params: { path: { kind, id } } }),
    {
      touches: [CANDIDATES, LIST, HISTORY, LIFETIMES],
      onDone: () => {
        setAsking(null);
        say(t('confirm.done'));
      },
      onFail: (error) => {
        setAsking(null);
        say(explain(error, c), 'bad');
      },
    },
  );
  return (
    <Card title={t('candidates')} flush>
      <p className="body small muted">{t('candidates.why')}</p>
      <Loaded query={candidates} rows={2}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title={t('candidates.none')} />
          ) : (
            <ul className="feed">
              {items.map((candidate) => (
                <li key={candidate.id}>
                  <div className="row between">
                    <span className="row">
                      <Tag tone={CANDIDATE_TONE[candidate.state]}>{t(`candidate.${candidate.state}`)}</Tag>
                      <span>{t(`held.${candidate.reason}`)}</span>
                      <span className="small muted">{t('count', { n: candidate.ip_list.length })}</span>
                    </span>
                    <span className="row">
                      <span className="small muted">
                        {t('observations', { n: candidate.observations })} · <Time at={candidate.last_observed_at} />
                      </span>
                      {candidate.state === 'held' && (
                        <ActionButton
                          size="small"
                          scope="api-ips:snapshot"
                          operatorOnly
                          onClick={() => setAsking(candidate)}
                        >
                          {t('confirm')}
                        </ActionButton>
                      )}
                    </span>
                  </div>
                  <AddedRemoved added={candidate.added} removed={candidate.removed} />
                  {candidate.unreadable.length > 0 && (
                    <span className="small break">
                      {t('unreadable')} <code>{candidate.unreadable.join('  ')}</code>
                    </span>
                  )}
                  {candidate.decided_at && (
                    <span className="small muted">
                      {candidate.decided_by === 'agreement' ? t('decided.agreement') : candidate.decided_by}{' '}
                      <Time at={candidate.decided_at} />
                    </span>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      <ConfirmDialog
        open={asking !== null}
        title={t('confirm')}
        okText={t('confirm')}
        busy={confirm.isPending}
        onOk={() => asking && confirm.mutate(asking.id)}
        onCancel={() => setAsking(null)}
      >
        <p>{t('confirm.ask')}</p>
        {asking && <AddedRemoved added={asking.added} removed={asking.removed} />}
      </ConfirmDialog>
    </Card>
  );
}

interface Life {
  address: string;
  parts: { kind: 'sure' | 'maybe'; from: number; to: number }[];
}

/**
 * When each address was in the list. Between the last list without it and the first with it, and the other way round, it may
 * have been there.
 * @param fetched when each list was seen, newest first
 */
function livesOf(
  lifetimes: readonly Schemas['WechatIpLifetime'][],
  fetched: readonly Pick<Snapshot, 'first_observed_at' | 'last_observed_at'>[],
): Life[] {
  const before = new Map(fetched.map((list, at) => [list.first_observed_at, fetched[at + 1]?.last_observed_at]));
  const lives = new Map<string, Life>();
  for (const { address, first_observed_at, last_observed_at, ended_at } of lifetimes) {
    let life = lives.get(address);
    if (!life) lives.set(address, (life = { address, parts: [] }));
    const from = Date.parse(first_observed_at);
    const to = Date.parse(last_observed_at);
    const absent = before.get(first_observed_at);
    if (absent !== undefined) life.parts.push({ kind: 'maybe', from: Date.parse(absent), to: from });
    life.parts.push({ kind: 'sure', from, to });
    if (ended_at !== null) life.parts.push({ kind: 'maybe', from: to, to: Date.parse(ended_at) });
  }
  return [...lives.values()];
}

function Strip({ kind, snapshots }: { kind: Kind; snapshots: readonly Snapshot[] }): ReactNode {
  const t = useTexts(addressesTexts);
  const legend = useTexts(timelineTexts);
  const now = useNow();
  const [chosen, setOpen] = useState<boolean | null>(null);
  const lifetimes = useQuery<Schemas['WechatIpLifetime'][], ApiError>({
    queryKey: [LIFETIMES, { kind }, 'all'],
    queryFn: ({ signal }) =>
      allOf((cursor) => get(LIFETIMES, { path: { kind }, query: { limit: 500, cursor } }, signal), MAX_LIFETIMES),
    refetchInterval: 60_000,
  });
  const lives = useMemo(() => livesOf(lifetimes.data ?? [], snapshots), [lifetimes.data, snapshots]);
  const first = Math.min(now, ...lives.map(({ parts }) => parts[0]?.from ?? now));
  const to = Math.max(now, first + 60_000);
  const share = (at: number) => ((at - first) / (to - first)) * 100;
  const changed = lives.filter(({ parts }) => parts.some(({ kind }) => kind === 'maybe'));
  const unchanged = lives.length - changed.length;
  // A short list is shown as it is.
  const open = chosen ?? lives.length <= 24;
  const rows = open ? lives : changed;
  return (
    <Card flush title={t('strip')}>
      <p className="body small muted">{t('strip.why')}</p>
      <div className="timeline" style={{ paddingBottom: 10 }}>
        <svg width="0" height="0" aria-hidden="true" style={{ position: 'absolute' }}>
          <defs>
            <HatchPattern />
          </defs>
        </svg>
        <div className="tl-row tl-axis">
          <span />
          <svg aria-hidden="true">
            {ticksOf(first, to, 7).map((at) => (
              <text
                key={at}
                x={`${share(at)}%`}
                y="26"
                className="tl-label"
                textAnchor={share(at) < 6 ? 'start' : share(at) > 94 ? 'end' : 'middle'}
              >
                {localDay(at).slice(5)}
              </text>
            ))}
          </svg>
        </div>
        {rows.map(({ address, parts }) => (
          <div className="tl-row" key={address}>
            <span className="tl-name mono">{address}</span>
            <svg
              className="tl-band"
              role="img"
              aria-label={`${address} ${localTime(new Date(parts[0]?.from ?? first).toISOString())} – ${localTime(new Date(parts.at(-1)?.to ?? to).toISOString())}`}
            >
              {parts.map(({ kind, from, to: end }) => (
                <rect
                  key={from}
                  {...placed({ from, to: end }, share, 0.4)}
                  y="5"
                  height="12"
                  {...(kind === 'maybe' ? { fill: 'url(#hatch)' } : { className: 'tl-sure' })}
                >
                  <title>{`${legend(`legend.${kind}`)} ${localTime(new Date(from).toISOString())} – ${localTime(new Date(end).toISOString())}`}</title>
                </rect>
              ))}
            </svg>
          </div>
        ))}
        {unchanged > 0 && (
          <div style={{ padding: '6px 16px' }}>
            <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
              {open ? '▾' : '▸'} {t('unchanged', { n: unchanged })}
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}
