import { useMemo } from 'react';
import { Chart } from '../../charts/chart.tsx';
import { ChartKey } from '../../charts/chart-key.tsx';
import type { ChartContent, Line } from '../../charts/chart-option.ts';
import { type Point, summarise, withGaps } from '../../charts/points.ts';
import { useWords } from '../../i18n/language.tsx';
import { formatRate } from './figures.ts';
import { useSeries } from './queries.ts';
import { SAMPLES } from './sample-words.ts';
import type { HeldSpan } from './use-span.ts';
import { useTimeAxis } from './use-time-axis.ts';

const NO_POINTS: readonly Point[] = [];

interface Props {
  readonly id: string;
  readonly wish: { readonly end?: 1 | 2 };
  readonly held: HeldSpan;
}

/** Errors and discards a second; where there were none, that is said and no empty picture drawn. */
export function TrafficErrors({ id, wish, held }: Props) {
  const words = useWords(SAMPLES);
  const axis = useTimeAxis(held.span, 10);
  const props = { id, wish, held };
  const errorsIn = usePoints(props, 'errors.in');
  const errorsOut = usePoints(props, 'errors.out');
  const discardsIn = usePoints(props, 'discards.in');
  const discardsOut = usePoints(props, 'discards.out');
  const lines = useMemo<Line[]>(
    () => [
      { name: words.errorsIn, points: errorsIn, colour: 'loss', stroke: 'solid' },
      { name: words.errorsOut, points: errorsOut, colour: 'loss', stroke: 'dashed' },
      { name: words.discardsIn, points: discardsIn, colour: 'second', stroke: 'solid' },
      { name: words.discardsOut, points: discardsOut, colour: 'second', stroke: 'dotted' },
    ],
    [words, errorsIn, errorsOut, discardsIn, discardsOut],
  );
  const content = useMemo<ChartContent>(() => ({ ...axis, lines, format: formatRate, least: 1 }), [axis, lines]);
  const sums = lines.map((line) => ({ ...line, ...summarise(line.points) }));
  if (sums.every(({ avg }) => avg === null)) return null;
  if (sums.every(({ max }) => (max ?? 0) === 0)) return <p className="soft">{words.noErrors}</p>;
  return (
    <Chart
      title={words.errors}
      summary={sums.map(({ name, avg, max }) => words.summary(name, formatRate(avg), formatRate(max))).join(' ')}
      content={content}
      height={130}
      group={id}
      onSpan={held.showBetween}
    >
      {sums.map(({ name, colour, stroke, max }) => (
        <ChartKey key={name} name={name} colour={colour} stroke={stroke} value={formatRate(max)} />
      ))}
    </Chart>
  );
}

function usePoints({ id, wish, held }: Props, metric: 'errors.in' | 'errors.out' | 'discards.in' | 'discards.out'): readonly Point[] {
  const { data } = useSeries(id, held.span, { metric, ...wish });
  return useMemo(() => (data ? withGaps(data.points, data.step) : NO_POINTS), [data]);
}
