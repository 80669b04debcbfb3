import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Button, DatePicker, Modal, Segmented } from 'antd';
import dayjs from 'dayjs';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { ApiError, allOf, get, useApi, type Schemas } from '../api.ts';
import { common } from '../i18n/common.ts';
import { useTexts } from '../i18n/index.ts';
import { miniProgramTexts } from '../i18n/mini-program.ts';
import { timelineTexts } from '../i18n/timeline.ts';
import { CopyButton } from '../ui/copy.tsx';
import { Card } from '../ui/page.tsx';
import { Empty, Failure, Loaded, Loading } from '../ui/states.tsx';
import { ChangeLines } from '../ui/terms.tsx';
import { Time, localTime, useNow } from '../ui/time.tsx';
import { useUrlState } from '../ui/url-state.ts';
import { bandsOf } from './bands.ts';
import { readableSpans, useGrants } from './grants.ts';
import { CompareCard, MomentCard } from './moment.tsx';
import { TIMELINE_DATA, Timeline, type Moment } from './timeline.tsx';

type Snapshot = Schemas['Snapshot'];
interface Observations {
  /** Newest first. */
  items: Schemas['ObservationTimes'][];
  unknownSince: string | null;
}
const OBSERVATIONS = '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/observations';
const SNAPSHOTS = '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/snapshots';
const LIFESPANS = '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}/domain-lifespans';
const MAX_SNAPSHOTS = 5000;
const MAX_LIFESPANS = 5000;
const MINUTE = 60_000;

