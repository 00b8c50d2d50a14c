import type { Outage } from './outages.ts';

/** An incident the object was affected by; `to` null while it lasts. */
export interface ChargingIncident {
  readonly incident: string;
  readonly from: number;
  readonly to: number | null;
  /** Id of the object that caused it. */
  readonly cause: string | null;
  /** The party it is charged to; null: nobody was named. */
  readonly party: string | null;
}

/** A reclassification `charge` that names the object: its outages in this span are charged to the party. */
export interface Charge {
  readonly reclassification: string;
  readonly from: number;
  readonly to: number;
  readonly party: string;
}

/** An outage and whom it is charged to, with what says so. */
export interface ChargedOutage extends Outage {
  /** Null when neither an incident nor the object names a party. */
  readonly party: string | null;
  readonly cause: string | null;
  readonly incident: string | null;
  readonly reclassification: string | null;
}

/**
 * Charges each outage once and whole (decision 0013): to the party of the reclassification it lies in most, else to the charged
 * party of the incident it lies in most, else to the object's own. Of two it lies in alike, the reclassification that comes later
 * in the list wins (as recorded), and the incident that began first.
 */
export function chargeOutages(
  outages: readonly Outage[],
  incidents: readonly ChargingIncident[],
  charges: readonly Charge[],
  ownParty: string | null,
): ChargedOutage[] {
  const byBeginning = [...incidents].sort((a, b) => a.from - b.from);
  const latestFirst = [...charges].reverse();
  return outages.map((outage) => {
    const incident = mostIn(outage, byBeginning);
    const charge = mostIn(outage, latestFirst);
    return {
      ...outage,
      party: charge?.party ?? incident?.party ?? ownParty,
      cause: incident?.cause ?? null,
      incident: incident?.incident ?? null,
      reclassification: charge?.reclassification ?? null,
    };
  });
}

/** The span that shares most time with the outage (by the estimate), the first of several alike; null when none shares any. */
function mostIn<T extends { readonly from: number; readonly to: number | null }>(outage: Outage, spans: readonly T[]): T | null {
  let best: T | null = null;
  let most = 0;
  for (const span of spans) {
    const shared = Math.min(outage.to, span.to ?? Number.POSITIVE_INFINITY) - Math.max(outage.from, span.from);
    if (shared > most) {
      best = span;
      most = shared;
    }
  }
  return best;
}
