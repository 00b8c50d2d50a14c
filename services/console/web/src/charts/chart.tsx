import type { EChartsType } from 'echarts/core';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useWords } from '../i18n/language.tsx';
import { type ChartContent, chartOption } from './chart-option.ts';
import { ChartTable } from './chart-table.tsx';
import './charts.css';
import { usePalette } from './palette.ts';
import { useDrawnSpan } from './use-drawn-span.ts';
import { CHARTS } from './words.ts';

interface Props {
  readonly title: string;
  /** The heading above says it already; readers hear it still. */
  readonly titleUnseen?: boolean;
  /** What the chart shows in one sentence, for those who cannot see it. */
  readonly summary: string;
  readonly content: ChartContent;
  readonly height?: number;
  /** Charts of a group point at the same moment. */
  readonly group?: string;
  /** Somebody drew over a stretch of time: show it alone. */
  readonly onSpan?: (from: number, to: number) => void;
  readonly children?: ReactNode;
}

/** A chart over time. The same as a table and as a file for whoever cannot use a picture. */
export function Chart({ title, titleUnseen = false, summary, content, height = 190, group, onSpan, children }: Props) {
  const words = useWords(CHARTS);
  const id = useId();
  const [asTable, setAsTable] = useState(false);
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption>
        <span id={id} className={titleUnseen ? 'unseen' : 'chart-title'}>
          {title}
        </span>
        <span className="chart-legend">{children}</span>
        <button type="button" className="chart-button" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? words.asChart : words.asTable}
        </button>
      </figcaption>
      <p className="unseen">{summary}</p>
      {asTable ? (
        <ChartTable title={title} content={content} />
      ) : (
        <Canvas content={content} height={height} group={group} onSpan={onSpan} />
      )}
    </figure>
  );
}

interface CanvasProps {
  readonly content: ChartContent;
  readonly height: number;
  readonly group: string | undefined;
  readonly onSpan: Props['onSpan'];
}

function Canvas({ content, height, group, onSpan }: CanvasProps) {
  const palette = usePalette();
  const ground = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType | null>(null);
  useEffect(() => {
    let made: EChartsType | null = null;
    let gone = false;
    const observer = new ResizeObserver(() => made?.resize());
    void import('./echarts.ts').then(({ init, connect }) => {
      const element = ground.current;
      if (gone || element === null) return;
      made = init(element, null, { renderer: 'canvas' });
      if (group !== undefined) {
        made.group = group;
        connect(group);
      }
      observer.observe(element);
      setChart(made);
    });
    return () => {
      gone = true;
      observer.disconnect();
      made?.dispose();
      setChart(null);
    };
  }, [group]);
  useEffect(() => {
    chart?.setOption(chartOption(content, palette), { notMerge: true, lazyUpdate: true });
  }, [chart, content, palette]);
  const { drawn, ...handlers } = useDrawnSpan((x) => {
    const at = chart?.convertFromPixel({ xAxisIndex: 0 }, x);
    return typeof at === 'number' ? Math.min(content.to, Math.max(content.from, at)) : null;
  }, onSpan);
  return (
    <div className="chart-canvas" style={{ height }} aria-hidden="true" {...handlers}>
      <div ref={ground} className="chart-ground" />
      {drawn ? <div className="chart-drawn" style={{ left: drawn.left, width: drawn.width }} /> : null}
    </div>
  );
}
