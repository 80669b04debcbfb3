import { Input } from 'antd';
import { useState, type ReactNode } from 'react';
import { api, useApi, useSend, type Schemas } from '../api.ts';
import { common } from '../i18n/common.ts';
import { connectTexts } from '../i18n/connect.ts';
import { formatNumber, useTexts } from '../i18n/index.ts';
import { usePlatform } from '../session.tsx';
import { ActionButton, ConfirmDialog } from '../ui/action.tsx';
import { CopyField } from '../ui/copy.tsx';
import { Card, Fact, Page } from '../ui/page.tsx';
import { PushState } from '../ui/push-state.tsx';
import { Empty, Loaded, explain } from '../ui/states.tsx';
import { DataTable } from '../ui/table.tsx';
import { ProgramLink, Tag, type Tone } from '../ui/terms.tsx';
import { Time, useSecond } from '../ui/time.tsx';
import { say } from '../ui/toasts.tsx';
import { Checks } from './checks.tsx';

type Platform = Schemas['Platform'];
const ONE = '/v1/platforms/{component_appid}';
/** WeChat pushes a ticket every ten minutes. */
const TICKET_EVERY_MS = 600_000;

export const PLATFORM_TONE = {
  awaiting_ticket: 'accent',
  ready: 'good',
  ticket_stale: 'warn',
  misconfigured: 'bad',
} as const satisfies Record<Platform['state'], Tone>;

