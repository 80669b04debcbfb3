import { Button, Input, QRCode, Radio, Select } from 'antd';
import { useState, type ReactNode } from 'react';
import { api, useApi, useSend, type Schemas } from '../api.ts';
import { common } from '../i18n/common.ts';
import { useLanguage, useTexts } from '../i18n/index.ts';
import { linksTexts } from '../i18n/links.ts';
import { permissionSetIds, permissionSetName } from '../i18n/permission-sets.ts';
import { usePlatform } from '../session.tsx';
import { ActionButton, ConfirmDialog } from '../ui/action.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Pager } from '../ui/pager.tsx';
import { Empty, Loaded, Refusal, explain } from '../ui/states.tsx';
import { DataTable } from '../ui/table.tsx';
import { ProgramLink, Tag, useMerchants } from '../ui/terms.tsx';
import { Time } from '../ui/time.tsx';
import { say } from '../ui/toasts.tsx';
import { useUrlState } from '../ui/url-state.ts';

type NewLink = Schemas['NewAuthorizationLink'];
type Link = Schemas['AuthorizationLink'];
const LINKS = '/v1/platforms/{component_appid}/authorization-links';
const LIFETIMES = ['PT1H', 'P1D', 'P7D', 'P30D'] as const;

export default function Links(): ReactNode {
  const t = useTexts(linksTexts);
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
  const [made, setMade] = useState<Link | null>(null);
  const [lifetime, setLifetime] = useState<(typeof LIFETIMES)[number]>('P7D');
  const make = useSend((body: NewLink) => api.POST(LINKS, { params: { path: { component_appid: platform } }, body }), {
    touches: [LINKS],
    onDone: setMade,
  });
  return (
    <Page title={t('title')} question={t('question')}>
      <div className="grid2">
        <Card title={t('make')}>
          <div className="form" style={{ maxWidth: 560 }}>
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
                placeholder={t('sets.all')}
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
            <label className="field">
              <span className="label">{t('lifetime')}</span>
              <Select
                aria-label={t('lifetime')}
                value={lifetime}
                onChange={setLifetime}
                options={LIFETIMES.map((value) => ({ value, label: t(`lifetime.${value}`) }))}
              />
            </label>
            <Refusal error={make.error} />
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
                    expires_in: lifetime,
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

function LinkCard({ made }: { made: Link }): ReactNode {
  const t = useTexts(linksTexts);
  return (
    <Card title={t('result')} end={<LinkState link={made} />}>
      <div className="row" style={{ alignItems: 'flex-start', gap: 16 }}>
        <figure role="img" aria-label={t('qr')} className="qr">
          <QRCode type="svg" value={made.url} size={168} bordered={false} color="#171a1f" bgColor="#ffffff" />
        </figure>
        <div className="grow stack" style={{ gap: 10, minWidth: 200 }}>
          <code className="break small" data-testid="link">
            {made.url}
          </code>
          <div className="row">
            <CopyButton text={made.url} label={t('copy')} type="primary" />
            <Button size="small" href={made.url} target="_blank" rel="noopener">
              {t('open')}
            </Button>
          </div>
          <p className="small muted">
            {t('valid')} <Time at={made.expires_at} />
          </p>
          <p className="small muted">{t('origin')}</p>
        </div>
      </div>
    </Card>
  );
}

const LINK_TONE = { open: 'accent', used: 'good', expired: '', revoked: 'bad' } as const;

function LinkState({ link }: { link: Link }): ReactNode {
  const t = useTexts(linksTexts);
  return <Tag tone={LINK_TONE[link.state]}>{t(`state.${link.state}`)}</Tag>;
}

function Outcome({ made }: { made: Link }): ReactNode {
  const t = useTexts(linksTexts);
  const platform = usePlatform();
  const authorizers = useApi(
    '/v1/platforms/{component_appid}/authorizers',
    { path: { component_appid: platform }, query: { merchant_id: made.merchant_id, limit: 500 } },
    { every: 2500 },
  );
  const since = Date.parse(made.created_at) - 5000;
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
  const c = useTexts(common);
  const url = useUrlState();
  const path = { component_appid: usePlatform() };
  const merchants = useMerchants();
  const [revoking, setRevoking] = useState<Link | null>(null);
  const links = useApi(LINKS, { path, query: { limit: 20, cursor: url.get('cursor') } }, { keep: true, every: 10_000 });
  const revoke = useSend((id: string) => api.DELETE(`${LINKS}/{id}`, { params: { path: { ...path, id } } }), {
    touches: [LINKS],
    onDone: () => {
      setRevoking(null);
      say(t('state.revoked'));
    },
    onFail: (error) => say(explain(error, c), 'bad'),
  });
  return (
    <Card title={t('history')} flush>
      <Loaded query={links}>
        {({ items, next_cursor }) => (
          <>
            <DataTable<Link>
              caption={t('history')}
              dim={links.isPlaceholderData}
              rows={items}
              rowKey={(row) => row.id}
              empty={<Empty title={t('history.none')} />}
              columns={[
                { key: 'merchant', title: t('merchant'), render: (row) => merchants.name(row.merchant_id) },
                { key: 'state', title: c('state'), render: (row) => <LinkState link={row} /> },
                {
                  key: 'account',
                  title: t('history.account'),
                  render: (row) => (row.authorizer_appid ? <ProgramLink appid={row.authorizer_appid} /> : '–'),
                },
                { key: 'openings', title: t('history.openings'), right: true, render: (row) => row.openings },
                { key: 'created', title: t('history.when'), render: (row) => <Time at={row.created_at} /> },
                { key: 'expires', title: t('valid'), render: (row) => <Time at={row.expires_at} /> },
                {
                  key: 'actions',
                  title: '',
                  render: (row) =>
                    (row.state === 'open' || row.state === 'used') && (
                      <span className="row">
                        <CopyButton text={row.url} />
                        <ActionButton size="small" danger scope="authorizers:write" onClick={() => setRevoking(row)}>
                          {t('revoke')}
                        </ActionButton>
                      </span>
                    ),
                },
              ]}
            />
            <Pager url={url} next={next_cursor} />
          </>
        )}
      </Loaded>
      <ConfirmDialog
        open={revoking !== null}
        title={t('revoke')}
        busy={revoke.isPending}
        onOk={() => revoking && revoke.mutate(revoking.id)}
        onCancel={() => setRevoking(null)}
      >
        {t('revoke.ask')}
      </ConfirmDialog>
    </Card>
  );
}
