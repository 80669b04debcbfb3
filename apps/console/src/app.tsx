import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Button, ConfigProvider } from 'antd';
import zhCN from 'antd/locale/zh_CN';
import enUS from 'antd/locale/en_US';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { Component, lazy, useMemo, type ErrorInfo, type ReactNode } from 'react';
import { Navigate, Outlet, RouterProvider, createBrowserRouter, useRouteError } from 'react-router';
import { ApiError, useApi } from './api.ts';
import { useLanguage, useTexts } from './i18n/index.ts';
import { shell } from './i18n/shell.ts';
import { nonce } from './nonce.ts';
import { SessionProvider, useSession } from './session.tsx';
import { Shell, lastPlatform } from './shell.tsx';
import { GateFrame, SignIn, SignUp } from './sign-in.tsx';
import { antdThemeOf, useTheme } from './theme.ts';
import { Failure, Loaded, Loading } from './ui/states.tsx';

const Overview = lazy(() => import('./pages/overview.tsx'));
const Connect = lazy(() => import('./pages/connect.tsx'));
const MiniPrograms = lazy(() => import('./pages/mini-programs.tsx'));
const MiniProgram = lazy(() => import('./pages/mini-program.tsx'));
const Links = lazy(() => import('./pages/links.tsx'));
const Permissions = lazy(() => import('./pages/permissions.tsx'));
const Domain = lazy(() => import('./pages/domain.tsx'));
const Changes = lazy(() => import('./pages/changes.tsx'));
const Risks = lazy(() => import('./pages/risks.tsx'));
const Addresses = lazy(() => import('./pages/addresses.tsx'));
const Events = lazy(() => import('./pages/events.tsx'));
const Jobs = lazy(() => import('./pages/jobs.tsx'));
const Access = lazy(() => import('./pages/access.tsx'));
const Audit = lazy(() => import('./pages/audit.tsx'));
const NewPlatform = lazy(() => import('./pages/new-platform.tsx'));

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (count, error) => count < 2 && error instanceof ApiError && (error.status === 0 || error.status >= 500),
      retryDelay: (count) => 400 * 2 ** count,
    },
  },
});

const router = createBrowserRouter([
  { path: '/sign-up', element: <SignUp />, errorElement: <Crash /> },
  {
    element: <SignedIn />,
    errorElement: <Crash />,
    children: [
      { path: '/', element: <Home /> },
      {
        path: '/p/:platform',
        element: <Shell />,
        children: [
          {
            errorElement: <Crash />,
            children: [
              { index: true, element: <Overview /> },
              { path: 'connect', element: <Connect /> },
              { path: 'mini-programs', element: <MiniPrograms /> },
              { path: 'mini-programs/:appid', element: <MiniProgram /> },
              { path: 'links', element: <Links /> },
              { path: 'permissions', element: <Permissions /> },
              { path: 'domains', element: <Domain /> },
              { path: 'changes', element: <Changes /> },
              { path: 'risks', element: <Risks /> },
              { path: 'addresses', element: <Addresses /> },
              { path: 'events', element: <Events /> },
              { path: 'jobs', element: <Jobs /> },
              { path: 'access', element: <Access /> },
              { path: 'audit', element: <Audit /> },
              { path: '*', element: <Gone /> },
            ],
          },
        ],
      },
      {
        path: '/platforms',
        element: <Shell />,
        children: [{ path: 'new', element: <NewPlatform /> }],
      },
      { path: '*', element: <Gone /> },
    ],
  },
]);

export function App(): ReactNode {
  const theme = useTheme();
  const language = useLanguage();
  dayjs.locale(language === 'en' ? 'en' : 'zh-cn');
  const config = useMemo(() => antdThemeOf(theme), [theme]);
  return (
    <ConfigProvider
      theme={config}
      locale={language === 'en' ? enUS : zhCN}
      button={{ autoInsertSpace: false }}
      {...(nonce === undefined ? {} : { csp: { nonce } })}
    >
      <LastResort>
        <QueryClientProvider client={client}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </LastResort>
    </ConfigProvider>
  );
}

function SignedIn(): ReactNode {
  return (
    <SessionProvider
      signIn={<SignIn />}
      waiting={<Loading rows={6} />}
      failed={(error, retry) => (
        <GateFrame title="wxfleet">
          <Failure error={error} retry={retry} />
        </GateFrame>
      )}
    >
      <Outlet />
    </SessionProvider>
  );
}

/** The platform of the last visit, or the first one. */
function Home(): ReactNode {
  const t = useTexts(shell);
  const { me, isOperator } = useSession();
  const platforms = useApi('/v1/platforms', { query: { limit: 500 } });
  if (me.component_appid !== null) return <Navigate to={`/p/${me.component_appid}`} replace />;
  return (
    <Loaded query={platforms}>
      {({ items }) => {
        const kept = lastPlatform();
        const chosen = items.find(({ component_appid }) => component_appid === kept) ?? items[0];
        if (chosen) return <Navigate to={`/p/${chosen.component_appid}`} replace />;
        if (isOperator) return <Navigate to="/platforms/new" replace />;
        return (
          <GateFrame title={t('no.platform')}>
            <p>{t('no.platform.ask')}</p>
          </GateFrame>
        );
      }}
    </Loaded>
  );
}

function Gone(): ReactNode {
  const t = useTexts(shell);
  return (
    <div className="state">
      <h1>{t('page.gone')}</h1>
      <a href="/">{t('page.home')}</a>
    </div>
  );
}

function Crash(): ReactNode {
  return <Crashed error={useRouteError()} />;
}

function Crashed({ error }: { error: unknown }): ReactNode {
  const t = useTexts(shell);
  return (
    <div className="state" role="alert">
      <h3>{t('crash')}</h3>
      <code className="break">{error instanceof Error ? error.message : String(error)}</code>
      <Button onClick={() => location.reload()}>{t('crash.reload')}</Button>
    </div>
  );
}

class LastResort extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
  }

  override render(): ReactNode {
    return this.state.error ? <Crashed error={this.state.error} /> : this.props.children;
  }
}