/** Timeline, the domains at a moment or the difference of two, and the feed of changes: all three say the same moments. */
export function DomainsTab({
  platform,
  authorizer,
}: {
  platform: string;
  authorizer: Schemas['Authorizer'];
}): ReactNode {
  const t = useTexts(timelineTexts);
  const m = useTexts(miniProgramTexts);
  const url = useUrlState();
  const nowMs = Math.floor(useNow() / MINUTE) * MINUTE;
  const appid = authorizer.authorizer_appid;
  const path = { component_appid: platform, authorizer_appid: appid };

  const observations = useQuery<Observations, ApiError>({
    queryKey: [OBSERVATIONS, path, 'all'],
    queryFn: async ({ signal }) => {
      const items: Observations['items'] = [];
      let cursor: string | undefined;
      let page: Schemas['Observations'];
      do {
        page = await get(OBSERVATIONS, { path, query: { limit: 500, cursor } }, signal);
        items.push(...page.items);
        cursor = page.next_cursor ?? undefined;
      } while (cursor !== undefined && items.length < MAX_SNAPSHOTS);
      return {
        items,
        unknownSince: page.unknown === null ? null : (page.unknown.since ?? items[0]?.last_observed_at ?? null),
      };
    },
    refetchInterval: 60_000,
  });
  const lifespans = useQuery<Schemas['Lifespan'][], ApiError>({
    queryKey: [LIFESPANS, path, 'all'],
    queryFn: ({ signal }) =>
      allOf((cursor) => get(LIFESPANS, { path, query: { limit: 500, cursor } }, signal), MAX_LIFESPANS),
    refetchInterval: 60_000,
  });
  const recent = useInfiniteQuery<Schemas['SnapshotPage'], ApiError>({
    queryKey: [SNAPSHOTS, path, 'pages'],
    queryFn: ({ pageParam, signal }) =>
      get(SNAPSHOTS, { path, query: { limit: 20, cursor: pageParam as string | undefined } }, signal),
    initialPageParam: undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    refetchInterval: 60_000,
  });

  const grants = useGrants(platform, appid);
  const unknownSince = observations.data?.unknownSince ?? null;
  const latestHolds = unknownSince === null;
  const data = useMemo(() => {
    if (!lifespans.data || !observations.data) return null;
    performance.clearMarks(TIMELINE_DATA);
    performance.mark(TIMELINE_DATA);
    const time = (moment: { from: string; to: string }) => ({
      from: Date.parse(moment.from),
      to: Date.parse(moment.to),
    });
    const stretches = observations.data.items
      .map((item) => ({
        ...time({ from: item.first_observed_at, to: item.last_observed_at }),
        gaps: item.gaps.map(time).sort((a, b) => a.from - b.from),
      }))
      .reverse();
    return bandsOf(lifespans.data, stretches, nowMs, latestHolds);
  }, [lifespans.data, observations.data, nowMs, latestHolds]);

  const at = validMoment(url.get('at'));
  const from = validMoment(url.get('from'));
  const to = validMoment(url.get('to'));
  const comparing = from !== undefined;
  const error = lifespans.error ?? observations.error;

  if (!data || !observations.data) {
    if (error) return <Failure error={error} retry={() => void lifespans.refetch()} />;
    return (
      <Card title={t('title')} flush>
        <Loading rows={8} />
      </Card>
    );
  }
  const seen = observations.data.items;
  const snapshots = recent.data?.pages.flatMap(({ items }) => items) ?? [];
  if (seen.length === 0) {
    return (
      <Card title={t('title')}>
        <Empty title={t('none.yet')}>
          <p>{t('none.yet.why')}</p>
        </Empty>
      </Card>
    );
  }
  const effectiveChanges = new Set(
    (lifespans.data ?? [])
      .filter(({ group }) => group === 'effective_domain')
      .flatMap(({ first_observed_at, ended_at }) => [first_observed_at, ended_at]),
  );
  const moments: Moment[] = comparing
    ? [
        { at: Date.parse(from), kind: 'from' },
        { at: to === undefined ? nowMs : Date.parse(to), kind: 'to' },
      ]
    : [{ at: at === undefined ? nowMs : Date.parse(at), kind: 'to' }];
  const iso = (value: number) => new Date(Math.min(value, data.to)).toISOString();
  const pick = (value: number) => url.set(comparing ? { to: iso(value) } : { at: iso(value) }, { replace: true });
  const firstSeen = Date.parse(seen.at(-1)?.first_observed_at ?? '');
  const unknown = [
    { from: data.from, to: firstSeen },
    ...(unknownSince === null ? [] : [{ from: Date.parse(unknownSince), to: data.to }]),
    // The clock of the page is rounded down, so what has just begun may lie after it.
  ].filter(({ from: begins, to: ends }) => ends > begins);

  return (
    <>
      <Card
        flush
        title={t('title')}
        end={
          <>
            <Segmented<'one' | 'two'>
              value={comparing ? 'two' : 'one'}
              options={[
                { value: 'one', label: t('moment.one') },
                { value: 'two', label: t('moment.two') },
              ]}
              onChange={(value) => {
                if (value === 'one') url.set({ at: to, from: undefined, to: undefined });
                else url.set({ at: undefined, from: iso((firstSeen + data.to) / 2), to: at ?? iso(nowMs) });
              }}
            />
            {comparing && (
              <MomentField label={t('compare.from')} value={from} onChange={(value) => url.set({ from: value })} />
            )}
            <MomentField
              label={comparing ? t('compare.to') : t('moment')}
              value={comparing ? to : at}
              onChange={(value) => url.set(comparing ? { to: value } : { at: value })}
            />
            {!comparing && at !== undefined && (
              <Button size="small" onClick={() => url.set({ at: undefined })}>
                {t('moment.now')}
              </Button>
            )}
          </>
        }
      >
        <div style={{ paddingTop: 10 }}>
          <div className="tl-scroll" tabIndex={0} role="region" aria-label={t('title')}>
            <Timeline
              data={data}
              flags={seen.slice(0, -1).map((item) => ({
                at: Date.parse(item.first_observed_at),
                effective: effectiveChanges.has(item.first_observed_at),
              }))}
              moments={moments}
              unknown={unknown}
              readable={readableSpans(grants.data ?? [], data.to)}
              onPick={pick}
            />
          </div>
          {comparing && (
            <Slider
              label={t('compare.from')}
              data={data}
              value={Date.parse(from)}
              onChange={(value) => url.set({ from: iso(value) }, { replace: true })}
            />
          )}
          <Slider
            label={comparing ? t('compare.to') : t('moment')}
            data={data}
            value={moments.at(-1)?.at ?? nowMs}
            onChange={pick}
          />
          {(lifespans.data?.length ?? 0) >= MAX_LIFESPANS && (
            <p className="body small muted">{m('many', { n: MAX_LIFESPANS })}</p>
          )}
        </div>
      </Card>
      <div className="two-thirds">
        {comparing ? (
          <CompareCard platform={platform} appid={appid} from={from} to={to ?? iso(nowMs)} />
        ) : (
          <MomentCard platform={platform} appid={appid} at={at} />
        )}
        <ChangesCard
          platform={platform}
          snapshots={snapshots}
          at={comparing ? undefined : at}
          {...(recent.hasNextPage ? { onMore: () => void recent.fetchNextPage() } : {})}
        />
      </div>
    </>
  );
}

