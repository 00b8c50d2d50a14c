import type { RoleName, SessionView } from '@beacontower/contracts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useMemo } from 'react';
import { Navigate, useLocation } from 'react-router';
import { Failure } from '../parts/failure.tsx';
import { Loading } from '../parts/loading.tsx';
import { ApiError, get, useSessionOf } from './client.ts';

interface Held {
  /** Null: nobody is signed in. */
  readonly session: SessionView | null;
  readonly loading: boolean;
  readonly error: unknown;
  /** Asks again who is signed in (after signing in or out, a new password, a second factor). */
  readonly refresh: () => Promise<void>;
}

const Context = createContext<Held | null>(null);
const KEY = ['session'] as const;
const AGAIN_MS = 5_000;

/** Asks once who looks; every page below knows it. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const { data, isPending, error, refetch } = useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => {
      try {
        return await get<SessionView>('/session', {}, signal);
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: 60_000,
    // A screen on a wall that came up before its node has nobody who presses "try again".
    refetchInterval: ({ state }) => (state.status === 'error' ? AGAIN_MS : false),
    refetchIntervalInBackground: true,
  });
  const session = data ?? null;
  useSessionOf(session ?? { csrf: null }, () => queries.setQueryData(KEY, null));
  const held = useMemo<Held>(
    () => ({
      session,
      loading: isPending,
      error,
      refresh: async () => {
        await refetch();
      },
    }),
    [session, isPending, error, refetch],
  );
  return <Context.Provider value={held}>{children}</Context.Provider>;
}

/** Who is signed in, if anybody. */
export function useHeldSession(): Held {
  const held = useContext(Context);
  if (held === null) throw new TypeError('outside of the session provider');
  return held;
}

/** Who is signed in; only below `RequireSession`. */
export function useSession(): SessionView {
  const { session } = useHeldSession();
  if (session === null) throw new TypeError('nobody is signed in here');
  return session;
}

/** What somebody with one of the roles may do; the API is asked again anyway. */
export function useMay(...roles: readonly RoleName[]): boolean {
  const { session } = useHeldSession();
  return session?.roles.some((role) => roles.includes(role)) ?? false;
}

/** Shows what is below only to somebody who has signed in wholly; others are sent to sign in, and come back after. */
export function RequireSession({ children }: { children: ReactNode }) {
  const { session, loading, error, refresh } = useHeldSession();
  const { pathname, search } = useLocation();
  if (loading) return <Loading />;
  if (error !== null && session === null) return <Failure error={error} onRetry={() => void refresh()} />;
  if (session === null || session.stage !== 'full') return <Navigate to={`/sign-in?to=${encodeURIComponent(pathname + search)}`} replace />;
  return children;
}
