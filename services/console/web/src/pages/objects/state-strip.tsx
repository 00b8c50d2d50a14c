import { type PointerEvent, useEffect, useMemo, useRef, useState } from 'react';
import { useSession } from '../../api/session.tsx';
import { tickText, timeTicks } from '../../charts/ticks.ts';
import { useDrawnSpan } from '../../charts/use-drawn-span.ts';
import { formatDuration, formatTime } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { COMMON } from '../../i18n/words.ts';
import { OBJECT } from './object-words.ts';
import type { Span } from './range.ts';
import { REASON_WORDS } from './reason-words.ts';
import { type Stretch, stretchAt } from './segments.ts';
import { stripBars } from './strip.ts';

const HEIGHT = 40;
/** States stand at different heights besides their colours. */
const PLACES = {
  up: [12, 28],
  degraded: [6, 34],
  down: [0, HEIGHT],
  unknown: [12, 28],
  excluded: [HEIGHT - 6, 6],
  uncertain: [0, HEIGHT],
  unjudged: [24, 16],
} as const;

interface Props {
  readonly stretches: readonly Stretch[];
  readonly span: Span;
  readonly onSpan: (from: number, to: number) => void;
}

/** The states drawn along time; below it the same in words, so readers are spared the picture. */
export function StateStrip({ stretches, span, onSpan }: Props) {
  const { timeZone } = useSession().node;
  const ground = useRef<HTMLDivElement>(null);
  const width = useWidth(ground);
  const [pointed, setPointed] = useState<number | null>(null);
  const bars = useMemo(() => stripBars(stretches, span, width), [stretches, span, width]);
  const ticks = useMemo(() => timeTicks(span.from, span.to, timeZone, Math.max(2, Math.floor(width / 110))), [span, timeZone, width]);
  const timeAt = (x: number) => span.from + (Math.min(width, Math.max(0, x)) / width) * (span.to - span.from);
  const { drawn, onPointerMove, ...handlers } = useDrawnSpan(timeAt, onSpan);
  const place = (at: number) => ((at - span.from) / (span.to - span.from)) * width;
  const move = (event: PointerEvent<HTMLElement>) => {
    onPointerMove(event);
    setPointed(timeAt(event.clientX - event.currentTarget.getBoundingClientRect().left));
  };
  return (
    <div className="state-strip" aria-hidden="true">
      <div ref={ground} className="state-strip-ground" {...handlers} onPointerMove={move} onPointerLeave={() => setPointed(null)}>
        <svg width={width} height={HEIGHT} className="state-strip-bars" aria-hidden="true">
          <defs>
            <pattern id="strip-hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
              <rect width="6" height="6" className="strip-hatch-ground" />
              <rect width="2" height="6" className="strip-hatch-line" />
            </pattern>
          </defs>
          {bars.map(({ x, width: wide, look }) => (
            <rect key={`${look}${x}`} x={x} width={wide} y={PLACES[look][0]} height={PLACES[look][1]} className={`strip-${look}`} />
          ))}
        </svg>
        {drawn ? <div className="chart-drawn" style={{ left: drawn.left, width: drawn.width }} /> : null}
      </div>
      <div className="state-strip-axis figures soft">
        {ticks
          .filter((at) => place(at) < width - 48)
          .map((at) => (
            <span key={at} style={{ left: place(at) }}>
              {tickText(at, span.to - span.from, (moment) => formatTime(moment, timeZone))}
            </span>
          ))}
      </div>
      <Pointed stretches={stretches} at={pointed} />
    </div>
  );
}

function Pointed({ stretches, at }: { stretches: readonly Stretch[]; at: number | null }) {
  const words = useWords(OBJECT);
  const common = useWords(COMMON);
  const reasons = useWords(REASON_WORDS);
  const { language } = useLanguage();
  const { timeZone } = useSession().node;
  const stretch = at === null ? undefined : stretchAt(stretches, at);
  if (stretch === undefined) return <p className="state-strip-pointed soft"> </p>;
  const off = stretch.uncertaintyMs > 0 ? ` ${words.plusMinus(formatDuration(stretch.uncertaintyMs, language))}` : '';
  return (
    <p className="state-strip-pointed">
      <strong>{common.states[stretch.state]}</strong>
      {` · ${reasons[stretch.reason]} · ${formatTime(stretch.from, timeZone)}${off} – ${formatTime(stretch.to, timeZone)} · ${formatDuration(stretch.to - stretch.from, language)}`}
      {stretch.excluded ? ` · ${words.excludedMark}` : ''}
    </p>
  );
}

function useWidth(ref: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(900);
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.max(100, Math.floor(entry?.contentRect.width ?? 900))));
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}
