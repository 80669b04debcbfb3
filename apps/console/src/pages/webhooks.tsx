import { Button, DatePicker, Input, InputNumber, Modal, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { ApiError, api, useApi, useSend, type Schemas } from '../api.ts';
import { common } from '../i18n/common.ts';
import { eventsTexts } from '../i18n/events.ts';
import { formatNumber, useTexts, type Translate } from '../i18n/index.ts';
import { webhooksTexts } from '../i18n/webhooks.ts';
import { usePlatform } from '../session.tsx';
import { ActionButton, ConfirmDialog } from '../ui/action.tsx';
import { StackedBars } from '../ui/charts.tsx';
import { CopyField } from '../ui/copy.tsx';
import { FAMILIES } from '../ui/event-feed.tsx';
import { Card, Fact } from '../ui/page.tsx';
import { ListCard } from '../ui/list-card.tsx';
import { Choice, ReceiverUrl, SecretOnce, isReceiverUrl } from '../ui/receiver.tsx';
import { Empty, Loaded, Refusal, explain } from '../ui/states.tsx';
import { ProgramLink, Tag, useMerchants, type Tone } from '../ui/terms.tsx';
import { Age, Time, localTime } from '../ui/time.tsx';
import { say } from '../ui/toasts.tsx';
import { useUrlState } from '../ui/url-state.ts';

type Endpoint = Schemas['WebhookEndpoint'];
type Delivery = Schemas['Delivery'];
const LIST = '/v1/platforms/{component_appid}/webhook-endpoints';
const ONE = `${LIST}/{id}` as const;
const DELIVERIES = `${ONE}/deliveries` as const;
const HOURS = `${ONE}/attempt-hours` as const;
const STATES = ['pending', 'delivered', 'failed'] as const;
const DELIVERY_TONE = { pending: 'accent', delivered: 'good', failed: 'bad' } as const;
const HOUR_MS = 3_600_000;

/** Endpoints, or the one that the address names. */
export default function Webhooks(): ReactNode {
  const url = useUrlState();
  const id = url.get('endpoint');
  return id === undefined ? <Endpoints /> : <OneEndpoint id={id} key={id} />;
}

function EndpointState({ endpoint }: { endpoint: Endpoint }): ReactNode {
  const t = useTexts(webhooksTexts);
  if (endpoint.state === 'disabled') return <Tag tone="bad">{t('state.disabled')}</Tag>;
  if (endpoint.failing_since !== null) return <Tag tone="warn">{t('state.failing')}</Tag>;
  return <Tag tone="good">{t('state.enabled')}</Tag>;
}

function Endpoints(): ReactNode {
  const t = useTexts(webhooksTexts);
  const url = useUrlState();
  const path = { component_appid: usePlatform() };
  const endpoints = useApi(LIST, { path, query: { cursor: url.get('cursor') } }, { keep: true, every: 15_000 });
  const [making, setMaking] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <ListCard
      title={t('endpoints')}
      end={
        <ActionButton type="primary" scope="webhooks:write" onClick={() => setMaking(true)}>
          {t('new')}
        </ActionButton>
      }
      query={endpoints}
      url={url}
      rowKey={(row) => row.id}
      empty={<Empty title={t('endpoints.none')}>{t('endpoints.none.why')}</Empty>}
      columns={[
        {
          key: 'url',
          title: t('url'),
          render: (row) => (
            <>
              <Link className="break" to={{ search: `?${new URLSearchParams({ tab: 'webhooks', endpoint: row.id })}` }}>
                {row.url}
              </Link>
              {row.description && <span className="sub">{row.description}</span>}
            </>
          ),
        },
        { key: 'state', title: t('state'), render: (row) => <EndpointState endpoint={row} /> },
        {
          key: 'types',
          title: t('types'),
          render: (row) => <span className="small break">{row.event_types?.join(' · ') ?? t('types.all')}</span>,
        },
        { key: 'succeeded', title: t('succeeded'), render: (row) => <Age at={row.succeeded_at} /> },
        { key: 'waiting', title: t('waiting'), right: true, render: (row) => formatNumber(row.waiting) },
        { key: 'created', title: t('created'), render: (row) => <Time at={row.created_at} /> },
      ]}
    >
      {making && (
        <NewEndpoint
          onClose={() => setMaking(false)}
          onMade={(made) => {
            setMaking(false);
            if (made.secret !== null) setSecret(made.secret);
            else url.set({ endpoint: made.id });
          }}
        />
      )}
      {secret !== null && <SecretOnce value={secret} onClose={() => setSecret(null)} />}
    </ListCard>
  );
}