function validMoment(text: string | undefined): string | undefined {
  return text !== undefined && !Number.isNaN(Date.parse(text)) ? new Date(text).toISOString() : undefined;
}

function MomentField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}): ReactNode {
  return (
    <DatePicker
      size="small"
      showTime={{ format: 'HH:mm' }}
      format="YYYY-MM-DD HH:mm"
      placeholder={label}
      aria-label={label}
      value={value === undefined ? null : dayjs(value)}
      maxDate={dayjs()}
      onChange={(day) => onChange(day ? day.toISOString() : undefined)}
    />
  );
}

/** Follows the finger at once, and the address when it rests. */
function Slider({
  label,
  data,
  value,
  onChange,
}: {
  label: string;
  data: { from: number; to: number };
  value: number;
  onChange: (value: number) => void;
}): ReactNode {
  const [draft, setDraft] = useState<number | null>(null);
  useEffect(() => {
    if (draft === null) return undefined;
    const timer = setTimeout(() => {
      onChange(draft);
      setDraft(null);
    }, 120);
    return () => clearTimeout(timer);
  });
  const shown = draft ?? value;
  return (
    <label className="tl-slider">
      <span className="small">
        {label} <b className="num">{localTime(new Date(shown).toISOString())}</b>
      </span>
      <input
        type="range"
        min={data.from}
        max={data.to}
        step={MINUTE}
        value={shown}
        aria-valuetext={localTime(new Date(shown).toISOString())}
        onChange={(event) => setDraft(Number(event.target.value))}
      />
    </label>
  );
}

function ChangesCard({
  platform,
  snapshots,
  at,
  onMore,
}: {
  platform: string;
  /** Newest first; the oldest one only when there is no `onMore`. */
  snapshots: readonly Snapshot[];
  at: string | undefined;
  onMore?: () => void;
}): ReactNode {
  const t = useTexts(timelineTexts);
  const c = useTexts(common);
  const url = useUrlState();
  const [raw, setRaw] = useState<string | null>(null);
  const current = at === undefined ? undefined : snapshots.find(({ first_observed_at }) => first_observed_at <= at)?.id;
  return (
    <Card flush title={t('changes')}>
      <ul className="feed">
        {snapshots.map((snapshot, index) => {
          const before = snapshots[index + 1];
          return (
            <li key={snapshot.id} className={snapshot.id === current ? 'current' : ''}>
              <div className="row between">
                <button
                  className="plain"
                  onClick={() => url.set({ at: snapshot.first_observed_at, from: undefined, to: undefined })}
                >
                  <b>
                    <Time at={snapshot.first_observed_at} />
                  </b>
                </button>
                <span className="row">
                  {before && (
                    <Button
                      size="small"
                      type="link"
                      onClick={() =>
                        url.set({ at: undefined, from: before.last_observed_at, to: snapshot.first_observed_at })
                      }
                    >
                      {t('changes.show')}
                    </Button>
                  )}
                  <Button size="small" type="link" onClick={() => setRaw(snapshot.id)}>
                    {t('raw')}
                  </Button>
                </span>
              </div>
              {before === undefined && !onMore ? (
                <span className="small muted">{t('changes.first')}</span>
              ) : (
                <ChangeLines changes={snapshot.changes} />
              )}
              <span className="small muted">
                {t('observations', { n: snapshot.observations })} · <Time at={snapshot.last_observed_at} />
              </span>
            </li>
          );
        })}
      </ul>
      {onMore && (
        <div className="foot">
          <Button onClick={onMore}>{c('more')}</Button>
        </div>
      )}
      {raw !== null && <RawDialog platform={platform} id={raw} onClose={() => setRaw(null)} />}
    </Card>
  );
}

function RawDialog({ platform, id, onClose }: { platform: string; id: string; onClose: () => void }): ReactNode {
  const t = useTexts(timelineTexts);
  const c = useTexts(common);
  const body = useApi('/v1/platforms/{component_appid}/snapshots/{id}/raw', {
    path: { component_appid: platform, id },
  });
  return (
    <Modal
      open
      title={t('raw.title', { id })}
      onCancel={onClose}
      footer={<Button onClick={onClose}>{c('close')}</Button>}
      width={720}
    >
      <Loaded query={body}>
        {(data) => {
          const text = JSON.stringify(data, null, 2);
          return (
            <>
              <CopyButton text={text} />
              <pre className="raw" tabIndex={0}>
                {text}
              </pre>
            </>
          );
        }}
      </Loaded>
    </Modal>
  );
}
