import { ApiError } from '../api/client.ts';
import { useWords } from '../i18n/language.tsx';
import { COMMON } from '../i18n/words.ts';
import './parts.css';

/** What could not be read or done, in the words of who refused it, and a way to try again. */
export function Failure({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const words = useWords(COMMON);
  const unreachable = error instanceof ApiError && error.status === 0;
  const isRefused = error instanceof ApiError && error.status === 403 && error.code === 'role-required';
  return (
    <div role="alert" className="part-failure">
      <strong>{unreachable ? words.unreachable : isRefused ? words.refused : words.failed}</strong>
      {unreachable || isRefused || !(error instanceof Error) ? null : <p>{error.message}</p>}
      {error instanceof ApiError && error.problem ? <p className="soft figures">{`${error.code} · ${error.problem.requestId}`}</p> : null}
      {onRetry && !isRefused ? (
        <button type="button" className="button" onClick={onRetry}>
          {words.retry}
        </button>
      ) : null}
    </div>
  );
}