function NewEndpoint({
  onClose,
  onMade,
}: {
  onClose: () => void;
  onMade: (made: Schemas['CreatedWebhookEndpoint']) => void;
}): ReactNode {
  const t = useTexts(webhooksTexts);
  const c = useTexts(common);
  const e = useTexts(eventsTexts);
  const path = { component_appid: usePlatform() };
  const merchants = useMerchants();
  const [url, setUrl] = useState('');
  const [description, setDescription] = useState('');
  const [types, setTypes] = useState<string[]>([]);
  const [merchantIds, setMerchantIds] = useState<string[]>([]);
  const [format, setFormat] = useState<Endpoint['format']>('standard');
  const [ordering, setOrdering] = useState<Endpoint['ordering']>('per_authorizer');
  const [signature, setSignature] = useState<Endpoint['signature']>('v1');
  const [perSecond, setPerSecond] = useState<number | null>(null);
  const create = useSend(
    () =>
      api.POST(LIST, {
        params: { path },
        body: {
          url: url.trim(),
          ...(description.trim() === '' ? {} : { description: description.trim() }),
          event_types: types.length === 0 ? null : types,
          ...(merchantIds.length === 0 ? {} : { merchant_ids: merchantIds }),
          format,
          ordering,
          signature: format === 'standard' ? signature : 'v1',
          max_per_second: perSecond,
          start: 'now',
        },
      }),
    { touches: [LIST], onDone: onMade },
  );
  return (
    <Modal
      open
      title={t('new')}
      okText={t('new')}
      cancelText={c('cancel')}
      okButtonProps={{ disabled: !isReceiverUrl(url) }}
      confirmLoading={create.isPending}
      onCancel={onClose}
      onOk={() => create.mutate(undefined)}
    >
      <div className="form">
        <ReceiverUrl autoFocus value={url} onChange={setUrl} />
        <label className="field">
          <span>{t('description')}</span>
          <Input value={description} maxLength={200} onChange={(event) => setDescription(event.target.value)} />
        </label>
        <label className="field">
          <span>{t('types')}</span>
          <Select
            mode="tags"
            aria-label={t('types')}
            placeholder={t('types.all')}
            value={types}
            onChange={setTypes}
            options={FAMILIES.map((family) => ({
              value: `${family}.*`,
              label: `${e(`family.${family}`)} ${family}.*`,
            }))}
          />
          <span className="small muted">{t('types.hint')}</span>
        </label>
        <label className="field">
          <span>{t('merchants')}</span>
          <Select
            mode="multiple"
            aria-label={t('merchants')}
            placeholder={t('merchants.all')}
            optionFilterProp="label"
            value={merchantIds}
            onChange={setMerchantIds}
            options={merchants.items.map(({ merchant_id, name: label }) => ({ value: merchant_id, label }))}
          />
        </label>
        <label className="field">
          <span>{t('format')}</span>
          <Choice
            t={t}
            name="format"
            values={['standard', 'wecom', 'dingtalk', 'feishu']}
            value={format}
            onChange={setFormat}
          />
        </label>
        {format === 'standard' && (
          <label className="field">
            <span>{t('signature')}</span>
            <Choice t={t} name="signature" values={['v1', 'v1a']} value={signature} onChange={setSignature} />
          </label>
        )}
        <label className="field">
          <span>{t('ordering')}</span>
          <Choice t={t} name="ordering" values={['per_authorizer', 'none']} value={ordering} onChange={setOrdering} />
        </label>
        <label className="field">
          <span>{t('max.per.second')}</span>
          <InputNumber
            min={1}
            max={1000}
            placeholder={t('unlimited')}
            value={perSecond}
            onChange={(value) => setPerSecond(value)}
          />
        </label>
        <Refusal error={create.error} />
      </div>
    </Modal>
  );
}

function OneEndpoint({ id }: { id: string }): ReactNode {
  const t = useTexts(webhooksTexts);
  const path = { component_appid: usePlatform(), id };
  const endpoint = useApi(ONE, { path }, { every: 5000 });
  return (
    <>
      <p className="crumbs">
        <Link to={{ search: '?tab=webhooks' }}>{t('back')}</Link>
      </p>
      <Loaded query={endpoint}>
        {(view) => (
          <>
            <EndpointCard endpoint={view} path={path} />
            <Hours path={path} />
            <Deliveries path={path} />
            <ReplayCard path={path} />
          </>
        )}
      </Loaded>
    </>
  );
}

