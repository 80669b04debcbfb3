import { Checkbox, DatePicker, Input, Modal, Select } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useState, type ReactNode } from 'react';
import { api, useApi, useSend, type Schemas } from '../api.ts';
import { accessTexts, scopeTexts } from '../i18n/access.ts';
import { common } from '../i18n/common.ts';
import { useTexts } from '../i18n/index.ts';
import { shell } from '../i18n/shell.ts';
import { usePlatform, useSession, type Scope } from '../session.tsx';
import { ActionButton, ConfirmDialog } from '../ui/action.tsx';
import { Card, Page } from '../ui/page.tsx';
import { ListCard } from '../ui/list-card.tsx';
import { ShownOnce } from '../ui/secret.tsx';
import { Empty, Refusal, explain } from '../ui/states.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { Tag, useMerchants } from '../ui/terms.tsx';
import { Age, Time, useNow } from '../ui/time.tsx';
import { say } from '../ui/toasts.tsx';
import { useUrlState } from '../ui/url-state.ts';

const KEYS = '/v1/platforms/{component_appid}/api-keys';
type Key = Schemas['ApiKey'];

export default function Access(): ReactNode {
  const t = useTexts(accessTexts);
  const url = useUrlState();
  const { may } = useSession();
  const tab = url.get('tab') === 'users' ? 'users' : 'keys';
  return (
    <Page title={t('title')} question={t('question')}>
      <Tabs
        label={t('title')}
        current={tab}
        tabs={[
          ['keys', t('tab.keys')],
          ['users', t('tab.users')],
        ]}
      />
      {!may('keys:write') ? (
        <Card>
          <Empty title={t('need')} />
        </Card>
      ) : tab === 'users' ? (
        <Users />
      ) : (
        <Keys />
      )}
    </Page>
  );
}

function Created({ created_at, created_by }: { created_at: string; created_by: string }): ReactNode {
  return (
    <>
      <Time at={created_at} />
      <span className="sub break">{created_by.replace(/^user:/, '')}</span>
    </>
  );
}

function Keys(): ReactNode {
  const t = useTexts(accessTexts);
  const c = useTexts(common);
  const url = useUrlState();
  const merchants = useMerchants();
  const now = useNow();
  const path = { component_appid: usePlatform() };
  const keys = useApi(KEYS, { path, query: { cursor: url.get('cursor') } }, { keep: true });
  const [making, setMaking] = useState(false);
  const [shown, setShown] = useState<string | null>(null);
  const [revoking, setRevoking] = useState<Key | null>(null);
  const [rotating, setRotating] = useState<Key | null>(null);
  const revoke = useSend(
    async (id: string) => {
      await api.DELETE(`${KEYS}/{id}`, { params: { path: { ...path, id } } });
      return { data: null };
    },
    {
      touches: [KEYS],
      onDone: () => {
        setRevoking(null);
        say(t('key.revoked.done'));
      },
      onFail: (error) => say(explain(error, c), 'bad'),
    },
  );
  const rotate = useSend(
    (id: string) =>
      api.POST(`${KEYS}/{id}/rotations`, { params: { path: { ...path, id } }, body: { overlap_seconds: 86_400 } }),
    {
      touches: [KEYS],
      onDone: (made) => {
        setRotating(null);
        setShown(made.key);
      },
      onFail: (error) => say(explain(error, c), 'bad'),
    },
  );
  const stateOf = (row: Key) => {
    if (row.revoked_at !== null) return <Tag tone="bad">{t('key.revoked')}</Tag>;
    if (row.expires_at !== null && Date.parse(row.expires_at) <= now) return <Tag>{t('key.expired')}</Tag>;
    if (row.replaced_by !== null) return <Tag tone="warn">{t('key.rotated')}</Tag>;
    return <Tag tone="good">{t('key.active')}</Tag>;
  };
  return (
    <ListCard
      title={t('tab.keys')}
      end={
        <ActionButton type="primary" scope="keys:write" onClick={() => setMaking(true)}>
          {t('key.new')}
        </ActionButton>
      }
      query={keys}
      url={url}
      rowKey={(row) => row.id}
      empty={<Empty title={t('key.none')} />}
      columns={[
        {
          key: 'name',
          title: t('key.name'),
          render: (row) => (
            <>
              {row.name}
              <code className="sub">{row.prefix}…</code>
            </>
          ),
        },
        { key: 'state', title: t('key.state'), render: stateOf },
        {
          key: 'scopes',
          title: t('key.scopes'),
          render: (row) => <span className="small break">{row.scopes.join(' · ')}</span>,
        },
        {
          key: 'merchants',
          title: c('merchant'),
          render: (row) =>
            row.merchant_ids === null ? t('key.merchants.all') : row.merchant_ids.map(merchants.name).join(', '),
        },
        { key: 'used', title: t('key.used'), render: (row) => <Age at={row.last_used_at} /> },
        {
          key: 'created',
          title: t('key.created'),
          render: (row) => <Created {...row} />,
        },
        {
          key: 'actions',
          title: t('actions'),
          render: (row) =>
            row.revoked_at === null && (
              <span className="row">
                <ActionButton size="small" scope="keys:write" onClick={() => setRotating(row)}>
                  {t('key.rotate')}
                </ActionButton>
                <ActionButton size="small" danger scope="keys:write" onClick={() => setRevoking(row)}>
                  {t('key.revoke')}
                </ActionButton>
              </span>
            ),
        },
      ]}
    >
      {making && (
        <NewKey
          onClose={() => setMaking(false)}
          onMade={(key) => {
            setMaking(false);
            setShown(key);
          }}
        />
      )}
      {shown !== null && (
        <ShownOnce
          value={shown}
          title={t('key.once')}
          why={t('key.once.why')}
          saved={t('key.saved')}
          onClose={() => setShown(null)}
        />
      )}
      <ConfirmDialog
        open={revoking !== null}
        title={`${t('key.revoke')}: ${revoking?.name ?? ''}`}
        busy={revoke.isPending}
        okText={t('key.revoke')}
        onOk={() => revoking && revoke.mutate(revoking.id)}
        onCancel={() => setRevoking(null)}
      >
        {t('key.revoke.ask')}
      </ConfirmDialog>
      <ConfirmDialog
        open={rotating !== null}
        danger={false}
        title={`${t('key.rotate')}: ${rotating?.name ?? ''}`}
        busy={rotate.isPending}
        okText={t('key.rotate')}
        onOk={() => rotating && rotate.mutate(rotating.id)}
        onCancel={() => setRotating(null)}
      >
        {t('key.rotate.ask')}
      </ConfirmDialog>
    </ListCard>
  );
}

