import type { IncidentSummary, LiveEvent } from '@beacontower/contracts';

/** What may ring: an incident that calls for somebody at once. */
export interface Severe {
  readonly id: string;
  readonly severity: 'critical' | 'major';
}

/** Those of the incidents that ring; what has been acknowledged does not any more, nor what is no outage of anything yet, nor what another tier has. */
export function severeOf(incidents: readonly Pick<IncidentSummary, 'id' | 'severity' | 'state' | 'taken'>[]): readonly Severe[] {
  return incidents.flatMap(({ id, severity, state, taken }) =>
    taken && state === 'open' && (severity === 'critical' || severity === 'major') ? [{ id, severity }] : [],
  );
}

/** The same of a live event: opened, reopened, or grown severe. */
export function severeIn(event: LiveEvent): Severe | null {
  if (event.type !== 'incident' || event.state !== 'open') return null;
  if (event.severity !== 'critical' && event.severity !== 'major') return null;
  if (event.change !== 'opened' && event.change !== 'escalated' && event.change !== 'taken' && event.change !== 'reopened') return null;
  return { id: event.incident, severity: event.severity };
}

/** Which incidents have rung already: each does once at each severity, and none does that was there when the page came up. */
export class Bell {
  #rung: Map<string, 'critical' | 'major'> | null = null;

  /** The gravest of those that ring now; null: none does. */
  hear(severe: readonly Severe[]): Severe | null {
    if (this.#rung === null) {
      this.#rung = new Map(severe.map(({ id, severity }) => [id, severity]));
      return null;
    }
    const fresh = severe.filter(({ id, severity }) => {
      const before = this.#rung?.get(id);
      return before === undefined || (before === 'major' && severity === 'critical');
    });
    for (const { id, severity } of fresh) this.#rung.set(id, severity);
    return fresh.find(({ severity }) => severity === 'critical') ?? fresh[0] ?? null;
  }
}