interface EndpointPath {
  component_appid: string;
  id: string;
}

function EndpointCard({ endpoint, path }: { endpoint: Endpoint; path: EndpointPath }): ReactNode {
  const t = useTexts(webhooksTexts);
  const c = useTexts(common);
  const url = useUrlState();
  const merchants = useMerchants();
  const [asking, setAsking] = useState<'disable' | 'remove' | 'rotate' | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const onFail = (error: ApiError) => {
    setAsking(null);
    say(explain(error, c), 'bad');
  };
  const change = useSend((state: Endpoint['state']) => api.PATCH(ONE, { params: { path }, body: { state } }), {
    touches: [ONE, LIST],
    onDone: () => {
      setAsking(null);
      say(t('changed'));
    },
    onFail,
  });
  const remove = useSend(
    async () => {
      await api.DELETE(ONE, { params: { path } });
      return { data: null };
    },
    {
      touches: [LIST],
      onDone: () => {
        say(t('removed'));
        url.set({ endpoint: undefined });
      },
      onFail,
    },
  );
  const rotate = useSend(() => api.POST(`${ONE}/secret-rotations`, { params: { path }, body: { overlap: 'PT24H' } }), {
    touches: [ONE],
    onDone: (made) => {
      setAsking(null);
      if (made.secret !== null) setSecret(made.secret);
      else say(t('changed'));
    },
    onFail,
  });
  const test = useSend(() => api.POST(`${ONE}/tests`, { params: { path } }), { onFail });
  return (
    <Card
      title={<span className="break">{endpoint.url}</span>}
      end={
        <>
          <ActionButton
            size="small"
            scope="webhooks:write"
            loading={test.isPending}
            onClick={() => test.mutate(undefined)}
          >
            {t('test')}
          </ActionButton>
          <ActionButton size="small" scope="webhooks:write" onClick={() => setAsking('rotate')}>
            {t('rotate')}
          </ActionButton>
          {endpoint.state === 'enabled' ? (
            <ActionButton size="small" scope="webhooks:write" onClick={() => setAsking('disable')}>
              {t('disable')}
            </ActionButton>
          ) : (
            <ActionButton
              size="small"
              type="primary"
              scope="webhooks:write"
              loading={change.isPending}
              onClick={() => change.mutate('enabled')}
            >
              {t('enable')}
            </ActionButton>
          )}
          <ActionButton size="small" danger scope="webhooks:write" onClick={() => setAsking('remove')}>
            {t('remove')}
          </ActionButton>
        </>
      }
    >
      {test.data && (
        <div className={`notice ${test.data.delivered ? 'info' : 'bad'}`} role="status" style={{ marginBottom: 12 }}>
          <span className="grow break">
            {test.data.delivered
              ? t('test.good', { status: String(test.data.status), ms: test.data.duration_ms })
              : t('test.bad', { why: resultOf(test.data, t) })}
            {test.data.detail && <span className="sub">{test.data.detail}</span>}
            {test.data.response_excerpt && <code className="sub break">{test.data.response_excerpt}</code>}
            {test.data.certificate_expires_at && (
              <span className="sub">
                {t('test.certificate')} <Time at={test.data.certificate_expires_at} />
              </span>
            )}
          </span>
        </div>
      )}
      <dl className="facts">
        <Fact name={t('state')}>
          <EndpointState endpoint={endpoint} />
          {endpoint.disabled_reason && (
            <span className="sub">
              {t(`reason.${endpoint.disabled_reason}`)} <Time at={endpoint.disabled_at} />
            </span>
          )}
          {endpoint.failing_since && (
            <span className="sub">
              {t('failing', { n: endpoint.failures, time: localTime(endpoint.failing_since) })}
            </span>
          )}
        </Fact>
        {endpoint.description && <Fact name={t('description')}>{endpoint.description}</Fact>}
        <Fact name={t('types')}>{endpoint.event_types?.join(' · ') ?? t('types.all')}</Fact>
        <Fact name={t('merchants')}>{endpoint.merchant_ids?.map(merchants.name).join(', ') ?? t('merchants.all')}</Fact>
        <Fact name={t('format')}>{t(`format.${endpoint.format}`)}</Fact>
        <Fact name={t('ordering')}>{t(`ordering.${endpoint.ordering}`)}</Fact>
        <Fact name={t('signature')}>{t(`signature.${endpoint.signature}`)}</Fact>
        <Fact name={t('max.per.second')}>
          {endpoint.max_per_second === null ? t('unlimited') : formatNumber(endpoint.max_per_second)}
        </Fact>
        <Fact name={t('succeeded')}>
          <Age at={endpoint.succeeded_at} />
        </Fact>
        <Fact name={t('waiting')}>{formatNumber(endpoint.waiting)}</Fact>
        <Fact name={t('last.event')}>
          <code>#{endpoint.last_event_id}</code>
        </Fact>
        {endpoint.previous_valid_until && (
          <Fact name={t('previous.until')}>
            <Time at={endpoint.previous_valid_until} />
          </Fact>
        )}
        <Fact name={t('created')}>
          <Time at={endpoint.created_at} />
        </Fact>
      </dl>
      {endpoint.public_key && <CopyField label={t('public.key')} value={endpoint.public_key} />}
      <ConfirmDialog
        open={asking === 'disable'}
        title={t('disable')}
        okText={t('disable')}
        busy={change.isPending}
        onOk={() => change.mutate('disabled')}
        onCancel={() => setAsking(null)}
      >
        {t('disable.ask')}
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === 'rotate'}
        danger={false}
        title={t('rotate')}
        okText={t('rotate')}
        busy={rotate.isPending}
        onOk={() => rotate.mutate(undefined)}
        onCancel={() => setAsking(null)}
      >
        {t('rotate.ask')}
      </ConfirmDialog>
      <ConfirmDialog
        open={asking === 'remove'}
        title={t('remove')}
        okText={t('remove')}
        busy={remove.isPending}
        onOk={() => remove.mutate(undefined)}
        onCancel={() => setAsking(null)}
      >
        {t('remove.ask')}
      </ConfirmDialog>
      {secret !== null && <SecretOnce value={secret} onClose={() => setSecret(null)} />}
    </Card>
  );
}

