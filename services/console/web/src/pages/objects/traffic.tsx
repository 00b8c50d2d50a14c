import type { ObjectDetail, Series } from '@beacontower/contracts';
import { useMemo, useState } from 'react';
import { Link } from 'react-router';
import { Chart } from '../../charts/chart.tsx';
import { ChartKey } from '../../charts/chart-key.tsx';
import type { ChartContent, Level } from '../../charts/chart-option.ts';
import { type Point, percentile95, summarise, withGaps } from '../../charts/points.ts';
import { formatBps, formatDuration, formatPercent } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { objectAddress, shortId } from './address.ts';
import { TrafficErrors } from './errors.tsx';
import { useCounter, useSeries } from './queries.ts';
import { SAMPLES } from './sample-words.ts';
import { Sampled } from './sampled.tsx';
import type { HeldSpan } from './use-span.ts';
import { useTimeAxis } from './use-time-axis.ts';

const HEIGHT = 240;
/** What traffic is billed by: the 95th percentile of means over five minutes. */
const BILLED_STEP_MS = 300_000;
const NO_POINTS: readonly Point[] = [];

interface Props {
  readonly object: ObjectDetail;
  /** How many interfaces are counted: of a circuit its ends. */
  readonly ends: number;
  readonly held: HeldSpan;
}

/** Traffic in and out, what it is billed by, and what went wrong on the way. */
export function Traffic({ object, ends, held }: Props) {
  const words = useWords(SAMPLES);
  const [end, setEnd] = useState<1 | 2>(1);
  const circuit = object.kind === 'circuit' ? { end } : {};
  return (
    <section className="card" aria-labelledby="traffic-title">
      <div className="object-section-head">
        <h2 id="traffic-title">{words.traffic}</h2>
        {object.kind === 'circuit' && ends > 1 ? (
          <fieldset className="object-choices">
            <legend className="unseen">{words.ends}</legend>
            {([1, 2] as const).map((each) => (
              <button key={each} type="button" aria-pressed={end === each} onClick={() => setEnd(each)}>
                {words.end(each)}
              </button>
            ))}
          </fieldset>
        ) : null}
      </div>
      <TrafficChart object={object} wish={circuit} held={held} />
      <TrafficErrors id={object.id} wish={circuit} held={held} />
    </section>
  );
}

function useDirection(object: ObjectDetail, held: HeldSpan, wish: { end?: 1 | 2 }, direction: 'in' | 'out') {
  const metric = `traffic.${direction}` as const;
  const series = useSeries(object.id, held.span, { metric, ...wish });
  const billed = useSeries(object.id, held.span, { metric, ...wish, step: BILLED_STEP_MS });
  const points = useMemo(() => (series.data ? withGaps(series.data.points, series.data.step) : NO_POINTS), [series.data]);
  const p95 = useMemo(() => percentile95(billed.data?.points.map(([, , avg]) => avg) ?? []), [billed.data]);
  return { series, points, p95, billedStep: billed.data?.step ?? BILLED_STEP_MS, sums: useMemo(() => summarise(points), [points]) };
}

function TrafficChart({ object, wish, held }: { object: ObjectDetail; wish: { end?: 1 | 2 }; held: HeldSpan }) {
  const words = useWords(SAMPLES);
  const { language } = useLanguage();
  const axis = useTimeAxis(held.span, 10);
  const input = useDirection(object, held, wish, 'in');
  const output = useDirection(object, held, wish, 'out');
  const series = input.series.data ?? output.series.data ?? null;
  const counter = useCounter(series === null || series.object === object.id ? undefined : series.object) ?? object;
  const capacity = counter.checks.find(({ id }) => id === series?.check)?.traffic?.speedBps ?? null;
  const content = useMemo<ChartContent>(() => {
    const level = (name: string, value: number | null, colour: Level['colour'], stroke: Level['stroke']): Level[] =>
      value === null ? [] : [{ name, value, colour, stroke }];
    return {
      ...axis,
      lines: [
        { name: words.in, points: input.points, colour: 'first', stroke: 'solid', band: true },
        { name: words.out, points: output.points, colour: 'second', stroke: 'dashed', band: true },
      ],
      levels: [...level(`95% ${words.in}`, input.p95, 'first', 'dotted'), ...level(`95% ${words.out}`, output.p95, 'second', 'dotted')],
      format: formatBps,
    };
  }, [axis, input.points, output.points, input.p95, output.p95, words]);
  const sentence = (name: string, { avg, max }: { avg: number | null; max: number | null }) =>
    avg === null ? words.nothing(name) : words.summary(name, formatBps(avg), formatBps(max));
  const step = formatDuration(Math.max(input.billedStep, output.billedStep), language);
  return (
    <Sampled asked={[input.series, output.series]} empty={input.points.length + output.points.length === 0} height={HEIGHT}>
      <Chart
        title={words.traffic}
        titleUnseen
        summary={`${sentence(words.in, input.sums)} ${sentence(words.out, output.sums)}`}
        content={content}
        height={HEIGHT}
        group={object.id}
        onSpan={held.showBetween}
      >
        <ChartKey name={words.in} colour="first" stroke="solid" />
        <ChartKey name={words.out} colour="second" stroke="dashed" />
      </Chart>
      <div className="object-table-ground">
        <table className="object-table object-figures">
          <thead>
            <tr>
              {[words.traffic, words.mean, words.p95Of(step), words.most, ...(capacity === null ? [] : [words.utilisation])].map((head) => (
                <th key={head} scope="col">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <Direction name={words.in} direction={input} capacity={capacity} />
            <Direction name={words.out} direction={output} capacity={capacity} />
          </tbody>
        </table>
      </div>
      <Source series={series} own={object.id} capacity={capacity} />
    </Sampled>
  );
}

function Direction({ name, direction, capacity }: { name: string; direction: ReturnType<typeof useDirection>; capacity: number | null }) {
  const { sums, p95 } = direction;
  return (
    <tr className="figures">
      <th scope="row">{name}</th>
      <td>{formatBps(sums.avg)}</td>
      <td>
        <strong>{formatBps(p95)}</strong>
      </td>
      <td>{formatBps(sums.max)}</td>
      {capacity === null || capacity <= 0 ? null : <td>{p95 === null ? '—' : formatPercent(p95 / capacity, 1)}</td>}
    </tr>
  );
}

function Source({ series, own, capacity }: { series: Series | null; own: string; capacity: number | null }) {
  const words = useWords(SAMPLES);
  const { language } = useLanguage();
  if (series === null) return null;
  return (
    <p className="soft object-source">
      {words.resolution(formatDuration(series.step, language), words.sources[series.source])}
      {series.object === own ? null : (
        <>
          {' · '}
          {words.of} <Link to={objectAddress(series.object)}>{shortId(series.object)}</Link>
        </>
      )}
      {capacity === null ? null : ` · ${words.capacity} ${formatBps(capacity)}`}
    </p>
  );
}