function NewKey({ onClose, onMade }: { onClose: () => void; onMade: (key: string) => void }): ReactNode {
  const t = useTexts(accessTexts);
  const c = useTexts(common);
  const s = useTexts(scopeTexts);
  const { me } = useSession();
  const merchants = useMerchants();
  const path = { component_appid: usePlatform() };
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Scope[]>(['authorizers:read', 'domains:read']);
  const [merchantIds, setMerchantIds] = useState<string[]>([]);
  const [expires, setExpires] = useState<Dayjs | null>(null);
  const create = useSend((body: Schemas['NewApiKey']) => api.POST(KEYS, { params: { path }, body }), {
    touches: [KEYS],
    // Null only in a repetition with an Idempotency-Key, which this page does not send.
    onDone: (made) => made.key !== null && onMade(made.key),
  });
  return (
    <Modal
      open
      title={t('key.new')}
      okText={t('key.new')}
      cancelText={c('cancel')}
      okButtonProps={{ disabled: name.trim() === '' || scopes.length === 0 }}
      confirmLoading={create.isPending}
      onCancel={onClose}
      onOk={() =>
        create.mutate({
          name: name.trim(),
          scopes,
          ...(merchantIds.length > 0 ? { merchant_ids: merchantIds } : {}),
          ...(expires ? { expires_at: expires.toISOString() } : {}),
        })
      }
    >
      <div className="form">
        <label className="field">
          <span>{t('key.name')}</span>
          <Input autoFocus value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />
        </label>
        <div className="field" role="group" aria-label={t('key.scopes')}>
          <span className="label">{t('key.scopes')}</span>
          <Checkbox.Group
            value={scopes}
            onChange={(values) => setScopes(values)}
            options={me.scopes.map((scope) => ({
              value: scope,
              label: (
                <>
                  {scope in scopeTexts ? s(scope) : scope} <code className="muted">{scope}</code>
                </>
              ),
            }))}
            style={{ display: 'grid', gap: 4 }}
          />
        </div>
        <label className="field">
          <span>{t('key.merchants')}</span>
          <Select
            mode="multiple"
            aria-label={t('key.merchants')}
            optionFilterProp="label"
            value={merchantIds}
            onChange={setMerchantIds}
            options={merchants.items.map(({ merchant_id, name: label }) => ({ value: merchant_id, label }))}
          />
        </label>
        <label className="field">
          <span>{t('key.expires')}</span>
          <DatePicker
            showTime={{ format: 'HH:mm' }}
            format="YYYY-MM-DD HH:mm"
            minDate={dayjs()}
            value={expires}
            onChange={setExpires}
          />
        </label>
        <Refusal error={create.error} />
      </div>
    </Modal>
  );
}

type User = Schemas['User'];

