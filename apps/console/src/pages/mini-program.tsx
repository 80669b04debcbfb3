import { Select } from 'antd';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import { api, useApi, useSend } from '../api.ts';
import { common } from '../i18n/common.ts';
import { eventsTexts } from '../i18n/events.ts';
import { formatNumber, useTexts } from '../i18n/index.ts';
import { miniProgramTexts } from '../i18n/mini-program.ts';
import { shell } from '../i18n/shell.ts';
import { usePlatform, useSession } from '../session.tsx';
import { DomainsTab } from '../timeline/domains-tab.tsx';
import { useGrants } from '../timeline/grants.ts';
import { ActionButton, useReason } from '../ui/action.tsx';
import { Card, Fact, Page } from '../ui/page.tsx';
import { EventItem, useEvents } from '../ui/event-feed.tsx';
import { Empty, Loaded, explain } from '../ui/states.tsx';
import { DataTable } from '../ui/table.tsx';
import { PushState } from '../ui/push-state.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { AuthorizerState, PermissionSet, Tag, useMerchants, type Authorizer } from '../ui/terms.tsx';
import { Age, Time } from '../ui/time.tsx';
import { say } from '../ui/toasts.tsx';
import { useUrlState } from '../ui/url-state.ts';

const ONE = '/v1/platforms/{component_appid}/authorizers/{authorizer_appid}';

