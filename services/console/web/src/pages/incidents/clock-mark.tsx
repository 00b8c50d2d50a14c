import type { IncidentClock } from '@beacontower/contracts';
import { formatDuration } from '../../i18n/format.ts';
import { useLanguage, useWords } from '../../i18n/language.tsx';
import { useNow } from '../../parts/use-now.ts';
import { readClock } from './clock.ts';
import { CLOCKS } from './words.ts';

interface Props {
  readonly which: 'response' | 'repair';
  readonly dueAt: string;
  readonly warnAt: string | null;
  readonly metAt: string | null;
}

/** A clock that ticks: how long is left, how late it is, or how it was met; its state as a sign and a word besides the colour. */
export function ClockMark({ which, dueAt, warnAt, metAt }: Props) {
  const words = useWords(CLOCKS);
  const { language } = useLanguage();
  const now = useNow();
  const { state, leftMs } = readClock({ dueAt, warnAt, metAt }, now);
  const long = formatDuration(Math.abs(leftMs), language);
  const met = metAt !== null;
  const text = met ? (leftMs < 0 ? words.metLate(long) : words.metEarly(long)) : leftMs < 0 ? words.late(long) : words.left(long);
  return (
    <span className={`clock clock-${met && state === 'late' ? 'was-late' : state}`}>
      <span aria-hidden="true">{SIGNS[state]}</span> {words[which]} <span className="figures">{text}</span>
    </span>
  );
}

const SIGNS: Readonly<Record<IncidentClock['state'], string>> = { running: '◔', warned: '◕', met: '✓', late: '✕' };
