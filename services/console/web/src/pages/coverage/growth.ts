/** Growth in words of numbers. Pure. */
import type { Coverage } from '@beacontower/contracts';

export type Growth = Coverage['total']['growth']['units'];

/** `+12`, `−3`; null: it stayed as it was, or nothing is known. */
export function signed(growth: Pick<Growth, 'absolute'>): string | null {
  const { absolute } = growth;
  if (absolute === null || absolute === 0) return null;
  return `${absolute > 0 ? '+' : '−'}${Math.abs(absolute)}`;
}

/** `+4.2%`; null: there is nothing to compare with, or nothing changed. */
export function relative(growth: Pick<Growth, 'relative'>): string | null {
  const share = growth.relative;
  if (share === null || share === 0) return null;
  return `${share > 0 ? '+' : '−'}${(Math.abs(share) * 100).toFixed(1)}%`;
}

/** Whether anything at all is connected or reported. */
export function isEmpty({ withCorps, total }: Pick<Coverage, 'withCorps' | 'total'>): boolean {
  const levels = Object.values(withCorps);
  return levels.every(({ connected }) => connected === 0) && total.units === 0 && total.applications === 0 && (total.terminals ?? 0) === 0;
}
