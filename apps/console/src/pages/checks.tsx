import type { ReactNode } from 'react';
import { api, useApi, useSend, type Schemas } from '../api.ts';
import { common } from '../i18n/common.ts';
import { connectTexts } from '../i18n/connect.ts';
import { useLanguage, useTexts } from '../i18n/index.ts';
import { usePlatform } from '../session.tsx';
import { ActionButton } from '../ui/action.tsx';
import { Card } from '../ui/page.tsx';
import { Empty, Loaded, explain } from '../ui/states.tsx';
import { Tag, type Tone } from '../ui/terms.tsx';
import { Age, Time } from '../ui/time.tsx';
import { say } from '../ui/toasts.tsx';

type Check = Schemas['PlatformCheck'];
const CHECKS = '/v1/platforms/{component_appid}/checks';
const TONE = {
  pass: 'good',
  warn: 'warn',
  fail: 'bad',
  unknown: 'unknown',
  skipped: '',
} as const satisfies Record<Check['status'], Tone>;

/** What the hub found out about the connection with WeChat; the first failure comes first, with what to do. */
export function Checks(): ReactNode {
  const t = useTexts(connectTexts);
  const c = useTexts(common);
  const path = { component_appid: usePlatform() };
  const checks = useApi(CHECKS, { path }, { every: 30_000 });
  const run = useSend(() => api.POST(CHECKS, { params: { path } }), {
    touches: [CHECKS],
    onFail: (error) => say(explain(error, c), 'bad'),
  });
  const checkedAt = checks.data?.checked_at;
  return (
    <Card
      flush
      title={t('checks')}
      end={
        <>
          {checkedAt && (
            <span className="small muted">
              {t('checks.at')} <Age at={checkedAt} />
            </span>
          )}
          <ActionButton
            size="small"
            scope="platforms:write"
            loading={run.isPending}
            onClick={() => run.mutate(undefined)}
          >
            {t('checks.run')}
          </ActionButton>
        </>
      }
    >
      <Loaded query={checks} rows={4}>
        {({ checked_at, first_fail, items }) => {
          if (checked_at === null) return <Empty title={t('checks.never')}>{t('checks.never.why')}</Empty>;
          const first = items.find(({ id }) => id === first_fail);
          return (
            <>
              {first && (
                <div className="body">
                  <div className="notice bad" role="status">
                    <CheckText check={first} />
                  </div>
                </div>
              )}
              <ul className="feed">
                {items
                  .filter(({ id }) => id !== first_fail)
                  .map((check) => (
                    <li key={check.id}>
                      <CheckText check={check} />
                    </li>
                  ))}
              </ul>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function CheckText({ check }: { check: Check }): ReactNode {
  const t = useTexts(connectTexts);
  const english = useLanguage() === 'en';
  const next = english ? check.next_step : check.next_step_zh;
  return (
    <div className="grow">
      <div className="row between">
        <span className="row">
          <Tag tone={TONE[check.status]}>{t(`check.${check.status}`)}</Tag>
          <b>{english ? check.title : check.title_zh}</b>
        </span>
        {check.since && (check.status === 'fail' || check.status === 'warn') && (
          <span className="small muted">
            {t('checks.since')} <Time at={check.since} />
          </span>
        )}
      </div>
      {next && <p>{next}</p>}
      {check.evidence.length > 0 && (
        <ul className="small muted side-list">
          {check.evidence.map((line) => (
            <li key={line} className="break">
              {line}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
