import type { ReactNode } from 'react';
import { api, useApi, useSend } from '../api.ts';
import { common } from '../i18n/common.ts';
import { formatNumber, useTexts } from '../i18n/index.ts';
import { webhooksTexts } from '../i18n/webhooks.ts';
import { usePlatform } from '../session.tsx';
import { ActionButton } from '../ui/action.tsx';
import { Card } from '../ui/page.tsx';
import { Empty, Loaded, explain } from '../ui/states.tsx';
import { DataTable } from '../ui/table.tsx';
import { Tag } from '../ui/terms.tsx';
import { Time } from '../ui/time.tsx';
import { say } from '../ui/toasts.tsx';

const LIST = '/v1/platforms/{component_appid}/relays';

/** Where pushes and messages are passed on to; created over REST, looked at and tested here. */
export default function Relays(): ReactNode {
  const t = useTexts(webhooksTexts);
  const c = useTexts(common);
  const path = { component_appid: usePlatform() };
  const relays = useApi(LIST, { path }, { every: 15_000 });
  const test = useSend((name: string) => api.POST(`${LIST}/{name}/tests`, { params: { path: { ...path, name } } }), {
    onDone: (result) =>
      result.delivered
        ? say(t('test.good', { status: String(result.status), ms: result.duration_ms }))
        : say(t('test.bad', { why: result.detail ?? `HTTP ${String(result.status)}` }), 'bad'),
    onFail: (error) => say(explain(error, c), 'bad'),
  });
  return (
    <Card flush title={t('tab.relays')}>
      <p className="body small muted">{t('relays.why')}</p>
      <Loaded query={relays}>
        {({ items }) => (
          <DataTable
            caption={t('tab.relays')}
            rows={items}
            rowKey={(row) => row.name}
            empty={<Empty title={t('relays.none')}>{t('relays.none.why')}</Empty>}
            columns={[
              { key: 'name', title: t('name'), render: (row) => <b>{row.name}</b> },
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
                  <ActionButton
                    size="small"
                    scope="relays:write"
                    loading={test.isPending && test.variables === row.name}
                    onClick={() => test.mutate(row.name)}
                  >
                    {t('relay.test')}
                  </ActionButton>
                ),
              },
            ]}
          />
        )}
      </Loaded>
    </Card>
  );
}
