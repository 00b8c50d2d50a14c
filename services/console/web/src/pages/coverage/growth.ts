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

/** What of the numbers somebody registered or reported. Without any, none is no number: a register that nobody fills does not say zero. */
export function reported({
  units,
  namedUnits,
  terminals,
  applications,
  growth,
}: Coverage['total']): Readonly<Record<'units' | 'terminals' | 'applications' | 'internetExitUnits', boolean>> {
  const any = (value: number | null, { before }: Growth) => (value ?? 0) > 0 || (before ?? 0) > 0;
  return {
    units: any(units, growth.units),
    terminals: terminals !== null,
    applications: any(applications, growth.applications),
    // Only units with a name say whether they use it.
    internetExitUnits: namedUnits > 0 || any(null, growth.internetExitUnits),
  };
}

/** Whether anything at all is connected or reported. */
export function isEmpty({ withCorps, total }: Pick<Coverage, 'withCorps' | 'total'>): boolean {
  const levels = Object.values(withCorps);
  return levels.every(({ connected }) => connected === 0) && total.units === 0 && total.applications === 0 && (total.terminals ?? 0) === 0;
}
