import { Button, Input, Select } from 'antd';
import { useMemo, useState, type ReactNode } from 'react';
import { ApiError, api, useApi, useSend, type Schemas } from '../api.ts';
import { addressesTexts } from '../i18n/addresses.ts';
import { common } from '../i18n/common.ts';
import { useTexts } from '../i18n/index.ts';
import { timelineTexts } from '../i18n/timeline.ts';
import { ticksOf } from '../timeline/bands.ts';
import { ActionButton } from '../ui/action.tsx';
import { copyText } from '../ui/copy.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Empty, Loaded, NotOffered, explain } from '../ui/states.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { AddedRemoved, Tag } from '../ui/terms.tsx';
import { Time, localDay, localTime, useNow } from '../ui/time.tsx';
import { say } from '../ui/toasts.tsx';
import { useUrlState } from '../ui/url-state.ts';

type Snapshot = Schemas['WechatIpSnapshot'];
type Kind = Snapshot['kind'];
const LIST = '/v1/wechat-ips/{kind}';
const HISTORY = '/v1/wechat-ips/{kind}/snapshots';
const FORMATS = ['text', 'json'] as const;

export default function Addresses(): ReactNode {
  const t = useTexts(addressesTexts);
  const c = useTexts(common);
  const url = useUrlState();
  const kind: Kind = url.get('tab') === 'callback' ? 'callback' : 'api-domain';
  const current = useApi(LIST, { path: { kind } }, { every: 60_000 });
  const history = useApi(HISTORY, { path: { kind }, query: { limit: 200 } }, { every: 60_000 });
  const fetchNow = useSend(
    async () => {
      const { data, response } = await api.POST(HISTORY, { params: { path: { kind } } });
      return { data: { changed: response.status === 201, data } };
    },
    {
      touches: [LIST, HISTORY],
      onDone: ({ changed }) => say(changed ? t('fetch.changed') : t('fetch.same')),
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
            <Loaded query={history}>{({ items }) => <Difference snapshots={items} />}</Loaded>
          </div>
          <Loaded query={history}>{({ items }) => <Strip snapshots={items} />}</Loaded>
          <Card title={t('candidates')} flush>
            <NotOffered />
          </Card>
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
  const shown = view.ip_list.filter((address) => address.includes(filter.trim()));
  return (
    <Card
      title={t('current')}
      end={
        <>
          <span className="small muted num">{t('count', { n: view.ip_list.length })}</span>
          <Select
            size="small"
            style={{ width: 130 }}
            aria-label={t('copy')}
            placeholder={t('copy')}
            value={null}
            options={FORMATS.map((value) => ({ value, label: value }))}
            onChange={(format: string | null) => {
              fetch(`/v1/wechat-ips/${view.kind}?format=${format}`, { credentials: 'same-origin' })
                .then(async (response) => copyText(await response.text()))
                .then(
                  () => say(`${t('copy')} ${format}`),
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

function Difference({ snapshots }: { snapshots: readonly Snapshot[] }): ReactNode {
  const t = useTexts(addressesTexts);
  const url = useUrlState();
  const later = snapshots.find(({ id }) => id === url.get('to')) ?? snapshots[0];
  const earlier = snapshots.find(({ id }) => id === url.get('from')) ?? snapshots.at(-1);
  if (!later || !earlier) return null;
  const before = new Set(earlier.ip_list);
  const after = new Set(later.ip_list);
  const added = later.ip_list.filter((address) => !before.has(address));
  const removed = earlier.ip_list.filter((address) => !after.has(address));
  const options = snapshots.map(({ id, first_observed_at }) => ({ value: id, label: localTime(first_observed_at) }));
  return (
    <Card title={t('diff')}>
      <div className="form">
        <div className="row">
          <label className="field grow">
            <span className="small muted">{t('diff.from')}</span>
            <Select
              aria-label={t('diff.from')}
              value={earlier.id}
              options={options}
              onChange={(id: string) => url.set({ from: id })}
            />
          </label>
          <label className="field grow">
            <span className="small muted">{t('diff.to')}</span>
            <Select
              aria-label={t('diff.to')}
              value={later.id}
              options={options}
              onChange={(id: string) => url.set({ to: id })}
            />
          </label>
        </div>
        {added.length + removed.length === 0 ? (
          <p className="muted">{t('diff.same')}</p>
        ) : (
          <AddedRemoved added={added} removed={removed} />
        )}
      </div>
    </Card>
  );
}

interface Life {
  address: string;
  parts: { kind: 'sure' | 'maybe'; from: number; to: number }[];
}

/** When each address was in the list, oldest snapshot first. */
export function livesOf(
  snapshots: readonly Pick<Snapshot, 'first_observed_at' | 'last_observed_at' | 'ip_list'>[],
): Life[] {
  const lives = new Map<string, Life>();
  snapshots.forEach((snapshot, index) => {
    const from = Date.parse(snapshot.first_observed_at);
    const to = Date.parse(snapshot.last_observed_at);
    const before = snapshots[index - 1];
    const earlier = new Set(before?.ip_list);
    const gap = before === undefined ? undefined : { from: Date.parse(before.last_observed_at), to: from };
    for (const address of snapshot.ip_list) {
      let life = lives.get(address);
      if (!life) lives.set(address, (life = { address, parts: [] }));
      if (gap) life.parts.push({ kind: earlier.has(address) ? 'sure' : 'maybe', ...gap });
      life.parts.push({ kind: 'sure', from, to });
    }
    const now = new Set(snapshot.ip_list);
    if (gap)
      for (const address of earlier) if (!now.has(address)) lives.get(address)?.parts.push({ kind: 'maybe', ...gap });
  });
  return [...lives.values()];
}

function Strip({ snapshots }: { snapshots: readonly Snapshot[] }): ReactNode {
  const t = useTexts(addressesTexts);
  const legend = useTexts(timelineTexts);
  const now = useNow();
  const [chosen, setOpen] = useState<boolean | null>(null);
  const oldestFirst = useMemo(() => [...snapshots].reverse(), [snapshots]);
  const lives = useMemo(() => livesOf(oldestFirst), [oldestFirst]);
  const first = Date.parse(oldestFirst[0]?.first_observed_at ?? new Date(now).toISOString());
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
            <pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width="6" height="6" className="tl-hatch-bg" />
              <rect width="2.4" height="6" className="tl-hatch" />
            </pattern>
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
                  x={`${share(from)}%`}
                  width={`${Math.max(0.4, share(end) - share(from))}%`}
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
