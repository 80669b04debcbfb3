import { Button, Input, QRCode, Radio, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { api, useApi, useSend, type Schemas } from '../api.ts';
import { common } from '../i18n/common.ts';
import { useLanguage, useTexts } from '../i18n/index.ts';
import { linksTexts } from '../i18n/links.ts';
import { permissionSetIds, permissionSetName } from '../i18n/permission-sets.ts';
import { usePlatform, useSession } from '../session.tsx';
import { useTheme } from '../theme.ts';
import { ActionButton } from '../ui/action.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Empty, Loaded, explain } from '../ui/states.tsx';
import { DataTable } from '../ui/table.tsx';
import { ProgramLink, Tag, useMerchants } from '../ui/terms.tsx';
import { Time, useSecond } from '../ui/time.tsx';
import { say } from '../ui/toasts.tsx';
import { useUrlState } from '../ui/url-state.ts';

type NewLink = Schemas['NewAuthorizationLink'];
interface Made {
  url: string;
  expiresAt: string;
  madeAt: string;
  merchantId: string;
}

export default function Links(): ReactNode {
  const t = useTexts(linksTexts);
  const c = useTexts(common);
  const language = useLanguage();
  const platform = usePlatform();
  const url = useUrlState();
  const { items: merchants } = useMerchants();
  const [merchant, setMerchant] = useState(url.get('merchant') ?? '');
  const [page, setPage] = useState<NewLink['page']>('pc');
  const [kind, setKind] = useState<NonNullable<NewLink['auth_type']>>(2);
  const [appid, setAppid] = useState(url.get('appid') ?? '');
  const [sets, setSets] = useState<number[]>(() => (url.get('sets') ?? '').split(',').filter(Boolean).map(Number));
  const [returnUrl, setReturnUrl] = useState('');
  const [made, setMade] = useState<Made | null>(null);
  const make = useSend(
    (body: NewLink) =>
      api.POST('/v1/platforms/{component_appid}/authorization-links', {
        params: { path: { component_appid: platform } },
        body,
      }),
    {
      touches: ['/v1/platforms/{component_appid}/audit-events'],
      onDone: (link, body) =>
        setMade({
          url: link.url,
          expiresAt: link.pre_auth_code_expires_at,
          madeAt: new Date().toISOString(),
          merchantId: body.merchant_id,
        }),
    },
  );
  return (
    <Page title={t('title')} question={t('question')}>
      <div className="grid2">
        <Card title={t('make')}>
          <div className="form">
            <label className="field">
              <span className="label">{t('merchant')}</span>
              <Select
                aria-label={t('merchant')}
                showSearch={{ optionFilterProp: 'label' }}
                placeholder={t('merchant.pick')}
                value={merchant === '' ? undefined : merchant}
                onChange={setMerchant}
                options={merchants.map(({ merchant_id, name }) => ({
                  value: merchant_id,
                  label: `${name} (${merchant_id})`,
                }))}
              />
            </label>
            <NewMerchant onMade={setMerchant} />
            <div className="field" role="group" aria-label={t('page')}>
              <span className="label">{t('page')}</span>
              <Radio.Group
                value={page}
                onChange={(event) => setPage(event.target.value as NewLink['page'])}
                options={[
                  { value: 'pc', label: t('page.pc') },
                  { value: 'mobile', label: t('page.mobile') },
                ]}
              />
            </div>
            <label className="field">
              <span className="label">{t('kind')}</span>
              <Select
                aria-label={t('kind')}
                value={kind}
                onChange={setKind}
                options={([2, 1, 3, 6] as const).map((value) => ({ value, label: t(`kind.${value}`) }))}
              />
            </label>
            <label className="field">
              <span className="label">{t('sets')}</span>
              <Select
                mode="multiple"
                aria-label={t('sets')}
                value={sets}
                onChange={setSets}
                optionFilterProp="label"
                maxTagCount="responsive"
                options={permissionSetIds.map((value) => ({
                  value,
                  label: `${value} ${permissionSetName(value, language)}`,
                }))}
              />
            </label>
            <label className="field">
              <span className="label">{t('appid')}</span>
              <Input value={appid} onChange={(event) => setAppid(event.target.value.trim())} placeholder="wx…" />
            </label>
            <label className="field">
              <span className="label">{t('return')}</span>
              <Input
                value={returnUrl}
                onChange={(event) => setReturnUrl(event.target.value.trim())}
                placeholder="https://"
                inputMode="url"
              />
            </label>
            {make.error && (
              <div className="notice bad" role="alert">
                {explain(make.error, c)}
              </div>
            )}
            <div>
              <ActionButton
                type="primary"
                scope="authorizers:write"
                loading={make.isPending}
                reason={merchant === '' ? t('merchant.pick') : null}
                onClick={() =>
                  make.mutate({
                    merchant_id: merchant,
                    page,
                    auth_type: kind,
                    ...(appid === '' ? {} : { authorizer_appid: appid }),
                    ...(sets.length === 0 ? {} : { permission_sets: sets }),
                    ...(returnUrl === '' ? {} : { return_url: returnUrl }),
                  })
                }
              >
                {t('make')}
              </ActionButton>
            </div>
          </div>
        </Card>
        {made && (
          <div className="stack">
            <LinkCard made={made} />
            <Outcome made={made} />
          </div>
        )}
      </div>
      <History />
    </Page>
  );
}

function NewMerchant({ onMade }: { onMade: (id: string) => void }): ReactNode {
  const t = useTexts(linksTexts);
  const c = useTexts(common);
  const platform = usePlatform();
  const [id, setId] = useState('');
  const [name, setName] = useState('');
  const create = useSend(
    (body: Schemas['NewMerchant']) =>
      api.POST('/v1/platforms/{component_appid}/merchants', { params: { path: { component_appid: platform } }, body }),
    {
      touches: ['/v1/platforms/{component_appid}/merchants'],
      onDone: (merchant) => {
        say(t('merchant.created'));
        setId('');
        setName('');
        onMade(merchant.merchant_id);
      },
      onFail: (error) => say(explain(error, c), 'bad'),
    },
  );
  return (
    <details>
      <summary className="small" style={{ cursor: 'pointer', color: 'var(--accent)' }}>
        {t('merchant.new')}
      </summary>
      <div className="row" style={{ marginTop: 8 }}>
        <Input
          style={{ flex: '1 1 140px' }}
          aria-label={t('merchant.id')}
          placeholder={t('merchant.id')}
          value={id}
          onChange={(event) => setId(event.target.value.trim())}
        />
        <Input
          style={{ flex: '1 1 140px' }}
          aria-label={t('merchant.name')}
          placeholder={t('merchant.name')}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <ActionButton
          scope="authorizers:write"
          loading={create.isPending}
          reason={id === '' || name === '' ? t('merchant.id') : null}
          onClick={() => create.mutate({ merchant_id: id, name })}
        >
          {t('merchant.create')}
        </ActionButton>
      </div>
    </details>
  );
}

/** WeChat's page opens only from a page on the platform's own domain, so the merchant is given a page of the hub. */
function invitationOf({ url, expiresAt }: Made): string {
  return `${location.origin}/invite#${new URLSearchParams({ to: url, until: String(Date.parse(expiresAt)) })}`;
}

function LinkCard({ made }: { made: Made }): ReactNode {
  const t = useTexts(linksTexts);
  const dark = useTheme() === 'dark';
  const left = Math.max(0, Math.floor((Date.parse(made.expiresAt) - useSecond()) / 1000));
  const invitation = invitationOf(made);
  return (
    <Card
      title={t('result')}
      end={
        <span className="small num" role="timer">
          {left > 0 ? `${t('valid')} ${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}` : t('expired')}
        </span>
      }
    >
      <div className="row" style={{ alignItems: 'flex-start', gap: 16 }}>
        <figure role="img" aria-label={t('qr')} style={left > 0 ? {} : { opacity: 0.2 }}>
          <QRCode
            type="svg"
            value={invitation}
            size={176}
            bordered={false}
            color={dark ? '#000000' : '#171a1f'}
            bgColor="#ffffff"
          />
        </figure>
        <div className="grow stack" style={{ gap: 10 }}>
          <code className="break small" data-testid="invitation">
            {invitation}
          </code>
          <div className="row">
            <CopyButton text={invitation} label={t('copy')} type="primary" />
            <Button size="small" href={invitation} target="_blank" rel="noopener">
              {t('open')}
            </Button>
          </div>
          <p className="small muted">{t('origin')}</p>
        </div>
      </div>
    </Card>
  );
}

function Outcome({ made }: { made: Made }): ReactNode {
  const t = useTexts(linksTexts);
  const platform = usePlatform();
  const authorizers = useApi(
    '/v1/platforms/{component_appid}/authorizers',
    { path: { component_appid: platform }, query: { merchant_id: made.merchantId, limit: 500 } },
    { every: 2500 },
  );
  const since = Date.parse(made.madeAt) - 5000;
  const fresh = (authorizers.data?.items ?? []).filter(
    ({ authorized_at: at }) => at !== null && Date.parse(at) >= since,
  );
  return (
    <Card title={t('become')} flush>
      {fresh.length === 0 ? (
        <div className="state" role="status">
          <span className="row">
            <i className="dot unknown" /> {t('become.wait')}
          </span>
        </div>
      ) : (
        <ul className="feed">
          {fresh.map((row) => (
            <li key={row.authorizer_appid}>
              <div className="row between">
                <ProgramLink appid={row.authorizer_appid} name={row.nick_name} />
                <Tag tone="good">{t('become.done')}</Tag>
              </div>
              <span className="small muted">
                {row.last_snapshot_at ? (
                  <>
                    {t('become.snapshot')} <Time at={row.last_snapshot_at} seconds />
                  </>
                ) : row.can_read_domains ? (
                  t('become.snapshot.wait')
                ) : (
                  t('become.no18')
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function History(): ReactNode {
  const t = useTexts(linksTexts);
  const platform = usePlatform();
  const { may } = useSession();
  const merchants = useMerchants();
  const events = useApi(
    '/v1/platforms/{component_appid}/audit-events',
    { path: { component_appid: platform }, query: { action: 'authorization_link.created', limit: 20 } },
    { enabled: may('audit:read') },
  );
  return (
    <Card title={t('history')} flush>
      {!may('audit:read') ? (
        <Empty title={t('history.need')} />
      ) : (
        <Loaded query={events}>
          {({ items }) => (
            <DataTable
              caption={t('history')}
              rows={items}
              rowKey={(row) => row.id}
              empty={<Empty title={t('history.none')} />}
              columns={[
                { key: 'merchant', title: t('merchant'), render: (row) => merchants.name(row.merchant_id) },
                {
                  key: 'page',
                  title: t('page'),
                  render: (row) => (row.detail.page === 'mobile' ? t('page.mobile') : t('page.pc')),
                },
                { key: 'who', title: t('history.who'), render: (row) => row.actor.replace(/^user:/, '') },
                { key: 'when', title: t('history.when'), render: (row) => <Time at={row.at} /> },
                {
                  key: 'outcome',
                  title: t('history.outcome'),
                  render: (row) => (row.outcome === 'ok' ? 'ok' : <Tag tone="bad">{row.outcome}</Tag>),
                },
              ]}
            />
          )}
        </Loaded>
      )}
    </Card>
  );
}
