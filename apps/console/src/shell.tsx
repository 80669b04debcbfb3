import { Button, Select } from 'antd';
import { Suspense, useEffect, useState, type ReactNode } from 'react';
import { Link, NavLink, Outlet, useLocation, useNavigate, useParams } from 'react-router';
import { useApi } from './api.ts';
import { chooseLanguage, useLanguage, useTexts } from './i18n/index.ts';
import { shell } from './i18n/shell.ts';
import { useSession } from './session.tsx';
import { chooseTheme, themeChoice, useTheme, type ThemeChoice } from './theme.ts';
import { Icon, Logo, type IconName } from './ui/icons.tsx';
import { Loading } from './ui/states.tsx';
import { Toasts } from './ui/toasts.tsx';

type Key = keyof typeof shell;

const NAVIGATION: readonly { title: Key | null; items: readonly [path: string, text: Key, icon: IconName][] }[] = [
  {
    title: null,
    items: [
      ['', 'nav.overview', 'overview'],
      ['connect', 'nav.connect', 'connect'],
    ],
  },
  {
    title: 'part.authorizations',
    items: [
      ['mini-programs', 'nav.programs', 'programs'],
      ['links', 'nav.links', 'links'],
      ['permissions', 'nav.permissions', 'permissions'],
    ],
  },
  {
    title: 'part.domains',
    items: [
      ['domains', 'nav.domain', 'domain'],
      ['changes', 'nav.changes', 'changes'],
      ['risks', 'nav.risks', 'risks'],
    ],
  },
  {
    title: 'part.operate',
    items: [
      ['addresses', 'nav.addresses', 'addresses'],
      ['events', 'nav.events', 'events'],
      ['jobs', 'nav.jobs', 'jobs'],
    ],
  },
  {
    title: 'part.govern',
    items: [
      ['access', 'nav.access', 'access'],
      ['audit', 'nav.audit', 'audit'],
    ],
  },
];

const LAST = 'wxfleet.platform';

/** The platform of the last visit, for those who have several. */
export function lastPlatform(): string | null {
  return localStorage.getItem(LAST);
}

/** Navigation, platform, and what belongs to the person; the page is inside. */
export function Shell(): ReactNode {
  const t = useTexts(shell);
  const { platform = '' } = useParams();
  const { pathname } = useLocation();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    setOpen(false);
    window.scrollTo(0, 0);
  }, [pathname]);
  useEffect(() => {
    if (platform !== '') localStorage.setItem(LAST, platform);
  }, [platform]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setOpen(false);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t('skip')}
      </a>
      <header className="topbar">
        <Button
          type="text"
          aria-label={t('menu')}
          aria-expanded={open}
          icon={<Icon name="menu" />}
          onClick={() => setOpen(true)}
        />
        <Link to={`/p/${platform}`} className="row" style={{ color: 'inherit', fontWeight: 600 }}>
          <Logo size={20} /> wxfleet
        </Link>
      </header>
      {open && <button className="scrim" aria-label={t('menu.close')} onClick={() => setOpen(false)} />}
      <aside className={`side ${open ? 'open' : ''}`}>
        <Link to={`/p/${platform}`} className="brand">
          <Logo /> wxfleet
        </Link>
        <PlatformPicker current={platform} />
        <nav aria-label={t('nav')}>
          {NAVIGATION.map(({ title, items }) => (
            <div key={title ?? 'first'}>
              {title && <h2>{t(title)}</h2>}
              <ul>
                {items.map(([path, text, icon]) => (
                  <li key={path}>
                    <NavLink to={`/p/${platform}${path === '' ? '' : `/${path}`}`} end={path === ''}>
                      <Icon name={icon} />
                      {t(text)}
                    </NavLink>
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </nav>
        <Person />
      </aside>
      <main id="content" tabIndex={-1}>
        <Suspense fallback={<Loading rows={8} />}>
          <Outlet />
        </Suspense>
      </main>
      <Toasts />
    </div>
  );
}

function PlatformPicker({ current }: { current: string }): ReactNode {
  const t = useTexts(shell);
  const navigate = useNavigate();
  const { isOperator } = useSession();
  const { data } = useApi('/v1/platforms', { query: { limit: 500 } });
  const options = (data?.items ?? []).map(({ component_appid, name }) => ({ value: component_appid, label: name }));
  if (options.length < 2 && !isOperator)
    return <div className="platform small muted break">{options[0]?.label ?? current}</div>;
  return (
    <div className="platform">
      <Select
        style={{ width: '100%' }}
        aria-label={t('platform')}
        value={current}
        showSearch={options.length > 8 ? { optionFilterProp: 'label' } : false}
        options={[...options, ...(isOperator ? [{ value: 'new', label: `+ ${t('platform.new')}` }] : [])]}
        onChange={(value) => void navigate(value === 'new' ? '/platforms/new' : `/p/${value}`)}
      />
    </div>
  );
}

function Person(): ReactNode {
  const t = useTexts(shell);
  const { me, signOut } = useSession();
  const language = useLanguage();
  useTheme();
  const [, redraw] = useState(0);
  return (
    <footer>
      <div className="row between">
        <span className="grow break">
          {me.name.replace(/^user:/, '')}
          <span className="sub">{me.role ? t(`role.${me.role}`) : ''}</span>
        </span>
        <Button size="small" onClick={() => void signOut()}>
          {t('sign.out')}
        </Button>
      </div>
      <div className="row between">
        <Select
          size="small"
          aria-label={t('theme')}
          value={themeChoice()}
          style={{ width: 102 }}
          options={(['system', 'light', 'dark'] as const).map((value) => ({ value, label: t(`theme.${value}`) }))}
          onChange={(value: ThemeChoice) => {
            chooseTheme(value);
            redraw((count) => count + 1);
          }}
        />
        <Select
          size="small"
          aria-label={t('language')}
          value={language}
          style={{ width: 86 }}
          options={[
            { value: 'zh-CN', label: '中文' },
            { value: 'en', label: 'English' },
          ]}
          onChange={chooseLanguage}
        />
      </div>
      <a className="small" href="/docs" target="_blank" rel="noreferrer">
        {t('docs')}
      </a>
    </footer>
  );
}
