import { Input, InputNumber, Modal, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { api, useApi, useSend, type ApiError, type Schemas } from '../api.ts';
import { common } from '../i18n/common.ts';
import { formatNumber, useTexts } from '../i18n/index.ts';
import { webhooksTexts } from '../i18n/webhooks.ts';
import { usePlatform } from '../session.tsx';
import { ActionButton, ConfirmDialog } from '../ui/action.tsx';
import { Card } from '../ui/page.tsx';
import { Choice, ReceiverUrl, SecretOnce, isReceiverUrl } from '../ui/receiver.tsx';
import { Empty, Loaded, Refusal, explain } from '../ui/states.tsx';
import { DataTable } from '../ui/table.tsx';
import { Tag } from '../ui/terms.tsx';
import { Time } from '../ui/time.tsx';
import { say } from '../ui/toasts.tsx';

type Relay = Schemas['Relay'];
const LIST = '/v1/platforms/{component_appid}/relays';
const ONE = `${LIST}/{name}` as const;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const SOURCES = ['messages', 'events', 'both'] as const;
const MODES = ['notify', 'reply', 'raw'] as const;
/** What a match may name, in the order of the form. */
const MATCHES = ['msg_types', 'events', 'info_types', 'authorizer_appids'] as const;
const SUGGESTED = {
  msg_types: ['text', 'image', 'voice', 'video', 'location', 'link', 'miniprogrampage', 'event'],
  events: ['user_enter_tempsession', 'weapp_audit_success', 'weapp_audit_fail', 'weapp_audit_delay'],
  info_types: ['authorized', 'updateauthorized', 'unauthorized', 'notify_third_fasteregister'],
  authorizer_appids: [],
} as const;

/** Where pushes and messages are passed on to. */
export default function Relays(): ReactNode {
  const t = useTexts(webhooksTexts);
  const c = useTexts(common);
  const path = { component_appid: usePlatform() };
  const relays = useApi(LIST, { path }, { every: 15_000 });
  const [editing, setEditing] = useState<Relay | 'new' | null>(null);
  const [asking, setAsking] = useState<{ what: 'disable' | 'remove'; relay: Relay } | null>(null);
  const [secret, setSecret] = useState<string | null>(null);
  const onFail = (error: ApiError) => {
    setAsking(null);
    say(explain(error, c), 'bad');
  };
  const test = useSend((name: string) => api.POST(`${ONE}/tests`, { params: { path: { ...path, name } } }), {
    onDone: (result) =>
      result.delivered
        ? say(t('test.good', { status: String(result.status), ms: result.duration_ms }))
        : say(t('test.bad', { why: result.detail ?? `HTTP ${String(result.status)}` }), 'bad'),
    onFail,
  });
  const turn = useSend(
    ({ relay: { name, url, source, match, mode, deadline_ms }, enabled }: { relay: Relay; enabled: boolean }) =>
      api.PUT(ONE, {
        params: { path: { ...path, name } },
        body: { url, source, match, mode, deadline_ms, enabled },
      }),
    {
      touches: [LIST],
      onDone: () => {
        setAsking(null);
        say(t('changed'));
      },
      onFail,
    },
  );
  const remove = useSend(
    async (name: string) => {
      await api.DELETE(ONE, { params: { path: { ...path, name } } });
      return { data: null };
    },
    {
      touches: [LIST],
      onDone: () => {
        setAsking(null);
        say(t('relay.removed'));
      },
      onFail,
    },
  );
  return (
    <Card
      flush
      title={t('tab.relays')}
      end={
        <ActionButton type="primary" scope="relays:write" onClick={() => setEditing('new')}>
          {t('relay.new')}
        </ActionButton>
      }
    >
      <p className="body small muted">{t('relays.why')}</p>
      <Loaded query={relays}>
        {({ items }) => (
          <>
            <DataTable
              caption={t('tab.relays')}
              rows={items}
              rowKey={(row) => row.name}
              empty={<Empty title={t('relays.none')}>{t('relays.none.why')}</Empty>}
              columns={[
                {
                  key: 'name',
                  title: t('name'),
                  render: (row) => (
                    <>
                      <b>{row.name}</b>
                      <Matches match={row.match} />
                    </>
                  ),
                },
                { key: 'url', title: t('url'), render: (row) => <span className="break">{row.url}</span> },
                { key: 'source', title: t('source'), render: (row) => t(`source.${row.source}`) },
                { key: 'mode', title: t('mode'), render: (row) => t(`mode.${row.mode}`) },
                {
                  key: 'state',
                  title: t('state'),
                  render: (row) => (
                    <Tag tone={row.enabled ? 'good' : 'bad'}>{t(row.enabled ? 'state.enabled' : 'state.disabled')}</Tag>
                  ),
                },
                { key: 'waiting', title: t('waiting'), right: true, render: (row) => formatNumber(row.waiting) },
                { key: 'created', title: t('created'), render: (row) => <Time at={row.created_at} /> },
                {
                  key: 'actions',
                  title: '',
                  render: (row) => (
                    <span className="row">
                      <ActionButton
                        size="small"
                        scope="relays:write"
                        reason={row.mode === 'raw' ? t('relay.test.raw') : null}
                        loading={test.isPending && test.variables === row.name}
                        onClick={() => test.mutate(row.name)}
                      >
                        {t('relay.test')}
                      </ActionButton>
                      <ActionButton size="small" scope="relays:write" onClick={() => setEditing(row)}>
                        {t('relay.change')}
                      </ActionButton>
                      <ActionButton
                        size="small"
                        scope="relays:write"
                        loading={turn.isPending && turn.variables.relay.name === row.name}
                        onClick={() =>
                          row.enabled
                            ? setAsking({ what: 'disable', relay: row })
                            : turn.mutate({ relay: row, enabled: true })
                        }
                      >
                        {t(row.enabled ? 'disable' : 'enable')}
                      </ActionButton>
                      <ActionButton
                        size="small"
                        danger
                        scope="relays:write"
                        onClick={() => setAsking({ what: 'remove', relay: row })}
                      >
                        {t('remove')}
                      </ActionButton>
                    </span>
                  ),
                },
              ]}
            />
            {editing !== null && (
              <RelayDialog
                relay={editing === 'new' ? null : editing}
                taken={items.map(({ name }) => name)}
                onClose={() => setEditing(null)}
                onDone={(stored) => {
                  setEditing(null);
                  if (stored.secret !== null) setSecret(stored.secret);
                  else say(t('changed'));
                }}
              />
            )}
          </>
        )}
      </Loaded>
      <ConfirmDialog
        open={asking?.what === 'disable'}
        title={t('relay.disable', { name: asking?.relay.name ?? '' })}
        okText={t('disable')}
        busy={turn.isPending}
        onOk={() => asking && turn.mutate({ relay: asking.relay, enabled: false })}
        onCancel={() => setAsking(null)}
      >
        {t('relay.disable.ask')}
      </ConfirmDialog>
      <ConfirmDialog
        open={asking?.what === 'remove'}
        title={t('relay.remove', { name: asking?.relay.name ?? '' })}
        okText={t('remove')}
        busy={remove.isPending}
        onOk={() => asking && remove.mutate(asking.relay.name)}
        onCancel={() => setAsking(null)}
      >
        {t('relay.remove.ask')}
      </ConfirmDialog>
      {secret !== null && <SecretOnce value={secret} onClose={() => setSecret(null)} />}
    </Card>
  );
}

function Matches({ match }: { match: Relay['match'] }): ReactNode {
  const t = useTexts(webhooksTexts);
  return MATCHES.filter((kind) => match[kind] !== undefined).map((kind) => (
    <span key={kind} className="sub break">
      {t(`match.${kind}`)}: {match[kind]?.join(' · ')}
    </span>
  ));
}

/** Makes a relay, or changes one: its name and secret stay. */
function RelayDialog({
  relay,
  taken,
  onClose,
  onDone,
}: {
  relay: Relay | null;
  taken: readonly string[];
  onClose: () => void;
  onDone: (stored: Schemas['StoredRelay']) => void;
}): ReactNode {
  const t = useTexts(webhooksTexts);
  const c = useTexts(common);
  const path = { component_appid: usePlatform() };
  const [name, setName] = useState(relay?.name ?? '');
  const [url, setUrl] = useState(relay?.url ?? '');
  const [source, setSource] = useState<Relay['source']>(relay?.source ?? 'messages');
  const [mode, setMode] = useState<Relay['mode']>(relay?.mode ?? 'notify');
  const [match, setMatch] = useState<Relay['match']>(relay?.match ?? {});
  const [deadlineMs, setDeadlineMs] = useState(relay?.deadline_ms ?? 14_000);
  const store = useSend(
    () =>
      api.PUT(ONE, {
        params: { path: { ...path, name } },
        body: { url: url.trim(), source, mode, match, deadline_ms: deadlineMs, enabled: relay?.enabled ?? true },
      }),
    { touches: [LIST], onDone },
  );
  // Storing under the name of another one would change that one.
  const isTaken = relay === null && taken.includes(name);
  const title = relay === null ? t('relay.new') : t('relay.change.of', { name: relay.name });
  return (
    <Modal
      open
      title={title}
      okText={relay === null ? t('relay.new') : c('save')}
      cancelText={c('cancel')}
      okButtonProps={{ disabled: !NAME.test(name) || isTaken || !isReceiverUrl(url) }}
      confirmLoading={store.isPending}
      onCancel={onClose}
      onOk={() => store.mutate(undefined)}
    >
      <div className="form">
        {relay === null && (
          <label className="field">
            <span>{t('name')}</span>
            <Input
              autoFocus
              value={name}
              maxLength={64}
              status={isTaken ? 'error' : ''}
              onChange={(event) => setName(event.target.value)}
            />
            <span className="small muted">{isTaken ? t('relay.taken') : t('relay.name.hint')}</span>
          </label>
        )}
        <ReceiverUrl value={url} onChange={setUrl} />
        <label className="field">
          <span>{t('source')}</span>
          <Choice t={t} name="source" values={SOURCES} value={source} onChange={setSource} />
        </label>
        <label className="field">
          <span>{t('mode')}</span>
          <Choice t={t} name="mode" values={MODES} value={mode} onChange={setMode} />
          <span className="small muted">{t(`mode.${mode}.why`)}</span>
        </label>
        {mode !== 'notify' && (
          <label className="field">
            <span>{t('relay.deadline')}</span>
            <InputNumber
              min={500}
              max={14_000}
              step={500}
              value={deadlineMs}
              onChange={(value) => setDeadlineMs(value ?? 14_000)}
            />
            <span className="small muted">{t('relay.deadline.hint')}</span>
          </label>
        )}
        {MATCHES.map((kind) => (
          <label className="field" key={kind}>
            <span>{t(`match.${kind}`)}</span>
            <Select
              mode="tags"
              aria-label={t(`match.${kind}`)}
              placeholder={t('match.all')}
              tokenSeparators={[',', ' ', '\n']}
              value={match[kind] ?? []}
              onChange={(values: string[]) =>
                setMatch(({ [kind]: _, ...rest }) => (values.length === 0 ? rest : { ...rest, [kind]: values }))
              }
              options={SUGGESTED[kind].map((value) => ({ value, label: value }))}
            />
          </label>
        ))}
        <Refusal error={store.error} />
      </div>
    </Modal>
  );
}
