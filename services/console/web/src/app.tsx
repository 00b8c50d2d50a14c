import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { BrowserRouter, Route, Routes } from 'react-router';
import { retryable } from './api/client.ts';
import { LiveProvider } from './api/live.tsx';
import { RequireSession, SessionProvider } from './api/session.tsx';
import { LanguageProvider } from './i18n/language.tsx';
import { Loading } from './parts/loading.tsx';
import { Home } from './shell/home.tsx';
import { Shell } from './shell/shell.tsx';
import { ThemeProvider } from './theme/theme.tsx';

// Each page is loaded when it is gone to; the wall and the sign-in bring no component library with them.
const Wall = lazy(() => import('./pages/wall/page.tsx'));
const SignIn = lazy(() => import('./pages/sign-in/page.tsx'));
const Desk = lazy(() => import('./shell/desk.tsx'));
const ObjectList = lazy(() => import('./pages/objects/list.tsx'));
const ObjectPage = lazy(() => import('./pages/objects/object.tsx'));
const Incidents = lazy(() => import('./pages/incidents/queue.tsx'));
const Incident = lazy(() => import('./pages/incidents/incident.tsx'));
const Nodes = lazy(() => import('./pages/nodes/page.tsx'));
const NodePage = lazy(() => import('./pages/nodes/node.tsx'));
const Deliveries = lazy(() => import('./pages/deliveries/page.tsx'));
const Plans = lazy(() => import('./pages/plans/page.tsx'));
const Availability = lazy(() => import('./pages/availability/page.tsx'));
const ObjectivePage = lazy(() => import('./pages/availability/objective.tsx'));
const Periods = lazy(() => import('./pages/periods/page.tsx'));
const Reports = lazy(() => import('./pages/reports/page.tsx'));
const Coverage = lazy(() => import('./pages/coverage/page.tsx'));
const Health = lazy(() => import('./pages/health/page.tsx'));
const Audit = lazy(() => import('./pages/audit/page.tsx'));
const Configuration = lazy(() => import('./pages/configuration/page.tsx'));
const Accounts = lazy(() => import('./pages/accounts/page.tsx'));
const Me = lazy(() => import('./pages/me/page.tsx'));
const NotFound = lazy(() => import('./pages/not-found/page.tsx'));

const client = new QueryClient({
  defaultOptions: { queries: { staleTime: 5_000, retry: retryable, refetchOnWindowFocus: true }, mutations: { retry: false } },
});

/** The whole application: who looks, in which language and light, what is live, and the page of the address. */
export function App() {
  return (
    <LanguageProvider>
      <ThemeProvider>
        <QueryClientProvider client={client}>
          <BrowserRouter>
            <SessionProvider>
              <Suspense fallback={<Loading />}>
                <Routes>
                  <Route path="/sign-in" element={<SignIn />} />
                  <Route
                    element={
                      <RequireSession>
                        <LiveProvider>
                          <Shell />
                        </LiveProvider>
                      </RequireSession>
                    }
                  >
                    <Route path="/" element={<Home />} />
                    <Route path="/wall" element={<Wall />} />
                    <Route element={<Desk />}>
                      <Route path="/objects" element={<ObjectList />} />
                      <Route path="/objects/:id" element={<ObjectPage />} />
                      <Route path="/incidents" element={<Incidents />} />
                      <Route path="/incidents/:id" element={<Incident />} />
                      <Route path="/nodes" element={<Nodes />} />
                      <Route path="/nodes/:id" element={<NodePage />} />
                      <Route path="/deliveries" element={<Deliveries />} />
                      <Route path="/plans" element={<Plans />} />
                      <Route path="/availability" element={<Availability />} />
                      <Route path="/availability/:objective" element={<ObjectivePage />} />
                      <Route path="/periods" element={<Periods />} />
                      <Route path="/reports" element={<Reports />} />
                      <Route path="/coverage" element={<Coverage />} />
                      <Route path="/health" element={<Health />} />
                      <Route path="/audit" element={<Audit />} />
                      <Route path="/configuration" element={<Configuration />} />
                      <Route path="/accounts" element={<Accounts />} />
                      <Route path="/me" element={<Me />} />
                      <Route path="*" element={<NotFound />} />
                    </Route>
                  </Route>
                </Routes>
              </Suspense>
            </SessionProvider>
          </BrowserRouter>
        </QueryClientProvider>
      </ThemeProvider>
    </LanguageProvider>
  );
}