/** `HTTP 500`, or why there was no answer. */
function resultOf(
  { status, error }: { status: number | null; error: string | null },
  t: Translate<typeof webhooksTexts>,
): string {
  if (status !== null) return `HTTP ${status}`;
  if (error === null) return t('no.answer');
  const key = `error.${error}`;
  return key in webhooksTexts ? t(key as keyof typeof webhooksTexts) : error;
}

/** How attempts of the last day went, by the hour in which they began. */
function Hours({ path }: { path: EndpointPath }): ReactNode {
  const t = useTexts(webhooksTexts);
  const counted = useApi(HOURS, { path }, { every: 30_000 });
  return (
    <Card title={t('hours')}>
      <Loaded query={counted} rows={3}>
        {({ from, items }) => (
          <StackedBars
            label={t('hours')}
            unit={t('hour')}
            parts={[
              { name: t('hours.accepted'), tone: 'good' },
              { name: t('hours.failed'), tone: 'bad' },
            ]}
            bars={byHour(from, items)}
          />
        )}
      </Loaded>
    </Card>
  );
}

function byHour(from: string, items: Schemas['AttemptHours']['items']): { name: string; counts: number[] }[] {
  const counts = new Map(items.map(({ hour, delivered, failed }) => [Date.parse(hour), [delivered, failed]]));
  return Array.from({ length: 24 }, (_, at) => {
    const hour = Date.parse(from) + at * HOUR_MS;
    return { name: localTime(new Date(hour).toISOString()).slice(-5), counts: counts.get(hour) ?? [0, 0] };
  });
}

