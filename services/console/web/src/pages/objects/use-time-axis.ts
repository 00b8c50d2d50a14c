import { useMemo } from 'react';
import { useSession } from '../../api/session.tsx';
import type { ChartContent } from '../../charts/chart-option.ts';
import { timeTicks } from '../../charts/ticks.ts';
import { CHARTS } from '../../charts/words.ts';
import { formatTime } from '../../i18n/format.ts';
import { useWords } from '../../i18n/language.tsx';
import type { Span } from './range.ts';

/** What every chart of the page shares: the time shown, its ticks and its words in the node's zone. */
export function useTimeAxis({ from, to }: Span, most: number): Pick<ChartContent, 'from' | 'to' | 'ticks' | 'time' | 'words'> {
  const words = useWords(CHARTS);
  const { timeZone } = useSession().node;
  return useMemo(
    () => ({
      from,
      to,
      ticks: timeTicks(from, to, timeZone, most),
      time: (at, parts) => formatTime(at, timeZone, parts),
      words,
    }),
    [from, to, timeZone, most, words],
  );
}
