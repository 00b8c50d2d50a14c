import type { ObjectDetail, Objective } from '@beacontower/contracts';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { get } from '../../api/client.ts';
import { nodeNow } from '../../api/clock.ts';
import { LAST, type Range, readRange, type Span, spanOf, widened, writeRange } from './range.ts';

const SOONEST_MS = 15_000;
/** What is shown moves on when it would move by so much of its length: a picture does not change by less. */
const STEPS = 1_000;

/** The running period of the objective that counts the object. */
export interface RunningPeriod extends Span {
  readonly objective: string;
  readonly name: string;
  readonly nameEn: string | null;
  readonly label: string | null;
}

/** What time the page shows, kept in the address. */
export interface HeldSpan {
  readonly range: Range;
  readonly span: Span;
  readonly period: RunningPeriod | null;
  readonly setRange: (range: Range) => void;
  readonly showBetween: (from: number, to: number) => void;
}

export function useSpan(object: Pick<ObjectDetail, 'class' | 'division'>): HeldSpan {
  const [parameters, setParameters] = useSearchParams();
  const range = useMemo(() => readRange(parameters), [parameters]);
  const period = useRunningPeriod(object, range.kind === 'period');
  const now = useSteadyNow(range.kind === 'last' ? Math.max(SOONEST_MS, LAST[range.key] / STEPS) : 60_000);
  const setRange = useCallback((to: Range) => setParameters((before) => writeRange(to, before)), [setParameters]);
  const showBetween = useCallback((from: number, to: number) => setRange({ kind: 'between', ...widened(from, to) }), [setRange]);
  const span = useMemo(() => spanOf(range, now, period), [range, now, period]);
  return { range, span, period, setRange, showBetween };
}

function useSteadyNow(every: number): number {
  const floor = useCallback(() => Math.ceil(nodeNow() / every) * every, [every]);
  const [now, setNow] = useState(floor);
  useEffect(() => {
    setNow(floor());
    const timer = setInterval(() => setNow(floor()), Math.max(SOONEST_MS, every / 2));
    return () => clearInterval(timer);
  }, [floor, every]);
  return now;
}

function useRunningPeriod(
  { class: objectClass, division }: Pick<ObjectDetail, 'class' | 'division'>,
  wanted: boolean,
): RunningPeriod | null {
  const { data: objectives } = useQuery({
    queryKey: ['/objectives'],
    queryFn: ({ signal }) => get<{ items: Objective[] }>('/objectives', { limit: 1000 }, signal),
    staleTime: 600_000,
  });
  const objective = objectives?.items.find(
    (each) => each.class === objectClass && (division === each.division || division.startsWith(`${each.division}.`)),
  );
  const { data: budget } = useQuery({
    queryKey: ['/objectives', objective?.id, 'budget'],
    queryFn: ({ signal }) =>
      get<{ from: string; to: string; label: string | null }>(`/objectives/${encodeURIComponent(objective?.id ?? '')}/budget`, {}, signal),
    enabled: wanted && objective !== undefined,
    staleTime: 60_000,
  });
  return useMemo(() => {
    if (objective === undefined || budget === undefined) return null;
    const { id, name, nameEn } = objective;
    return { objective: id, name, nameEn, label: budget.label, from: Date.parse(budget.from), to: Date.parse(budget.to) };
  }, [objective, budget]);
}
