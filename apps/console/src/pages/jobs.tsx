import { InputNumber } from 'antd';
import { useState, type ReactNode } from 'react';
import { api, useApi, useSend, type Schemas } from '../api.ts';
import { common } from '../i18n/common.ts';
import { formatNumber, useTexts } from '../i18n/index.ts';
import { jobsTexts } from '../i18n/jobs.ts';
import { usePlatform, useSession } from '../session.tsx';
import { ActionButton, ConfirmDialog } from '../ui/action.tsx';
import { Card, Fact, Page } from '../ui/page.tsx';
import { Empty, Loaded, explain } from '../ui/states.tsx';
import { DataTable } from '../ui/table.tsx';
import { JobState, ProgramLink, Tag } from '../ui/terms.tsx';
import { Time, localTime, useNow } from '../ui/time.tsx';
import { say } from '../ui/toasts.tsx';

const P = '/v1/platforms/{component_appid}';
const FAST = 1500;

export default function Jobs(): ReactNode {
  const t = useTexts(jobsTexts);
  return (
    <Page title={t('title')} question={t('question')}>
      <Sweeps />
      <div className="grid2">
        <Reconciliation />
        <Retention />
      </div>
      <Quota />
      <MasterKeys />
    </Page>
  );
}

function Progress({ done, total, label }: { done: number; total: number; label: string }): ReactNode {
  const share = total === 0 ? 0 : Math.min(100, (done / total) * 100);
  return (
    <span className="gauge">
      <span className="num small">
        {formatNumber(done)} / {formatNumber(total)}
      </span>
      <span
        className="bar"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(share)}
      >
        <i style={{ width: `${share}%` }} />
      </span>
    </span>
  );
}

function Took({ from, to }: { from: string; to: string | null }): ReactNode {
  const t = useTexts(jobsTexts);
  const now = useNow();
  const seconds = Math.max(0, ((to === null ? now : Date.parse(to)) - Date.parse(from)) / 1000);
  return (
    <span className="num">
      {seconds < 120
        ? t('seconds', { n: Number(seconds.toFixed(seconds < 10 ? 1 : 0)) })
        : seconds < 7200
          ? t('minutes', { n: Math.round(seconds / 60) })
          : t('hours', { n: Math.round(seconds / 3600) })}
    </span>
  );
}

/** State, start and duration of a run. */
function RunHead({
  run,
}: {
  run: { state: Parameters<typeof JobState>[0]['state']; started_at: string; finished_at: string | null };
}): ReactNode {
  return (
    <div className="row">
      <JobState state={run.state} />
      <Time at={run.started_at} seconds />
      <Took from={run.started_at} to={run.finished_at} />
    </div>
  );
}

