import { formatDuration, formatPercent } from '../../i18n/format.ts';
import type { Language } from '../../i18n/language.tsx';
import type { ComparedRow } from './versions.ts';

/** A number of a comparison as it is shown. */
export function showNumber(unit: ComparedRow['unit'], value: number | null, language: Language): string {
  if (value === null) return '—';
  if (unit === 'fraction') return formatPercent(value, 5);
  return unit === 'ms' ? formatDuration(value, language) : String(value);
}

/** A difference with its sign; of fractions in percentage points. Null: not known; zero: null as well, there is nothing to show. */
export function showDifference(unit: ComparedRow['unit'], value: number | null, language: Language): string | null {
  if (value === null || value === 0) return null;
  const sign = value > 0 ? '+' : '−';
  const size = Math.abs(value);
  if (unit === 'fraction') {
    const points = size * 100;
    return `${sign}${points < 0.00001 ? points.toExponential(1) : points.toFixed(5)}`;
  }
  return `${sign}${unit === 'ms' ? formatDuration(size, language) : size}`;
}