function Deliveries({ path }: { path: EndpointPath }): ReactNode {
  const t = useTexts(webhooksTexts);
  const c = useTexts(common);
  const url = useUrlState();
  const state = STATES.find((each) => each === url.get('state'));
  const deliveries = useApi(
    DELIVERIES,
    { path, query: { state, cursor: url.get('cursor') } },
    { keep: true, every: 5000 },
  );
  const retry = useSend(
    (item: string) => api.POST(`${DELIVERIES}/{item}/retries`, { params: { path: { ...path, item } } }),
    {
      touches: [DELIVERIES, `${DELIVERIES}/{item}`, ONE],
      onDone: () => say(t('retry.done')),
      onFail: (error) => say(explain(error, c), 'bad'),
    },
  );
  const open = url.get('delivery');
  return (
    <ListCard
      title={t('deliveries')}
      end={
        <Select
          aria-label={t('state')}
          style={{ width: 150 }}
          value={state ?? ''}
          onChange={(value: string) => url.set({ state: value })}
          options={[
            { value: '', label: t('delivery.any') },
            ...STATES.map((value) => ({ value: value, label: t(`delivery.${value}`) })),
          ]}
        />
      }
      query={deliveries}
      url={url}
      rowKey={(row) => row.id}
      empty={<Empty title={t('deliveries.none')} />}
      columns={[
        {
          key: 'event',
          title: t('event'),
          render: (row) => (
            <>
              <button className="plain" onClick={() => url.set({ delivery: row.id, cursor: url.get('cursor') })}>
                <code>{row.type}</code>
              </button>{' '}
              {row.trigger === 'replay' && <Tag>{t('replayed')}</Tag>}
              <span className="sub">#{row.event_id}</span>
            </>
          ),
        },
        {
          key: 'account',
          title: c('mini.program'),
          render: (row) => (row.authorizer_appid === null ? '–' : <ProgramLink appid={row.authorizer_appid} />),
        },
        { key: 'state', title: t('state'), render: (row) => <DeliveryTag state={row.state} /> },
        { key: 'attempts', title: t('attempts'), right: true, render: (row) => formatNumber(row.attempts) },
        {
          key: 'result',
          title: t('result'),
          render: (row) => (row.attempts === 0 ? '–' : resultOf({ status: row.last_status, error: row.last_error }, t)),
        },
        {
          key: 'created',
          title: c('time'),
          render: (row) => (
            <>
              <Time at={row.created_at} seconds />
              {row.next_attempt_at && (
                <span className="sub">
                  {t('next')} <Time at={row.next_attempt_at} seconds />
                </span>
              )}
            </>
          ),
        },
        {
          key: 'actions',
          title: '',
          render: (row) =>
            row.state !== 'delivered' && (
              <ActionButton size="small" scope="webhooks:write" onClick={() => retry.mutate(row.id)}>
                {t('retry')}
              </ActionButton>
            ),
        },
      ]}
    >
      {open !== undefined && (
        <DeliveryDialog
          path={path}
          item={open}
          onClose={() => url.set({ delivery: undefined, cursor: url.get('cursor') })}
        />
      )}
    </ListCard>
  );
}

function DeliveryTag({ state }: { state: Delivery['state'] }): ReactNode {
  const t = useTexts(webhooksTexts);
  const tone: Tone = DELIVERY_TONE[state];
  return <Tag tone={tone}>{t(`delivery.${state}`)}</Tag>;
}

function DeliveryDialog({ path, item, onClose }: { path: EndpointPath; item: string; onClose: () => void }): ReactNode {
  const t = useTexts(webhooksTexts);
  const c = useTexts(common);
  const one = useApi(`${DELIVERIES}/{item}`, { path: { ...path, item } }, { every: 3000 });
  return (
    <Modal
      open
      width={720}
      title={t('delivery.of', { id: item })}
      onCancel={onClose}
      footer={<Button onClick={onClose}>{c('close')}</Button>}
    >
      <Loaded query={one}>
        {(view) => (
          <div className="form">
            <dl className="facts">
              <Fact name={t('event')}>
                <code>{view.type}</code> <code className="muted">#{view.event_id}</code>
              </Fact>
              <Fact name={t('message.id')}>
                <code className="break">{view.message_id}</code>
              </Fact>
              <Fact name={t('state')}>
                <DeliveryTag state={view.state} />
                {view.next_attempt_at && (
                  <span className="sub">
                    {t('next')} <Time at={view.next_attempt_at} seconds />
                  </span>
                )}
              </Fact>
            </dl>
            {view.attempt_log.length === 0 ? (
              <p className="muted">{t('attempts.none')}</p>
            ) : (
              <ol className="feed">
                {view.attempt_log.map((attempt) => (
                  <li key={attempt.no}>
                    <div className="row between">
                      <span className="row">
                        <b>{t('attempt.no', { n: attempt.no })}</b>
                        <Tag tone={attempt.status !== null && attempt.status < 300 ? 'good' : 'bad'}>
                          {resultOf(attempt, t)}
                        </Tag>
                        <span className="small muted num">{formatNumber(attempt.duration_ms)} ms</span>
                        {attempt.address && <code className="muted">{attempt.address}</code>}
                      </span>
                      <span className="small muted">
                        <Time at={attempt.at} seconds />
                      </span>
                    </div>
                    {attempt.detail && <span className="small break">{attempt.detail}</span>}
                    {attempt.response_excerpt && (
                      <pre className="raw" tabIndex={0}>
                        {attempt.response_excerpt}
                      </pre>
                    )}
                  </li>
                ))}
              </ol>
            )}
          </div>
        )}
      </Loaded>
    </Modal>
  );
}