function Users(): ReactNode {
  const t = useTexts(accessTexts);
  const c = useTexts(common);
  const s = useTexts(shell);
  const url = useUrlState();
  const { me } = useSession();
  const users = useApi('/v1/users', { query: { cursor: url.get('cursor') } }, { keep: true });
  const [making, setMaking] = useState(false);
  const [switching, setSwitching] = useState<User | null>(null);
  const [resetting, setResetting] = useState<User | null>(null);
  const [password, setPassword] = useState('');
  const change = useSend(
    ({ username, patch }: { username: string; patch: Schemas['UserPatch'] }) =>
      api.PATCH('/v1/users/{username}', { params: { path: { username } }, body: patch }),
    {
      touches: ['/v1/users'],
      onDone: () => {
        setSwitching(null);
        setResetting(null);
        setPassword('');
        say(t('user.changed'));
      },
      onFail: (error) => say(explain(error, c), 'bad'),
    },
  );
  return (
    <ListCard
      title={t('tab.users')}
      end={
        <ActionButton type="primary" scope="keys:write" onClick={() => setMaking(true)}>
          {t('user.new')}
        </ActionButton>
      }
      query={users}
      url={url}
      rowKey={(row) => row.username}
      empty={<Empty title={t('user.none')} />}
      columns={[
        { key: 'name', title: t('user.name'), render: (row) => <b>{row.username}</b> },
        { key: 'role', title: t('user.role'), render: (row) => s(`role.${row.role}`) },
        {
          key: 'platform',
          title: t('user.platform'),
          render: (row) => (row.component_appid === null ? t('user.platform.all') : <code>{row.component_appid}</code>),
        },
        {
          key: 'state',
          title: t('user.state'),
          render: (row) =>
            row.disabled_at === null ? (
              <Tag tone="good">{t('user.active')}</Tag>
            ) : (
              <Tag tone="bad">{t('user.disabled')}</Tag>
            ),
        },
        { key: 'login', title: t('user.login'), render: (row) => <Age at={row.last_login_at} /> },
        {
          key: 'created',
          title: t('key.created'),
          render: (row) => <Created {...row} />,
        },
        {
          key: 'actions',
          title: t('actions'),
          render: (row) => (
            <span className="row">
              <ActionButton size="small" scope="keys:write" onClick={() => setResetting(row)}>
                {t('user.reset')}
              </ActionButton>
              <ActionButton
                size="small"
                danger={row.disabled_at === null}
                scope="keys:write"
                reason={me.name === `user:${row.username}` ? t('user.self') : null}
                onClick={() => setSwitching(row)}
              >
                {row.disabled_at === null ? t('user.disable') : t('user.enable')}
              </ActionButton>
            </span>
          ),
        },
      ]}
    >
      {making && <NewUser onClose={() => setMaking(false)} />}
      <ConfirmDialog
        open={switching !== null}
        title={`${switching?.disabled_at === null ? t('user.disable') : t('user.enable')}: ${switching?.username ?? ''}`}
        danger={switching?.disabled_at === null}
        busy={change.isPending}
        onOk={() =>
          switching &&
          change.mutate({ username: switching.username, patch: { disabled: switching.disabled_at === null } })
        }
        onCancel={() => setSwitching(null)}
      >
        {switching?.disabled_at === null ? t('user.disable.ask') : null}
      </ConfirmDialog>
      <ConfirmDialog
        open={resetting !== null}
        title={`${t('user.reset')}: ${resetting?.username ?? ''}`}
        busy={change.isPending}
        onOk={() => {
          if (resetting && password.length >= 12) change.mutate({ username: resetting.username, patch: { password } });
        }}
        onCancel={() => setResetting(null)}
      >
        <p>{t('user.reset.ask')}</p>
        <label className="field">
          <span>{t('user.password')}</span>
          <Input.Password
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
      </ConfirmDialog>
    </ListCard>
  );
}

function NewUser({ onClose }: { onClose: () => void }): ReactNode {
  const t = useTexts(accessTexts);
  const c = useTexts(common);
  const platform = usePlatform();
  const { isOperator } = useSession();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<User['role']>('viewer');
  const create = useSend((body: Schemas['NewUser']) => api.POST('/v1/users', { body }), {
    touches: ['/v1/users'],
    onDone: () => {
      say(t('user.made'));
      onClose();
    },
  });
  return (
    <Modal
      open
      title={t('user.new')}
      okText={t('user.new')}
      cancelText={c('cancel')}
      okButtonProps={{ disabled: username === '' || password.length < 12 }}
      confirmLoading={create.isPending}
      onCancel={onClose}
      onOk={() =>
        create.mutate({ username, password, role, ...(role === 'operator' ? {} : { component_appid: platform }) })
      }
    >
      <div className="form">
        <label className="field">
          <span>{t('user.name')}</span>
          <Input
            autoFocus
            autoComplete="off"
            value={username}
            onChange={(event) => setUsername(event.target.value.trim())}
          />
        </label>
        <label className="field">
          <span>{t('user.password')}</span>
          <Input.Password
            autoComplete="new-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        <label className="field">
          <span>{t('user.role')}</span>
          <Select
            aria-label={t('user.role')}
            value={role}
            onChange={setRole}
            options={(isOperator ? (['viewer', 'admin', 'operator'] as const) : (['viewer', 'admin'] as const)).map(
              (value) => ({
                value,
                label: t(`user.role.${value}`),
              }),
            )}
          />
        </label>
        <Refusal error={create.error} />
      </div>
    </Modal>
  );
}
