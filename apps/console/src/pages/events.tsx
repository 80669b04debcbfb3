import { Button, Select } from 'antd';
import { Suspense, lazy, type ReactNode } from 'react';
import { eventsTexts } from '../i18n/events.ts';
import { common } from '../i18n/common.ts';
import { useTexts } from '../i18n/index.ts';
import { webhooksTexts } from '../i18n/webhooks.ts';
import { useSession } from '../session.tsx';
import { EventItem, FAMILIES, useEvents } from '../ui/event-feed.tsx';
import { Card, Page } from '../ui/page.tsx';
import { Search } from '../ui/search.tsx';
import { Empty, Loaded, Loading } from '../ui/states.tsx';
import { Tabs } from '../ui/tabs.tsx';
import { useUrlState } from '../ui/url-state.ts';

const Webhooks = lazy(() => import('./webhooks.tsx'));
const Relays = lazy(() => import('./relays.tsx'));
const TABS = ['feed', 'webhooks', 'relays'] as const;

export default function Events(): ReactNode {
  const t = useTexts(eventsTexts);
  const w = useTexts(webhooksTexts);
  const url = useUrlState();
  const { may } = useSession();
  const tab = TABS.find((each) => each === url.get('tab')) ?? 'feed';
  const needed = { feed: 'events:read', webhooks: 'webhooks:write', relays: 'relays:write' } as const;
  const refusal = { feed: t('need'), webhooks: w('need'), relays: w('need.relays') };
  return (
    <Page title={t('title')} question={t('question')}>
      <Tabs label={t('title')} current={tab} tabs={TABS.map((key) => [key, w(`tab.${key}`)] as const)} />
      {!may(needed[tab]) ? (
        <Card>
          <Empty title={refusal[tab]} />
        </Card>
      ) : (
        <Suspense fallback={<Loading rows={8} />}>
          {tab === 'webhooks' ? <Webhooks /> : tab === 'relays' ? <Relays /> : <Feed />}
        </Suspense>
      )}
    </Page>
  );
}

function Feed(): ReactNode {
  const t = useTexts(eventsTexts);
  const c = useTexts(common);
  const url = useUrlState();
  const family = FAMILIES.find((each) => each === url.get('kind'));
  const appid = url.get('appid');
  const cursor = url.get('cursor');
  const before = cursor !== undefined && /^\d{1,15}$/.test(cursor) ? Number(cursor) : undefined;
  const events = useEvents(
    { type: family === undefined ? undefined : `${family}.*`, authorizer_appid: appid },
    { before, every: 4000 },
  );
  return (
    <Card
      flush
      title={t('feed')}
      end={
        before === undefined ? (
          <span className="tag good">{t('live')}</span>
        ) : (
          <Button size="small" onClick={() => url.set({ cursor: undefined })}>
            {t('newest')}
          </Button>
        )
      }
    >
      <div className="body">
        <div className="filters">
          <Select
            aria-label={t('what')}
            style={{ width: 160 }}
            value={family ?? ''}
            onChange={(value: string) => url.set({ kind: value })}
            options={[
              { value: '', label: t('kind.any') },
              ...FAMILIES.map((value) => ({ value: value, label: t(`family.${value}`) })),
            ]}
          />
          <Search url={url} name="appid" placeholder={t('appid')} />
          {(family !== undefined || appid !== undefined) && (
            <Button type="link" onClick={() => url.set({ kind: '', appid: '' })}>
              {c('clear')}
            </Button>
          )}
        </div>
      </div>
      <Loaded query={events} rows={8}>
        {({ items, after, oldest }) => (
          <>
            {items.length === 0 ? (
              <Empty title={family === undefined && appid === undefined ? t('none') : t('none.kind')} />
            ) : (
              <ul className="feed">
                {items.map((event) => (
                  <EventItem key={event.id} event={event} />
                ))}
              </ul>
            )}
            <div className="pager">
              <span className="small muted grow">{items.length > 0 && t('oldest', { id: String(oldest) })}</span>
              <Button disabled={after < oldest} onClick={() => url.set({ cursor: String(after) })}>
                {t('older')}
              </Button>
            </div>
          </>
        )}
      </Loaded>
    </Card>
  );
}
