import type { Maintenance } from '@beacontower/contracts';

/** Where planned work stands at a moment (epoch ms). */
export function planState(
  { startsAt, endsAt, approvedAt, cancelledAt }: Pick<Maintenance, 'startsAt' | 'endsAt' | 'approvedAt' | 'cancelledAt'>,
  now: number,
): 'cancelled' | 'unapproved' | 'underWay' | 'coming' | 'over' {
  if (cancelledAt !== null) return 'cancelled';
  if (now >= Date.parse(endsAt)) return 'over';
  if (approvedAt === null) return 'unapproved';
  return now < Date.parse(startsAt) ? 'coming' : 'underWay';
}
