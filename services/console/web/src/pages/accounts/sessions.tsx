import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useSearchParams } from 'react-router';
import { useWords } from '../../i18n/language.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Loading } from '../../parts/loading.tsx';
import { ProblemNote } from '../../parts/problem.tsx';
import { SessionTable } from '../me/session-table.tsx';
import { ME } from '../me/words.ts';
import { endSession, readSessions } from './calls.ts';
import { ACCOUNTS } from './words.ts';

/** Every browser that is signed in anywhere, or those of one account: `?account=`. */
export function AllSessions() {
  const words = useWords(ACCOUNTS);
  const me = useWords(ME);
  const queries = useQueryClient();
  const [query] = useSearchParams();
  const account = query.get('account');
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['sessions', account],
    queryFn: ({ signal }) => readSessions(account, signal),
    refetchInterval: 15_000,
  });
  const ending = useMutation({ mutationFn: endSession, onSettled: () => queries.invalidateQueries({ queryKey: ['sessions'] }) });
  return (
    <section className="card" aria-labelledby="all-sessions">
      <div className="card-head">
        <h2 id="all-sessions">{words.sessionsTitle}</h2>
        {account === null ? null : <Link to="/accounts?tab=sessions">{words.allAccounts}</Link>}
      </div>
      <p className="form-hint">{words.sessionsHint}</p>
      {isPending ? <Loading /> : null}
      {error === null ? null : <Failure error={error} onRetry={() => void refetch()} />}
      {data?.items.length === 0 ? <EmptyState title={me.noSessions} /> : null}
      {data && data.items.length > 0 ? (
        <SessionTable sessions={data.items} named busy={ending.isPending} onEnd={(session) => ending.mutate(session)} />
      ) : null}
      <ProblemNote error={ending.error} />
    </section>
  );
}
