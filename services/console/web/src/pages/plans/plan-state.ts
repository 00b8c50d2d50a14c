/** Where planned work and silences stand at a moment. */
import type { Maintenance, Silence } from '@beacontower/contracts';

export const MAINTENANCE_STANDS = ['cancelled', 'over', 'under-way', 'under-way-unapproved', 'planned', 'to-approve'] as const;
export type MaintenanceStand = (typeof MAINTENANCE_STANDS)[number];

/** `now`: epoch ms. */
export function standOfMaintenance(
  plan: Pick<Maintenance, 'startsAt' | 'endsAt' | 'approvedAt' | 'cancelledAt'>,
  now: number,
): MaintenanceStand {
  if (plan.cancelledAt !== null) return 'cancelled';
  if (Date.parse(plan.endsAt) <= now) return 'over';
  const approved = plan.approvedAt !== null;
  if (Date.parse(plan.startsAt) <= now) return approved ? 'under-way' : 'under-way-unapproved';
  return approved ? 'planned' : 'to-approve';
}

export const SILENCE_STANDS = ['ended', 'over', 'silencing', 'to-come'] as const;
export type SilenceStand = (typeof SILENCE_STANDS)[number];

/** `now`: epoch ms. */
export function standOfSilence({ startsAt, endsAt, endedAt }: Pick<Silence, 'startsAt' | 'endsAt' | 'endedAt'>, now: number): SilenceStand {
  if (endedAt !== null && Date.parse(endedAt) <= now) return 'ended';
  if (Date.parse(endsAt) <= now) return 'over';
  return Date.parse(startsAt) <= now ? 'silencing' : 'to-come';
}
