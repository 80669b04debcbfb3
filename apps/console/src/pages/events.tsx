import type { ReactNode } from 'react';
import { eventsTexts } from '../i18n/events.ts';
import { useTexts } from '../i18n/index.ts';
import { Card, Page } from '../ui/page.tsx';
import { NotOffered } from '../ui/states.tsx';

export default function Events(): ReactNode {
  const t = useTexts(eventsTexts);
  return (
    <Page title={t('title')} question={t('question')}>
      <Card title={t('feed')} flush>
        <NotOffered />
      </Card>
      <Card title={t('endpoints')} flush>
        <NotOffered />
      </Card>
    </Page>
  );
}