export default function MiniProgram(): ReactNode {
  const t = useTexts(miniProgramTexts);
  const c = useTexts(common);
  const s = useTexts(shell);
  const platform = usePlatform();
  const { appid = '' } = useParams();
  const url = useUrlState();
  const path = { component_appid: platform, authorizer_appid: appid };
  const one = useApi(ONE, { path }, { every: 60_000 });
  const take = useSend(
    async () => {
      const { data, response } = await api.POST(`${ONE}/snapshots`, { params: { path } });
      return { data: { changed: response.status === 201, snapshot: data } };
    },
    {
      touches: [ONE, `${ONE}/snapshots`, `${ONE}/observations`, `${ONE}/domain-lifespans`, `${ONE}/domains`],
      onDone: ({ changed }) => say(changed ? t('snapshot.changed') : t('snapshot.same')),
      onFail: (error) => say(explain(error, c), 'bad'),
    },
  );
  const tab = url.get('tab') ?? 'domains';
  const tabs = [
    ['domains', t('tab.domains')],
    ['grants', t('tab.grants')],
    ['calls', t('tab.calls')],
    ['pushes', t('tab.pushes')],
  ] as const;
  const program = one.data;
  return (
    <Page
      title={program?.nick_name ?? appid}
      crumbs={<Link to={`/p/${platform}/mini-programs`}>{s('nav.programs')}</Link>}
      question={
        program && (
          <span className="row small">
            <code>{appid}</code> <AuthorizerState state={program.state} />
            {program.state === 'authorized' && !program.can_read_domains && (
              <Tag tone="warn">{c('error.permission_set_missing', { id: 18 })}</Tag>
            )}
          </span>
        )
      }
      evidence={program?.last_snapshot_at}
      actions={
        <ActionButton
          type="primary"
          scope="domains:snapshot"
          loading={take.isPending}
          reason={
            program === undefined
              ? null
              : program.state !== 'authorized'
                ? c(
                    program.state === 'unauthorized'
                      ? 'error.authorizer_not_authorized'
                      : 'error.reauthorization_required',
                  )
                : program.can_read_domains
                  ? null
                  : c('error.permission_set_missing', { id: 18 })
          }
          onClick={() => take.mutate(undefined)}
        >
          {take.isPending ? t('snapshot.taking') : t('snapshot.now')}
        </ActionButton>
      }
    >
      <Loaded query={one}>
        {(authorizer) => (
          <>
            <Condition authorizer={authorizer} />
            <Tabs label={t('tabs')} tabs={tabs} current={tab as 'domains'} />
            {tab === 'grants' ? (
              <Grants authorizer={authorizer} />
            ) : tab === 'calls' ? (
              <Calls path={path} />
            ) : tab === 'pushes' ? (
              <Pushes platform={platform} appid={appid} />
            ) : (
              <DomainsTab platform={platform} authorizer={authorizer} />
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** What keeps it from being read, said once at the top. */
function Condition({ authorizer }: { authorizer: Authorizer }): ReactNode {
  const t = useTexts(miniProgramTexts);
  const platform = usePlatform();
  const again = (
    <Link to={`/p/${platform}/links?merchant=${authorizer.merchant_id ?? ''}&appid=${authorizer.authorizer_appid}`}>
      {t('reauthorize.go')}
    </Link>
  );
  if (authorizer.state === 'reauthorization_required') {
    return (
      <div className="notice bad">
        <span className="grow">{t('reauthorize')}</span>
        {again}
      </div>
    );
  }
  if (authorizer.state === 'unauthorized') {
    return (
      <div className="notice warn">
        <span className="grow">
          {t('withdrawn')} <Time at={authorizer.unauthorized_at} />
        </span>
        {again}
      </div>
    );
  }
  if (!authorizer.can_read_domains) {
    return (
      <div className="notice warn">
        <span className="grow">{t('set18.lacks')}</span>
        {again}
      </div>
    );
  }
  return null;
}

function Grants({ authorizer }: { authorizer: Authorizer }): ReactNode {
  const t = useTexts(miniProgramTexts);
  const c = useTexts(common);
  const platform = usePlatform();
  const { may } = useSession();
  const merchants = useMerchants();
  const reason = useReason('authorizers:write');
  const path = { component_appid: platform, authorizer_appid: authorizer.authorizer_appid };
  const assign = useSend((merchant_id: string | null) => api.PATCH(ONE, { params: { path }, body: { merchant_id } }), {
    touches: [ONE, '/v1/platforms/{component_appid}/authorizers'],
    onDone: () => say(t('merchant.saved')),
    onFail: (error) => say(explain(error, c), 'bad'),
  });
  return (
    <div className="grid2">
      <Card title={t('facts')}>
        <dl className="facts">
          <Fact name={t('appid')}>
            <code>{authorizer.authorizer_appid}</code>
          </Fact>
          <Fact name={c('principal')}>
            {authorizer.principal_name ?? <span className="unknown-text">{c('unknown')}</span>}
          </Fact>
          <Fact name={c('state')}>
            <AuthorizerState state={authorizer.state} />
          </Fact>
          <Fact name={t('authorized.at')}>
            <Time at={authorizer.authorized_at} />
          </Fact>
          {authorizer.unauthorized_at && (
            <Fact name={t('unauthorized.at')}>
              <Time at={authorizer.unauthorized_at} />
            </Fact>
          )}
          <Fact name={t('last.snapshot')}>
            <Age at={authorizer.last_snapshot_at} />
          </Fact>
          <Fact name={t('next.snapshot')}>
            <Time at={authorizer.next_snapshot_at} />
          </Fact>
          <Fact name={t('token')}>
            {authorizer.access_token_expires_at ? (
              <>
                {t('token.until')} <Time at={authorizer.access_token_expires_at} />
              </>
            ) : (
              t('token.none')
            )}
            <span className="sub">{t('token.why')}</span>
          </Fact>
          {authorizer.last_failure && (
            <Fact name={t('last.failure')}>
              <Time at={authorizer.last_failure.at} />
              <span className="sub">
                <code>{authorizer.last_failure.code}</code>{' '}
                {authorizer.last_failure.wechat &&
                  `${authorizer.last_failure.wechat.errcode} ${authorizer.last_failure.wechat.errmsg}`}
              </span>
            </Fact>
          )}
          <Fact name={t('merchant.change')}>
            <Select
              style={{ width: '100%', maxWidth: 260 }}
              aria-label={t('merchant.change')}
              disabled={!may('authorizers:write')}
              title={reason ?? ''}
              showSearch={{ optionFilterProp: 'label' }}
              value={authorizer.merchant_id ?? ''}
              options={[
                { value: '', label: c('unassigned') },
                ...merchants.items.map(({ merchant_id, name }) => ({ value: merchant_id, label: name })),
              ]}
              onChange={(value: string) => assign.mutate(value === '' ? null : value)}
            />
            {reason && <span className="sub">{reason}</span>}
          </Fact>
        </dl>
      </Card>
      <div className="stack">
        <Card title={t('sets')}>
          {authorizer.permission_sets.length === 0 ? (
            <p className="muted">{t('sets.none')}</p>
          ) : (
            <SetChips ids={authorizer.permission_sets} />
          )}
        </Card>
        <GrantHistory appid={authorizer.authorizer_appid} />
        <GrantEvents appid={authorizer.authorizer_appid} />
      </div>
    </div>
  );
}

/** What was granted from when on, newest first. */
function GrantHistory({ appid }: { appid: string }): ReactNode {
  const t = useTexts(miniProgramTexts);
  const grants = useGrants(usePlatform(), appid);
  return (
    <Card title={t('grants.history')} flush>
      <Loaded query={grants} rows={3}>
        {(items) =>
          items.length === 0 ? (
            <Empty title={t('grants.none')} />
          ) : (
            <ul className="feed">
              {items.map((grant, index) => (
                <li key={grant.at}>
                  <div className="row between">
                    <span className="row">
                      <AuthorizerState state={grant.state} />
                      {grant.state === 'authorized' && !grant.can_read_domains && (
                        <Tag tone="warn">{t('grants.unreadable')}</Tag>
                      )}
                    </span>
                    <span className="small muted">
                      <Time at={grant.at} seconds />
                    </span>
                  </div>
                  {index === items.length - 1 ? (
                    <SetChips ids={grant.permission_sets} />
                  ) : (
                    <>
                      {grant.lost.length > 0 && (
                        <div className="row small">
                          <span className="muted">{t('grants.lost')}</span> <SetChips ids={grant.lost} />
                        </div>
                      )}
                      {grant.gained.length > 0 && (
                        <div className="row small">
                          <span className="muted">{t('grants.gained')}</span> <SetChips ids={grant.gained} />
                        </div>
                      )}
                    </>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}

function SetChips({ ids }: { ids: readonly number[] }): ReactNode {
  return (
    <span className="chips">
      {ids.map((id) => (
        <PermissionSet key={id} id={id} />
      ))}
    </span>
  );
}

/** What happened to the authorization; kept as long as events are. */
function GrantEvents({ appid }: { appid: string }): ReactNode {
  const t = useTexts(miniProgramTexts);
  const e = useTexts(eventsTexts);
  const { may } = useSession();
  const events = useEvents(
    { type: 'authorization.*,permission_set.*,token.*,authorizer.*', authorizer_appid: appid },
    { wanted: 30, every: 30_000 },
  );
  return (
    <Card title={t('grants.events')} flush>
      {!may('events:read') ? (
        <Empty title={e('need')} />
      ) : (
        <Loaded query={events} rows={3}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty title={t('grants.events.none')} />
            ) : (
              <ul className="feed">
                {items.map((event) => (
                  <EventItem key={event.id} event={event} withAccount={false} />
                ))}
              </ul>
            )
          }
        </Loaded>
      )}
    </Card>
  );
}

function Calls({ path }: { path: { component_appid: string; authorizer_appid: string } }): ReactNode {
  const t = useTexts(miniProgramTexts);
  const calls = useApi(`${ONE}/calls`, { path, query: { days: 7 } }, { every: 30_000 });
  return (
    <Card title={t('calls.title')} flush>
      <Loaded query={calls}>
        {({ items }) => (
          <DataTable
            caption={t('calls.title')}
            rows={items}
            rowKey={(row) => `${row.day} ${row.path}`}
            empty={<Empty title={t('calls.none')} />}
            columns={[
              { key: 'path', title: t('calls.path'), render: (row) => <code className="break">{row.path}</code> },
              { key: 'day', title: t('calls.day'), render: (row) => row.day },
              { key: 'calls', title: t('calls.count'), right: true, render: (row) => formatNumber(row.calls) },
              {
                key: 'errors',
                title: t('calls.errors'),
                right: true,
                render: (row) => (row.errors > 0 ? <Tag tone="bad">{formatNumber(row.errors)}</Tag> : '0'),
              },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}

function Pushes({ platform, appid }: { platform: string; appid: string }): ReactNode {
  const t = useTexts(miniProgramTexts);
  const pushes = useApi(
    '/v1/platforms/{component_appid}/pushes',
    { path: { component_appid: platform }, query: { authorizer_appid: appid } },
    { every: 30_000 },
  );
  return (
    <Card title={t('pushes.title')} flush>
      <Loaded query={pushes}>
        {({ items }) => (
          <DataTable
            caption={t('pushes.title')}
            rows={items}
            rowKey={(row) => row.id}
            empty={<Empty title={t('pushes.none')} />}
            columns={[
              { key: 'type', title: t('push.type'), render: (row) => <code>{row.info_type}</code> },
              { key: 'state', title: t('push.state'), render: (row) => <PushState state={row.state} /> },
              { key: 'received', title: t('push.received'), render: (row) => <Time at={row.received_at} seconds /> },
              {
                key: 'created',
                title: t('push.created'),
                render: (row) => <Time at={row.wechat_created_at} seconds />,
              },
              { key: 'failure', title: t('push.failure'), render: (row) => row.failure?.message ?? '–' },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}
