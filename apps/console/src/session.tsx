import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { createContext, useContext, useEffect, useMemo, type ReactNode } from 'react';
import { useParams } from 'react-router';
import { ApiError, api, get, rememberCsrf, whenSignedOut, type Schemas } from './api.ts';

export type Me = Schemas['Me'];
export type Scope = Me['scopes'][number];

interface Session {
  me: Me;
  may: (scope: Scope) => boolean;
  isOperator: boolean;
  signOut: () => Promise<void>;
}

/** Says that somebody has signed in here, so that the first visit asks nothing that can only be refused. No secret. */
const MARK = 'wxfleet.signed-in';

const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('not signed in');
  return session;
}

/** After a login. */
export function signedIn(client: QueryClient, me: Me): void {
  localStorage.setItem(MARK, '1');
  rememberCsrf(me.csrf_token);
  client.setQueryData(['me'], me);
}

/** The platform that the page is about. */
export function usePlatform(): string {
  const { platform } = useParams();
  if (platform === undefined) throw new Error('no platform in the address');
  return platform;
}

/** Shows `signIn` until somebody is signed in, and again when the session has ended. */
export function SessionProvider({
  children,
  signIn,
  waiting,
  failed,
}: {
  children: ReactNode;
  signIn: ReactNode;
  waiting: ReactNode;
  failed: (error: ApiError, retry: () => void) => ReactNode;
}): ReactNode {
  const client = useQueryClient();
  const query = useQuery<Me | null, ApiError>({
    queryKey: ['me'],
    queryFn: async ({ signal }) => {
      if (localStorage.getItem(MARK) === null) return null;
      try {
        const me = await get('/v1/me', {}, signal);
        rememberCsrf(me.csrf_token);
        return me;
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) {
          localStorage.removeItem(MARK);
          return null;
        }
        throw error;
      }
    },
    staleTime: 60_000,
  });
  useEffect(() => {
    whenSignedOut(() => client.setQueryData(['me'], null));
  }, [client]);
  const me = query.data;
  const session = useMemo<Session | null>(() => {
    if (!me) return null;
    const scopes = new Set<string>(me.scopes);
    return {
      me,
      may: (scope) => scopes.has(scope),
      isOperator: me.role === 'operator',
      signOut: async () => {
        await api.DELETE('/v1/sessions/current').catch(() => undefined);
        rememberCsrf(null);
        localStorage.removeItem(MARK);
        // A new document: nothing that was loaded for this person stays in memory.
        location.assign('/');
      },
    };
  }, [me]);
  if (session) return <SessionContext value={session}>{children}</SessionContext>;
  if (me === null) return signIn;
  return query.error ? failed(query.error, () => void query.refetch()) : waiting;
}