const ONLY = ['undelivered', 'failed', 'all'] as const;

interface Range {
  from: string;
  to: string;
  only: (typeof ONLY)[number];
}

/** Counts first; what is sent is exactly the range that was counted, and any change asks for a new count. */
function ReplayCard({ path }: { path: EndpointPath }): ReactNode {
  const t = useTexts(webhooksTexts);
  const c = useTexts(common);
  const [from, setFrom] = useState<Dayjs | null>(() => dayjs().subtract(1, 'day'));
  const [to, setTo] = useState<Dayjs | null>(null);
  const [only, setOnly] = useState<Range['only']>('undelivered');
  const [count, setCount] = useState<{ range: Range; matched: number } | null>(null);
  const [id, setId] = useState<string | null>(null);
  const send = useSend(
    ({ range, dryRun }: { range: Range; dryRun: boolean }) =>
      api.POST(`${ONE}/replays`, { params: { path }, body: { ...range, dry_run: dryRun } }),
    {
      touches: [DELIVERIES],
      onDone: ({ id: started, matched }, { range, dryRun }) => {
        if (dryRun) return setCount({ range, matched });
        setCount(null);
        setId(started);
        say(t('replay.started'));
      },
      onFail: (error) => say(explain(error, c), 'bad'),
    },
  );
  const progress = useApi(
    `${ONE}/replays/{item}`,
    { path: { ...path, item: id ?? '' } },
    {
      enabled: id !== null,
      every: (data) => (data && data.state === 'done' && data.delivered + data.failed >= data.queued ? false : 2000),
    },
  );
  const changed = <V,>(set: (value: V) => void) => {
    return (value: V) => {
      set(value);
      setCount(null);
    };
  };
  return (
    <Card title={t('replay')}>
      <div className="form">
        <div className="filters">
          <label className="row">
            <span className="small muted">{t('replay.from')}</span>
            <DatePicker
              showTime={{ format: 'HH:mm' }}
              format="YYYY-MM-DD HH:mm"
              aria-label={t('replay.from')}
              value={from}
              maxDate={dayjs()}
              onChange={changed(setFrom)}
            />
          </label>
          <label className="row">
            <span className="small muted">{t('replay.to')}</span>
            <DatePicker
              showTime={{ format: 'HH:mm' }}
              format="YYYY-MM-DD HH:mm"
              aria-label={t('replay.to')}
              placeholder={c('now')}
              value={to}
              maxDate={dayjs()}
              onChange={changed(setTo)}
            />
          </label>
          <Choice t={t} name="only" values={ONLY} value={only} onChange={changed(setOnly)} />
          <ActionButton
            scope="webhooks:write"
            loading={send.isPending}
            reason={from === null ? t('replay.first') : null}
            onClick={() => {
              const range = { from: from?.toISOString() ?? '', to: (to ?? dayjs()).toISOString(), only };
              send.mutate({ range, dryRun: true });
            }}
          >
            {t('replay.count')}
          </ActionButton>
        </div>
        {count !== null && (
          <div className="notice info" role="status">
            <span className="grow">
              {count.matched === 0 ? t('replay.nothing') : t('replay.counted', { n: count.matched })}
            </span>
            {count.matched > 0 && (
              <ActionButton
                type="primary"
                scope="webhooks:write"
                loading={send.isPending}
                onClick={() => send.mutate({ range: count.range, dryRun: false })}
              >
                {t('replay.go', { n: count.matched })}
              </ActionButton>
            )}
          </div>
        )}
        {progress.data && (
          <p className="small" role="status">
            {t('replay.progress', {
              queued: progress.data.queued,
              matched: progress.data.matched,
              delivered: progress.data.delivered,
              failed: progress.data.failed,
            })}
          </p>
        )}
      </div>
    </Card>
  );
}
