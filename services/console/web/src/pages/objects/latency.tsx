import type { ObjectDetail } from '@beacontower/contracts';
import { useMemo } from 'react';
import { Chart } from '../../charts/chart.tsx';
import { ChartKey } from '../../charts/chart-key.tsx';
import type { ChartContent } from '../../charts/chart-option.ts';
import { type Point, summarise, withGaps } from '../../charts/points.ts';
import { useWords } from '../../i18n/language.tsx';
import { formatLoss, formatMs } from './figures.ts';
import { useSeries } from './queries.ts';
import { SAMPLES } from './sample-words.ts';
import { Sampled } from './sampled.tsx';
import type { HeldSpan } from './use-span.ts';
import { useTimeAxis } from './use-time-axis.ts';

interface Props {
  readonly object: ObjectDetail;
  readonly families: readonly (4 | 6)[];
  readonly held: HeldSpan;
}

const RTT_HEIGHT = 180;
const LOSS_HEIGHT = 96;
/** The axis of loss reaches at least so far: a packet of a thousand is no mountain. */
const LOSS_SHOWN = 0.1;
const NO_POINTS: readonly Point[] = [];

/** Round-trip time and loss, IPv4 beside IPv6 on the same scale: what differs between the two is seen at once. */
export function Latency({ object, families, held }: Props) {
  const words = useWords(SAMPLES);
  const four = useFamily(object.id, held, 4, families.includes(4));
  const six = useFamily(object.id, held, 6, families.includes(6));
  const shown = families.map((family) => ({ family, ...(family === 4 ? four : six) }));
  const most = Math.max(0, ...shown.flatMap(({ rtt }) => rtt.map(([, , , max]) => max ?? 0)));
  return (
    <section className="card" aria-labelledby="latency-title">
      <h2 id="latency-title">{words.latency}</h2>
      <div className={shown.length > 1 ? 'object-pair' : 'object-single'}>
        {shown.map((each) => (
          <Family key={each.family} {...each} most={most} held={held} group={object.id} />
        ))}
      </div>
    </section>
  );
}

function useFamily(id: string, { span }: HeldSpan, family: 4 | 6, enabled: boolean) {
  const rtt = useSeries(id, span, { metric: 'rtt', family }, enabled);
  const loss = useSeries(id, span, { metric: 'loss', family }, enabled);
  const rttPoints = useMemo(() => (rtt.data ? withGaps(rtt.data.points, rtt.data.step) : NO_POINTS), [rtt.data]);
  const lossPoints = useMemo(() => (loss.data ? withGaps(loss.data.points, loss.data.step) : NO_POINTS), [loss.data]);
  return { asked: [rtt, loss], rtt: rttPoints, loss: lossPoints };
}

type FamilyProps = ReturnType<typeof useFamily> & {
  readonly family: 4 | 6;
  readonly most: number;
  readonly held: HeldSpan;
  readonly group: string;
};

function Family({ family, asked, rtt, loss, most, held, group }: FamilyProps) {
  const words = useWords(SAMPLES);
  const axis = useTimeAxis(held.span, 6);
  const colour = family === 4 ? 'first' : 'second';
  const stroke = family === 4 ? 'solid' : 'dashed';
  const name = `IPv${family} ${words.rtt}`;
  const lossName = `IPv${family} ${words.loss}`;
  const rttContent = useMemo<ChartContent>(
    () => ({ ...axis, lines: [{ name, points: rtt, colour, stroke, band: true }], format: formatMs, least: most * 1.05 }),
    [axis, name, rtt, colour, stroke, most],
  );
  const lossContent = useMemo<ChartContent>(
    () => ({
      ...axis,
      lines: [{ name: lossName, points: loss, colour: 'loss', stroke: 'solid', bars: true }],
      format: formatLoss,
      least: LOSS_SHOWN,
    }),
    [axis, lossName, loss],
  );
  const rttSums = summarise(rtt);
  const lossSums = summarise(loss);
  const sentence = (of: string, avg: string, max: string, empty: boolean) => (empty ? words.nothing(of) : words.summary(of, avg, max));
  return (
    <div>
      <Sampled asked={asked} empty={rtt.length + loss.length === 0} height={RTT_HEIGHT + LOSS_HEIGHT}>
        <Chart
          title={name}
          summary={sentence(name, formatMs(rttSums.avg), formatMs(rttSums.max), rtt.length === 0)}
          content={rttContent}
          height={RTT_HEIGHT}
          group={group}
          onSpan={held.showBetween}
        >
          <ChartKey name={words.mean} colour={colour} stroke={stroke} value={formatMs(rttSums.avg)} />
          <span className="figures">
            {words.most} {formatMs(rttSums.max)}
          </span>
        </Chart>
        <Chart
          title={lossName}
          summary={sentence(lossName, formatLoss(lossSums.avg), formatLoss(lossSums.max), loss.length === 0)}
          content={lossContent}
          height={LOSS_HEIGHT}
          group={group}
          onSpan={held.showBetween}
        >
          <span className="figures">
            {words.mean} {formatLoss(lossSums.avg)} · {words.most} {formatLoss(lossSums.max)}
          </span>
        </Chart>
      </Sampled>
    </div>
  );
}
