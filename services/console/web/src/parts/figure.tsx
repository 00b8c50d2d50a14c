import { formatPercent, formatPercentUp } from '../i18n/format.ts';
import { useWords } from '../i18n/language.tsx';
import { COMMON } from '../i18n/words.ts';
import { type Bounds, placeBounds } from './bounds.ts';
import './figure.css';

export type Verdict = 'met' | 'missed' | 'undecided';

/** An availability with what it truly lies between. The figure and its lower bound are never rounded up, the upper one never down. */
export function Figure({ value, lowest, highest, digits = 3 }: Omit<Bounds, 'target'> & { digits?: number }) {
  const words = useWords(COMMON);
  if (value === null) return <span className="figure-none">{words.noFigure}</span>;
  return (
    <span className="figure figures">
      <strong>{formatPercent(value, digits)}</strong>
      {lowest !== null && highest !== null ? (
        <span className="soft figure-bounds">{`${formatPercent(lowest, digits)} – ${formatPercentUp(highest, digits)}`}</span>
      ) : null}
    </span>
  );
}

/** The interval of a figure drawn against its target; beside the figure in words, so hidden from readers. */
export function BoundsBar({ verdict, ...bounds }: Bounds & { verdict: Verdict }) {
  const { target, from, to, value, cut } = placeBounds(bounds);
  return (
    <svg className={`bounds-bar verdict-${verdict}`} viewBox="0 0 400 24" preserveAspectRatio="none" aria-hidden="true">
      <rect className="bounds-ground" x="0" y="9" width="400" height="6" />
      <rect className="bounds-safe" x={target * 400} y="9" width={(1 - target) * 400} height="6" />
      {from === null || to === null ? null : (
        <rect className="bounds-span" x={from * 400} y="6" width={Math.max(3, (to - from) * 400)} height="12" />
      )}
      {cut ? <path className="bounds-cut" d="M10 2 2 12l8 10" /> : null}
      {value === null ? null : <rect className="bounds-value" x={Math.min(396, value * 400 - 2)} y="2" width="4" height="20" />}
      <rect className="bounds-target" x={target * 400 - 1} y="0" width="2" height="24" />
    </svg>
  );
}

/** Met, missed or undecided, as a shape and a word; `soFar` while the period runs, when the budget may still hold what was missed. */
export function VerdictMark({ verdict, soFar = false }: { verdict: Verdict; soFar?: boolean }) {
  const words = useWords(COMMON);
  return (
    <span className={`verdict-mark verdict-${verdict}`}>
      <svg width="1em" height="1em" viewBox="0 0 16 16" aria-hidden="true">
        {verdict === 'met' ? <path d="m2 8 4.5 4.5L14 4" /> : null}
        {verdict === 'missed' ? <path d="m3 3 10 10M13 3 3 13" /> : null}
        {verdict === 'undecided' ? <path d="M1 8h4m2 0h2m2 0h4M1 4v8M15 4v8" /> : null}
      </svg>
      <span>{(soFar ? words.verdictsSoFar : words.verdicts)[verdict]}</span>
    </span>
  );
}