export default function Connect(): ReactNode {
  const t = useTexts(connectTexts);
  const path = { component_appid: usePlatform() };
  const platform = useApi(ONE, { path }, { every: (data) => (data?.state === 'ready' ? 30_000 : 3000) });
  return (
    <Page title={t('title')} question={t('question')}>
      <Loaded query={platform}>
        {(data) => (
          <>
            <div
              className={`notice ${data.state === 'ready' ? '' : data.state === 'awaiting_ticket' ? 'info' : data.state === 'misconfigured' ? 'bad' : 'warn'}`}
              role="status"
            >
              <Tag tone={PLATFORM_TONE[data.state]}>{t(`state.${data.state}`)}</Tag>
              <span className="grow">{t(`state.${data.state}.why`)}</span>
            </div>
            <div className="grid2">
              <Card title={t('urls')}>
                <div className="form">
                  <CopyField label={t('events')} value={data.events_url} />
                  <CopyField label={t('messages')} value={data.messages_url} hint={t('messages.hint')} />
                  <CopyField label={t('redirect')} value={data.redirect_url} hint={t('redirect.hint')} />
                </div>
              </Card>
              <Ticket platform={data} />
            </div>
            <Checks />
            <Refused />
            <LatestPushes />
            {data.previous_push_secrets && <Previous platform={data} previous={data.previous_push_secrets} />}
            <Rotate platform={data} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** `4:05` until the moment; negative times count up with a sign. */
export function Countdown({ to }: { to: number }): ReactNode {
  const left = Math.round((to - useSecond()) / 1000);
  const size = Math.abs(left);
  const hours = Math.floor(size / 3600);
  const text = `${hours > 0 ? `${hours}:` : ''}${String(Math.floor(size / 60) % 60).padStart(hours > 0 ? 2 : 1, '0')}:${String(size % 60).padStart(2, '0')}`;
  return (
    <span className="num" role="timer">
      {left < 0 ? `−${text}` : text}
    </span>
  );
}

function Ticket({ platform }: { platform: Platform }): ReactNode {
  const t = useTexts(connectTexts);
  return (
    <Card title={t('facts')}>
      <dl className="facts">
        <Fact name={t('ticket.received')}>
          <Time at={platform.ticket_received_at} seconds />
        </Fact>
        {platform.ticket_received_at && (
          <Fact name={t('ticket.next')}>
            <Countdown to={Date.parse(platform.ticket_received_at) + TICKET_EVERY_MS} />
          </Fact>
        )}
        <Fact name={t('ticket.expires')}>
          <Time at={platform.ticket_expires_at} />
        </Fact>
        <Fact name={t('token.expires')}>
          <Time at={platform.component_access_token_expires_at} />
        </Fact>
        <Fact name={t('created')}>
          <Time at={platform.created_at} />
        </Fact>
      </dl>
    </Card>
  );
}

/** Callback requests that were refused, with what to look at. */
function Refused(): ReactNode {
  const t = useTexts(connectTexts);
  const path = { component_appid: usePlatform() };
  const refused = useApi(`${ONE}/refused-pushes`, { path }, { every: 10_000 });
  return (
    <Card flush title={t('refused')}>
      <Loaded query={refused} rows={2}>
        {({ items }) => (
          <DataTable
            caption={t('refused')}
            rows={items}
            rowKey={(row) => `${row.at} ${row.path} ${row.address} ${row.reason}`}
            empty={<Empty title={t('refused.none')} />}
            columns={[
              { key: 'at', title: t('received'), render: (row) => <Time at={row.at} seconds /> },
              {
                key: 'reason',
                title: t('refused.reason'),
                render: (row) => (
                  <>
                    <Tag tone="bad">{row.reason}</Tag>
                    <span className="sub">{t(reasonKey(row.reason))}</span>
                  </>
                ),
              },
              { key: 'path', title: t('refused.path'), render: (row) => <code className="break">{row.path}</code> },
              { key: 'address', title: t('refused.address'), render: (row) => <code>{row.address ?? '–'}</code> },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}

/** What a reason means; what is not known here is one of the codes of the ciphertext. */
function reasonKey(reason: string): keyof typeof connectTexts {
  const key = `refused.${reason}`;
  return (key in connectTexts ? key : 'refused.ciphertext') as keyof typeof connectTexts;
}

/** The pair of token and key before the current one, which still opens pushes for a while. */
function Previous({
  platform,
  previous,
}: {
  platform: Platform;
  previous: NonNullable<Platform['previous_push_secrets']>;
}): ReactNode {
  const t = useTexts(connectTexts);
  const c = useTexts(common);
  const [asking, setAsking] = useState(false);
  const end = useSend(
    () =>
      api.PATCH(ONE, {
        params: { path: { component_appid: platform.component_appid } },
        body: { end_previous_push_secrets: true },
      }),
    {
      touches: [ONE],
      onDone: () => {
        setAsking(false);
        say(t('previous.ended'));
      },
      onFail: (error) => {
        setAsking(false);
        say(explain(error, c), 'bad');
      },
    },
  );
  return (
    <Card
      title={t('previous')}
      end={
        <ActionButton danger size="small" scope="platforms:write" onClick={() => setAsking(true)}>
          {t('previous.end')}
        </ActionButton>
      }
    >
      <p className="small muted">{t('previous.why')}</p>
      <dl className="facts">
        <Fact name={t('previous.until')}>
          <Time at={previous.valid_until} />
        </Fact>
        <Fact name={t('previous.opened')}>{formatNumber(previous.pushes_opened)}</Fact>
        <Fact name={t('previous.used')}>
          <Time at={previous.last_used_at} seconds />
        </Fact>
      </dl>
      <ConfirmDialog
        open={asking}
        title={t('previous.end')}
        okText={t('previous.end')}
        busy={end.isPending}
        onOk={() => end.mutate(undefined)}
        onCancel={() => setAsking(false)}
      >
        {t('previous.ask')}
      </ConfirmDialog>
    </Card>
  );
}

function LatestPushes(): ReactNode {
  const t = useTexts(connectTexts);
  const c = useTexts(common);
  const path = { component_appid: usePlatform() };
  const pushes = useApi(`${ONE}/pushes`, { path, query: { limit: 15 } }, { every: 5000 });
  const backlog = useApi(`${ONE}/push-backlog`, { path }, { every: 5000 });
  const replay = useSend(
    (id: string) => api.POST(`${ONE}/pushes/{id}/replays`, { params: { path: { ...path, id } } }),
    {
      touches: [`${ONE}/pushes`, `${ONE}/push-backlog`],
      onDone: () => say(t('replay.done')),
      onFail: (error) => say(explain(error, c), 'bad'),
    },
  );
  return (
    <Card
      flush
      title={t('pushes')}
      end={backlog.data && <span className="small muted">{t('backlog', backlog.data)}</span>}
    >
      <Loaded query={pushes}>
        {({ items }) => (
          <DataTable
            caption={t('pushes')}
            rows={items}
            rowKey={(row) => row.id}
            empty={<Empty title={t('pushes.none')} />}
            columns={[
              { key: 'type', title: t('type'), render: (row) => <code>{row.info_type}</code> },
              {
                key: 'account',
                title: t('account'),
                render: (row) =>
                  row.authorizer_appid ? <ProgramLink appid={row.authorizer_appid} query="?tab=pushes" /> : '–',
              },
              {
                key: 'state',
                title: t('state'),
                render: (row) => (
                  <span className="row">
                    <PushState state={row.state} />
                    {row.failure && <span className="small muted">{row.failure.message}</span>}
                    {(row.state === 'failed' || row.state === 'unhandled') && (
                      <ActionButton size="small" scope="authorizers:write" onClick={() => replay.mutate(row.id)}>
                        {t('replay')}
                      </ActionButton>
                    )}
                  </span>
                ),
              },
              { key: 'received', title: t('received'), render: (row) => <Time at={row.received_at} seconds /> },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}

function Rotate({ platform }: { platform: Platform }): ReactNode {
  const t = useTexts(connectTexts);
  const c = useTexts(common);
  const [asking, setAsking] = useState(false);
  const [patch, setPatch] = useState<Schemas['PlatformPatch']>({});
  const update = useSend(
    (body: Schemas['PlatformPatch']) =>
      api.PATCH(ONE, { params: { path: { component_appid: platform.component_appid } }, body }),
    {
      touches: [ONE, '/v1/platforms'],
      onDone: () => {
        setAsking(false);
        setPatch({});
        say(t('rotate.done'));
      },
      onFail: (error) => {
        setAsking(false);
        say(explain(error, c), 'bad');
      },
    },
  );
  const set =
    (name: 'name' | 'component_appsecret' | 'token' | 'encoding_aes_key') => (event: { target: { value: string } }) =>
      setPatch(({ [name]: _, ...rest }) =>
        event.target.value === '' ? rest : { ...rest, [name]: event.target.value },
      );
  const fields = [
    ['name', t('name'), false],
    ['component_appsecret', t('appsecret'), true],
    ['token', t('token'), true],
    ['encoding_aes_key', t('aes'), true],
  ] as const;
  return (
    <Card title={t('rotate')}>
      <div className="form">
        <p className="small muted">{t('rotate.why')}</p>
        <div className="grid2" style={{ gap: 12 }}>
          {fields.map(([name, label, secret]) => (
            <label className="field" key={name}>
              <span>{label}</span>
              {secret ? (
                <Input.Password autoComplete="new-password" value={patch[name] ?? ''} onChange={set(name)} />
              ) : (
                <Input placeholder={platform.name} value={patch[name] ?? ''} onChange={set(name)} />
              )}
            </label>
          ))}
        </div>
        <div>
          <ActionButton
            scope="platforms:write"
            reason={Object.keys(patch).length === 0 ? t('rotate.why') : null}
            onClick={() => setAsking(true)}
          >
            {c('save')}
          </ActionButton>
        </div>
      </div>
      <ConfirmDialog
        open={asking}
        title={t('rotate')}
        busy={update.isPending}
        onOk={() => update.mutate(patch)}
        onCancel={() => setAsking(false)}
      >
        {t('rotate.ask')}
      </ConfirmDialog>
    </Card>
  );
}
