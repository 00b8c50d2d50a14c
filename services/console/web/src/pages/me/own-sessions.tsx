import type { Page, SessionSummary } from '@beacontower/contracts';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { get, send } from '../../api/client.ts';
import { useWords } from '../../i18n/language.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { ProblemNote } from '../../parts/problem.tsx';
import { SessionTable } from './session-table.tsx';
import { ME } from './words.ts';

const KEY = ['session', 'list'] as const;

/** Where one is signed in. */
export function OwnSessions() {
  const words = useWords(ME);
  const queries = useQueryClient();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => get<Page<SessionSummary>>('/session/list', {}, signal),
    refetchInterval: 60_000,
  });
  const ending = useMutation({
    mutationFn: (session: SessionSummary) => send('DELETE', `/session/list/${encodeURIComponent(session.id)}`),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
  return (
    <section className="card wide" aria-labelledby="own-sessions">
      <h2 id="own-sessions">{words.sessions}</h2>
      <p className="form-hint">{words.sessionsHint}</p>
      {isPending ? <Loading /> : null}
      {error === null ? null : <Failure error={error} onRetry={() => void refetch()} />}
      {data ? <SessionTable sessions={data.items} busy={ending.isPending} onEnd={(session) => ending.mutate(session)} /> : null}
      <ProblemNote error={ending.error} />
    </section>
  );
}
