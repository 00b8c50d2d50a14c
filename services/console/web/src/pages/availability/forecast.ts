import type { ErrorBudget } from '@beacontower/contracts';
import { useSession } from '../../api/session.tsx';
import { formatTime } from '../../i18n/format.ts';
import { useWords } from '../../i18n/language.tsx';
import { AVAILABILITY } from './words.ts';

/** Until when the budget lasts, in words. */
export function useForecast({ forecast }: Pick<ErrorBudget, 'forecast'>): string {
  const words = useWords(AVAILABILITY);
  const { node } = useSession();
  const { reason, exhaustedAt } = forecast;
  if (reason === 'forecast') return exhaustedAt === null ? '' : words.forecast.forecast(formatTime(exhaustedAt, node.timeZone, 'minute'));
  return words.forecast[reason];
}