function Sweeps(): ReactNode {
  const t = useTexts(jobsTexts);
  const c = useTexts(common);
  const path = { component_appid: usePlatform() };
  const sweeps = useApi(
    `${P}/sweeps`,
    { path, query: { limit: 10 } },
    { every: (data) => (data?.items.some(({ state }) => state === 'running') ? FAST : 15_000) },
  );
  const start = useSend(() => api.POST(`${P}/sweeps`, { params: { path } }), {
    touches: [`${P}/sweeps`],
    onDone: () => say(t('sweep.started')),
    onFail: (error) => say(explain(error, c), 'bad'),
  });
  return (
    <Card
      flush
      title={t('sweeps')}
      end={
        <ActionButton
          scope="domains:snapshot"
          type="primary"
          loading={start.isPending}
          onClick={() => start.mutate(undefined)}
        >
          {t('sweep.start')}
        </ActionButton>
      }
    >
      <p className="body small muted">{t('sweeps.why')}</p>
      <Loaded query={sweeps}>
        {({ items }) => (
          <DataTable
            caption={t('sweeps')}
            rows={items}
            rowKey={(row) => row.id}
            empty={<Empty title={t('sweep.none')} />}
            columns={[
              { key: 'started', title: t('started'), render: (row) => <Time at={row.started_at} seconds /> },
              {
                key: 'state',
                title: c('state'),
                render: (row) => (
                  <>
                    <JobState state={row.state} />
                    {row.reason !== null && <div className="small muted">{t(`reason.${row.reason}`)}</div>}
                  </>
                ),
              },
              {
                key: 'progress',
                title: t('progress'),
                render: (row) => (
                  <Progress
                    label={t('progress')}
                    done={row.changed + row.unchanged + row.skipped_permission + row.failed}
                    total={row.total}
                  />
                ),
              },
              { key: 'changed', title: t('changed'), right: true, render: (row) => formatNumber(row.changed) },
              { key: 'unchanged', title: t('unchanged'), right: true, render: (row) => formatNumber(row.unchanged) },
              {
                key: 'skipped',
                title: t('skipped'),
                right: true,
                render: (row) => formatNumber(row.skipped_permission),
              },
              {
                key: 'failed',
                title: t('failed'),
                right: true,
                render: (row) => (row.failed > 0 ? <Tag tone="bad">{formatNumber(row.failed)}</Tag> : '0'),
              },
              {
                key: 'took',
                title: t('took'),
                right: true,
                render: (row) => <Took from={row.started_at} to={row.finished_at} />,
              },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}

/** Id of the latest run that this browser started: there is no list of them. */
function useKeptId(name: string): [string | null, (id: string) => void] {
  const key = `wxfleet.job.${name}`;
  const [id, setId] = useState(() => localStorage.getItem(key));
  return [
    id,
    (next) => {
      localStorage.setItem(key, next);
      setId(next);
    },
  ];
}

function Reconciliation(): ReactNode {
  const t = useTexts(jobsTexts);
  const c = useTexts(common);
  const platform = usePlatform();
  const path = { component_appid: platform };
  const [id, setId] = useKeptId(`reconciliation.${platform}`);
  const [asking, setAsking] = useState(false);
  const run = useApi(
    `${P}/reconciliations/{id}`,
    { path: { ...path, id: id ?? '' } },
    { enabled: id !== null, every: (data) => (data?.state === 'running' ? FAST : false) },
  );
  const start = useSend(
    (accept: boolean) =>
      api.POST(`${P}/reconciliations`, { params: { path }, body: accept ? { accept_shrunk_list: true } : {} }),
    {
      onDone: (job) => {
        setAsking(false);
        setId(job.id);
        say(t('reconciliation.started'));
      },
      onFail: (error) => say(explain(error, c), 'bad'),
    },
  );
  return (
    <Card
      title={t('reconciliation')}
      end={
        <ActionButton scope="authorizers:write" loading={start.isPending} onClick={() => start.mutate(false)}>
          {t('reconciliation.start')}
        </ActionButton>
      }
    >
      <p className="small muted">{t('reconciliation.why')}</p>
      {id === null || run.error?.status === 404 ? (
        <p className="small muted" style={{ marginTop: 12 }}>
          {t('reconciliation.none')}
        </p>
      ) : (
        <Loaded query={run} rows={3}>
          {(view) => (
            <div className="form" style={{ marginTop: 12 }}>
              <RunHead run={view} />
              <Progress done={view.listed} total={view.total ?? view.listed} label={t('progress')} />
              <dl className="facts">
                <Fact name={t('created')}>{formatNumber(view.created)}</Fact>
                <Fact name={t('recovered')}>{formatNumber(view.recovered)}</Fact>
                <Fact name={t('unchanged')}>{formatNumber(view.unchanged)}</Fact>
                <Fact name={t('marked')}>{formatNumber(view.marked_unauthorized)}</Fact>
                <Fact name={t('without')}>{formatNumber(view.without_refresh_token)}</Fact>
                <Fact name={t('failed')}>{formatNumber(view.failed)}</Fact>
              </dl>
              {view.reason && (
                <div className="notice warn">
                  <span className="grow">{t('stopped', { reason: view.reason })}</span>
                  {view.state === 'stopped' && (
                    <ActionButton size="small" scope="authorizers:write" onClick={() => setAsking(true)}>
                      {t('accept')}
                    </ActionButton>
                  )}
                </div>
              )}
            </div>
          )}
        </Loaded>
      )}
      <ConfirmDialog
        open={asking}
        title={t('accept')}
        busy={start.isPending}
        onOk={() => start.mutate(true)}
        onCancel={() => setAsking(false)}
      >
        {t('accept.ask')}
      </ConfirmDialog>
    </Card>
  );
}

function Retention(): ReactNode {
  const t = useTexts(jobsTexts);
  const c = useTexts(common);
  const platform = usePlatform();
  const path = { component_appid: platform };
  const [id, setId] = useKeptId(`retention.${platform}`);
  const [asking, setAsking] = useState(false);
  const [keep, setKeep] = useState(400);
  const [thin, setThin] = useState(30);
  const run = useApi(
    `${P}/retention-runs/{id}`,
    { path: { ...path, id: id ?? '' } },
    { enabled: id !== null, every: (data) => (data?.state === 'running' ? FAST : false) },
  );
  const start = useSend(
    (body: Schemas['NewRetentionRun']) => api.POST(`${P}/retention-runs`, { params: { path }, body }),
    {
      onDone: (job) => {
        setAsking(false);
        setId(job.id);
        say(t('retention.started'));
      },
      onFail: (error) => {
        setAsking(false);
        say(explain(error, c), 'bad');
      },
    },
  );
  return (
    <Card
      title={t('retention')}
      end={
        <ActionButton scope="platforms:write" operatorOnly onClick={() => setAsking(true)}>
          {t('retention.start')}
        </ActionButton>
      }
    >
      <p className="small muted">{t('retention.why')}</p>
      {id !== null && run.error?.status !== 404 && (
        <Loaded query={run} rows={2}>
          {(view) => (
            <div className="form" style={{ marginTop: 12 }}>
              <RunHead run={view} />
              <Progress done={view.examined} total={view.total} label={t('progress')} />
              <span className="small">
                {t('removed')} {formatNumber(view.removed)}
              </span>
            </div>
          )}
        </Loaded>
      )}
      <ConfirmDialog
        open={asking}
        title={t('retention.start')}
        typed={platform}
        busy={start.isPending}
        onOk={() => start.mutate({ keep_all: `P${keep}D`, thin_to: `P${thin}D` })}
        onCancel={() => setAsking(false)}
      >
        <p>{t('retention.why')}</p>
        <label className="field">
          <span>{t('retention.keep')}</span>
          <InputNumber min={30} max={9999} value={keep} onChange={(value) => setKeep(value ?? 400)} />
        </label>
        <label className="field">
          <span>{t('retention.thin')}</span>
          <InputNumber min={1} max={9999} value={thin} onChange={(value) => setThin(value ?? 30)} />
        </label>
      </ConfirmDialog>
    </Card>
  );
}

function Quota(): ReactNode {
  const t = useTexts(jobsTexts);
  const c = useTexts(common);
  const platform = usePlatform();
  const path = { component_appid: platform };
  const [asking, setAsking] = useState(false);
  const quota = useApi(`${P}/quota`, { path }, { every: 10_000 });
  const reset = useSend(() => api.POST(`${P}/quota/resets`, { params: { path }, body: { confirm: platform } }), {
    touches: [`${P}/quota`],
    onDone: () => {
      setAsking(false);
      say(t('quota.reset.done'));
    },
    onFail: (error) => {
      setAsking(false);
      say(explain(error, c), 'bad');
    },
  });
  return (
    <Card
      flush
      title={t('quota')}
      end={
        <ActionButton scope="platforms:write" operatorOnly onClick={() => setAsking(true)}>
          {t('quota.reset')}
        </ActionButton>
      }
    >
      <Loaded query={quota}>
        {(view) => (
          <>
            <p className="body small muted">{t('quota.why', { day: view.day, time: localTime(view.resets_at) })}</p>
            {view.parks.length > 0 && (
              <ul className="feed">
                {view.parks.slice(0, 20).map((park) => (
                  <li key={`${park.authorizer_appid} ${park.path}`}>
                    <div className="row">
                      <Tag tone="bad">{t('quota.parks')}</Tag> <code>{park.path}</code>
                      {park.authorizer_appid && <ProgramLink appid={park.authorizer_appid} />}
                      <span className="small muted">
                        {t('quota.parked', { code: String(park.errcode), time: localTime(park.parked_until) })}
                      </span>
                    </div>
                  </li>
                ))}
              </ul>
            )}
            <DataTable
              caption={t('quota')}
              rows={view.calls}
              rowKey={(row) => row.path}
              empty={<Empty title={t('quota.none')} />}
              columns={[
                { key: 'path', title: t('quota.path'), render: (row) => <code className="break">{row.path}</code> },
                { key: 'calls', title: t('quota.calls'), right: true, render: (row) => formatNumber(row.calls) },
                {
                  key: 'errors',
                  title: t('quota.errors'),
                  right: true,
                  render: (row) => (row.errors > 0 ? <Tag tone="bad">{formatNumber(row.errors)}</Tag> : '0'),
                },
              ]}
            />
          </>
        )}
      </Loaded>
      <ConfirmDialog
        open={asking}
        title={t('quota.reset')}
        typed={platform}
        busy={reset.isPending}
        onOk={() => reset.mutate(undefined)}
        onCancel={() => setAsking(false)}
      >
        {t('quota.reset.why')}
      </ConfirmDialog>
    </Card>
  );
}

function MasterKeys(): ReactNode {
  const t = useTexts(jobsTexts);
  const c = useTexts(common);
  const { isOperator } = useSession();
  const [id, setId] = useKeptId('master-keys');
  const keys = useApi('/v1/master-keys', {}, { enabled: isOperator, every: 30_000 });
  const run = useApi(
    '/v1/master-key-rotations/{id}',
    { path: { id: id ?? '' } },
    { enabled: isOperator && id !== null, every: (data) => (data?.state === 'running' ? FAST : false) },
  );
  const start = useSend(() => api.POST('/v1/master-key-rotations', {}), {
    touches: ['/v1/master-keys'],
    onDone: (job) => {
      setId(job.id);
      say(t('keys.started'));
    },
    onFail: (error) => say(explain(error, c), 'bad'),
  });
  return (
    <Card
      flush
      title={t('keys')}
      end={
        <ActionButton
          scope="platforms:write"
          operatorOnly
          loading={start.isPending}
          onClick={() => start.mutate(undefined)}
        >
          {t('keys.start')}
        </ActionButton>
      }
    >
      <p className="body small muted">{t('keys.why')}</p>
      {!isOperator ? (
        <Empty title={t('keys.operator')} />
      ) : (
        <>
          {run.data && (
            <div className="body form">
              <div className="row">
                <JobState state={run.data.state} />
                <Time at={run.data.started_at} seconds />
                {run.data.reason && <span className="small muted">{run.data.reason}</span>}
              </div>
              <Progress done={run.data.resealed} total={run.data.total ?? run.data.resealed} label={t('progress')} />
            </div>
          )}
          <Loaded query={keys} rows={2}>
            {(view) => (
              <DataTable
                caption={t('keys')}
                rows={view.keys}
                rowKey={(row) => row.key_id}
                empty={<Empty title={c('none')} />}
                columns={[
                  { key: 'id', title: t('keys.id'), render: (row) => <code>{row.key_id}</code> },
                  { key: 'values', title: t('keys.values'), right: true, render: (row) => formatNumber(row.values) },
                  {
                    key: 'use',
                    title: t('keys.use'),
                    render: (row) =>
                      !row.known ? (
                        <Tag tone="bad">{t('keys.missing')}</Tag>
                      ) : row.key_id === view.encrypts_with ? (
                        <Tag tone="good">{t('keys.current')}</Tag>
                      ) : row.values === 0 ? (
                        <Tag>{t('keys.free')}</Tag>
                      ) : (
                        <Tag tone="warn">{t('keys.needed')}</Tag>
                      ),
                  },
                ]}
              />
            )}
          </Loaded>
        </>
      )}
    </Card>
  );
}
