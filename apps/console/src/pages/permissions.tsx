import { Select } from 'antd';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useApi } from '../api.ts';
import { common } from '../i18n/common.ts';
import { useLanguage, useTexts } from '../i18n/index.ts';
import { permissionSetIds, permissionSetName } from '../i18n/permission-sets.ts';
import { permissionsTexts } from '../i18n/permissions.ts';
import { usePlatform } from '../session.tsx';
import { lackingSince, useGrants } from '../timeline/grants.ts';
import { EventItem, useEvents } from '../ui/event-feed.tsx';
import { CopyButton } from '../ui/copy.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Pager } from '../ui/pager.tsx';
import { Empty, Loaded } from '../ui/states.tsx';
import { DataTable } from '../ui/table.tsx';
import { ProgramLink, useMerchants } from '../ui/terms.tsx';
import { Time } from '../ui/time.tsx';
import { useUrlState } from '../ui/url-state.ts';

export default function Permissions(): ReactNode {
  const t = useTexts(permissionsTexts);
  const c = useTexts(common);
  const language = useLanguage();
  const platform = usePlatform();
  const url = useUrlState();
  const merchants = useMerchants();
  const id = /^\d{1,5}$/.test(url.get('set') ?? '') ? Number(url.get('set')) : 18;
  const name = permissionSetName(id, language);
  const lacking = useApi(
    '/v1/platforms/{component_appid}/authorizers',
    {
      path: { component_appid: platform },
      query: { state: 'authorized', lacks_permission_set: id, limit: 20, cursor: url.get('cursor') },
    },
    { keep: true, every: 60_000 },
  );
  const text = id === 18 ? t('text.18') : t('text.other', { name, id: String(id) });
  return (
    <Page
      title={t('title')}
      question={t('question')}
      actions={
        <Select
          aria-label={t('set')}
          style={{ width: 260, maxWidth: '100%' }}
          showSearch={{ optionFilterProp: 'label' }}
          value={id}
          onChange={(value: number) => url.set({ set: value === 18 ? undefined : String(value) })}
          options={permissionSetIds.map((value) => ({
            value,
            label: `${value} ${permissionSetName(value, language)}`,
          }))}
        />
      }
    >
      <div className="two-thirds">
        <Card title={`${t('lacking', { id: String(id) })} · ${name}`} flush>
          <Loaded query={lacking}>
            {({ items, next_cursor }) => (
              <>
                <DataTable
                  caption={t('lacking', { id: String(id) })}
                  dim={lacking.isPlaceholderData}
                  rows={items}
                  rowKey={(row) => row.authorizer_appid}
                  empty={<Empty title={t('none')} />}
                  columns={[
                    {
                      key: 'program',
                      title: c('mini.program'),
                      render: (row) => (
                        <ProgramLink appid={row.authorizer_appid} name={row.nick_name} query="?tab=grants" />
                      ),
                    },
                    { key: 'merchant', title: c('merchant'), render: (row) => merchants.name(row.merchant_id) },
                    {
                      key: 'has',
                      title: t('has'),
                      render: (row) => <span className="num">{row.permission_sets.join(' ')}</span>,
                    },
                    {
                      key: 'since',
                      title: t('since', { id: String(id) }),
                      render: (row) => <Since appid={row.authorizer_appid} set={id} />,
                    },
                    { key: 'authorized', title: t('authorized'), render: (row) => <Time at={row.authorized_at} /> },
                    {
                      key: 'again',
                      title: t('again'),
                      render: (row) => (
                        <Link
                          className="nowrap"
                          to={`/p/${platform}/links?${new URLSearchParams({
                            merchant: row.merchant_id ?? '',
                            appid: row.authorizer_appid,
                            sets: [...row.permission_sets, id].sort((a, b) => a - b).join(','),
                          })}`}
                        >
                          {t('again.do')}
                        </Link>
                      ),
                    },
                  ]}
                />
                <Pager url={url} next={next_cursor} shown={t('shown', { n: items.length })} />
              </>
            )}
          </Loaded>
        </Card>
        <div className="stack">
          <LostCard id={id} />
          <Card title={t('text')} end={<CopyButton text={text} />}>
            <p className="small muted">{t('text.why')}</p>
            <p style={{ whiteSpace: 'pre-line', marginTop: 8 }}>{text}</p>
          </Card>
        </div>
      </div>
    </Page>
  );
}

/** Since when this account has lacked the set; from its own history, so however long ago that was. */
function Since({ appid, set }: { appid: string; set: number }): ReactNode {
  const t = useTexts(permissionsTexts);
  const { data, error } = useGrants(usePlatform(), appid);
  if (!data) return <span className="muted">{error ? '–' : '…'}</span>;
  const since = lackingSince(data, set);
  return since === null ? <span className="muted">{t('since.never')}</span> : <Time at={since} />;
}

/** When accounts lost or got the set; kept as long as events are. */
function LostCard({ id }: { id: number }): ReactNode {
  const t = useTexts(permissionsTexts);
  const events = useEvents({ type: 'permission_set.*' }, { wanted: 60, every: 30_000 });
  return (
    <Card title={t('lost')} flush>
      <Loaded query={events} rows={3}>
        {({ items }) => {
          const shown = items.filter(({ data }) => (data as { permission_set_id?: number }).permission_set_id === id);
          return shown.length === 0 ? (
            <Empty title={t('lost.none')} />
          ) : (
            <ul className="feed">
              {shown.slice(0, 15).map((event) => (
                <EventItem key={event.id} event={event} />
              ))}
            </ul>
          );
        }}
      </Loaded>
    </Card>
  );
}
