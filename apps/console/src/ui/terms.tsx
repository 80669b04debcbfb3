import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useApi, type Schemas } from '../api.ts';
import { useProgramName } from '../names.ts';
import { common } from '../i18n/common.ts';
import { useLanguage, useTexts } from '../i18n/index.ts';
import { EXCLUSIVE, permissionSetName } from '../i18n/permission-sets.ts';
import { usePlatform } from '../session.tsx';

export const GROUPS = ['mp_domain', 'third_domain', 'direct_domain', 'effective_domain'] as const;
export const LISTS = [
  'requestdomain',
  'wsrequestdomain',
  'uploaddomain',
  'downloaddomain',
  'udpdomain',
  'tcpdomain',
] as const;
export type Group = (typeof GROUPS)[number];
export type List = (typeof LISTS)[number];
export type Verdict = Schemas['CoverageItem']['verdict'];
export type Authorizer = Schemas['Authorizer'];

export type Tone = 'good' | 'warn' | 'bad' | 'unknown' | 'accent' | '';

export function Tag({ tone = '', children, title }: { tone?: Tone; children: ReactNode; title?: string }): ReactNode {
  return (
    <span className={`tag ${tone}`} {...(title ? { title } : {})}>
      {children}
    </span>
  );
}

export function AuthorizerState({ state }: { state: Authorizer['state'] }): ReactNode {
  const t = useTexts(common);
  const tone = { authorized: 'good', unauthorized: '', reauthorization_required: 'bad' } as const;
  return <Tag tone={tone[state]}>{t(`state.${state}`)}</Tag>;
}

export const VERDICT_TONE = { covered: 'good', pending: 'warn', missing: 'bad', unknown: 'unknown' } as const;

export function VerdictTag({ verdict }: { verdict: Verdict }): ReactNode {
  const t = useTexts(common);
  return <Tag tone={VERDICT_TONE[verdict]}>{t(`verdict.${verdict}`)}</Tag>;
}

export function JobState({ state }: { state: 'running' | 'done' | 'failed' | 'stopped' | 'incomplete' }): ReactNode {
  const t = useTexts(common);
  const tone = { running: 'accent', done: 'good', failed: 'bad', stopped: 'warn', incomplete: 'warn' } as const;
  return <Tag tone={tone[state]}>{t(`job.${state}`)}</Tag>;
}

export function PermissionSet({ id }: { id: number }): ReactNode {
  const language = useLanguage();
  return (
    <span className="tag plain" title={EXCLUSIVE.has(id) ? (language === 'en' ? 'exclusive' : '互斥权限集') : ''}>
      <b className="num">{id}</b> {permissionSetName(id, language)}
    </span>
  );
}

/** Names of the merchants of the platform, by id; the first 500. */
export function useMerchants(): { name: (id: string | null) => string; items: Schemas['Merchant'][] } {
  const t = useTexts(common);
  const platform = usePlatform();
  const { data } = useApi('/v1/platforms/{component_appid}/merchants', {
    path: { component_appid: platform },
    query: { limit: 500 },
  });
  const items = data?.items ?? [];
  return {
    items,
    name: (id) => (id === null ? t('unassigned') : (items.find(({ merchant_id }) => merchant_id === id)?.name ?? id)),
  };
}

/** A mini program by appid, as a link to its page. */
export function ProgramLink({
  appid,
  name,
  query = '',
}: {
  appid: string;
  name?: string | null;
  query?: string;
}): ReactNode {
  const platform = usePlatform();
  const asked = useProgramName(platform, appid, name === undefined);
  const known = name ?? asked;
  return (
    <Link to={`/p/${platform}/mini-programs/${appid}${query}`}>
      {known ?? <span className="mono">{appid}</span>}
      {known && <span className="sub mono">{appid}</span>}
    </Link>
  );
}

/** A domain as a link to the page that says who has it. */
export function DomainLink({ domain, list, group }: { domain: string; list: List; group?: Group }): ReactNode {
  const platform = usePlatform();
  const query = new URLSearchParams({ domain, list, ...(group && group !== 'effective_domain' ? { group } : {}) });
  return (
    <Link className="dom" to={`/p/${platform}/domains?${query}`}>
      {domain}
    </Link>
  );
}

export function AddedRemoved({ added, removed }: { added: readonly string[]; removed: readonly string[] }): ReactNode {
  const t = useTexts({ added: ['新增', 'added'], removed: ['移除', 'removed'] });
  return (
    <span className="chips">
      {removed.map((domain) => (
        <span key={`-${domain}`} className="del">
          <span className="sr">{t('removed')} </span>
          {domain}
        </span>
      ))}
      {added.map((domain) => (
        <span key={`+${domain}`} className="add">
          <span className="sr">{t('added')} </span>
          {domain}
        </span>
      ))}
    </span>
  );
}

/** Group and list in words. */
export function Where({ group, list }: { group: Group; list: List }): ReactNode {
  const t = useTexts(common);
  return (
    <span title={`${group}.${list}`}>
      {t(`group.${group}`)} · {t(`list.${list}`)}
    </span>
  );
}

/** What changed, a line for each list. */
export function ChangeLines({ changes }: { changes: readonly Schemas['DomainChange'][] }): ReactNode {
  return changes.map(({ group, list, added, removed }) => (
    <div key={`${group} ${list}`} className="small">
      <span className="muted">
        <Where group={group} list={list} />
      </span>
      <AddedRemoved added={added} removed={removed} />
    </div>
  ));
}
