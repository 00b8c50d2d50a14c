import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import { type Criteria, readCriteria, writeCriteria } from './criteria.ts';

/** What the list is asked for, kept in the address: a list can be sent to a colleague, and Back comes back to it. */
export function useCriteria(): readonly [Criteria, (change: Partial<Criteria>) => void] {
  const [parameters, setParameters] = useSearchParams();
  const criteria = useMemo(() => readCriteria(parameters), [parameters]);
  const change = useCallback(
    (to: Partial<Criteria>) => {
      setParameters((now) => writeCriteria({ ...readCriteria(now), ...to }), { replace: true });
    },
    [setParameters],
  );
  return [criteria, change];
}
