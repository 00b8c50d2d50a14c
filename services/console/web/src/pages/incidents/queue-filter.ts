/** Which incidents the queue shows and in which order: what the address says, what is asked of the API, what is left to sort out here. */
import type { IncidentKind, IncidentSummary } from '@beacontower/contracts';

export const QUEUE_STATES = ['active', 'open', 'acknowledged', 'resolved', 'closed', 'all'] as const;
export const QUEUE_OWNERS = ['all', 'mine', 'unassigned', 'offered'] as const;
export const QUEUE_ORDERS = ['urgency', 'newest', 'oldest'] as const;
export const QUEUE_SEVERITIES = ['critical', 'major', 'minor', 'warning'] as const satisfies readonly IncidentSummary['severity'][];
export const QUEUE_KINDS = ['outage', 'early-warning', 'condition', 'flapping', 'link'] as const satisfies readonly IncidentKind[];

/** What somebody chose to see. */
export interface QueueFilter {
  readonly state: (typeof QUEUE_STATES)[number];
  readonly owner: (typeof QUEUE_OWNERS)[number];
  readonly severity: IncidentSummary['severity'] | null;
  readonly kind: IncidentKind | null;
  readonly division: string | null;
  readonly q: string;
  readonly order: (typeof QUEUE_ORDERS)[number];
  /** Also those that are worked on in another. */
  readonly merged: boolean;
}

export const NO_FILTER: QueueFilter = {
  state: 'active',
  owner: 'all',
  severity: null,
  kind: null,
  division: null,
  q: '',
  order: 'urgency',
  merged: false,
};

function oneOf<T extends string>(values: readonly T[], text: string | null): T | null {
  return values.find((value) => value === text) ?? null;
}

/** The filter that an address asks for; what it asks for in words of its own is left out. */
export function filterOf(parameters: URLSearchParams): QueueFilter {
  const division = parameters.get('division');
  return {
    state: oneOf(QUEUE_STATES, parameters.get('state')) ?? NO_FILTER.state,
    owner: oneOf(QUEUE_OWNERS, parameters.get('owner')) ?? NO_FILTER.owner,
    severity: oneOf(QUEUE_SEVERITIES, parameters.get('severity')),
    kind: oneOf(QUEUE_KINDS, parameters.get('kind')),
    division: division !== null && /^[\w-]+(\.[\w-]+)*$/.test(division) ? division : null,
    q: (parameters.get('q') ?? '').slice(0, 100),
    order: oneOf(QUEUE_ORDERS, parameters.get('order')) ?? NO_FILTER.order,
    merged: parameters.get('merged') === '1',
  };
}

/** The address that asks for the filter: only what differs from how the queue is without one. */
export function addressOf(filter: QueueFilter): URLSearchParams {
  const parameters = new URLSearchParams();
  for (const key of ['state', 'owner', 'severity', 'kind', 'division', 'q', 'order'] as const) {
    const value = filter[key];
    if (value !== null && value !== '' && value !== NO_FILTER[key]) parameters.set(key, value);
  }
  if (filter.merged) parameters.set('merged', '1');
  return parameters;
}

/** What of the filter the API answers. `name`: the account that looks. */
export function questionOf(filter: QueueFilter, name: string): Readonly<Record<string, string | undefined>> {
  const { state, owner, severity, kind, division, q } = filter;
  return {
    active: state === 'active' ? 'true' : undefined,
    state: state === 'active' || state === 'all' ? undefined : state,
    severity: severity ?? undefined,
    kind: kind ?? undefined,
    division: division ?? undefined,
    q: q.trim() === '' ? undefined : q.trim(),
    unassigned: owner === 'unassigned' ? 'true' : undefined,
    // Of those under way all are here anyway, and somebody may own one by the name of a contact.
    owner: owner === 'mine' && state !== 'active' ? name : undefined,
  };
}

/** The rows to show, in order. `me`: every name by which the one who looks may be called. */
export function rowsOf(incidents: readonly IncidentSummary[], filter: QueueFilter, me: ReadonlySet<string>): IncidentSummary[] {
  const shown = incidents.filter((incident) => isShown(incident, filter, me));
  if (filter.order === 'newest') return shown.sort((a, b) => b.number - a.number);
  if (filter.order === 'oldest') return shown.sort((a, b) => a.startedAt.localeCompare(b.startedAt) || a.number - b.number);
  return shown.sort(moreUrgent);
}

// A live event may have changed what the API was asked for, so what it answered is looked at again.
function isShown(incident: IncidentSummary, { state, owner, severity, kind, merged }: QueueFilter, me: ReadonlySet<string>): boolean {
  const underWay = incident.state === 'open' || incident.state === 'acknowledged';
  if (state === 'active' ? !underWay : state !== 'all' && incident.state !== state) return false;
  if (owner === 'mine' && (incident.owner === null || !me.has(incident.owner))) return false;
  if (owner === 'unassigned' && incident.owner !== null) return false;
  if (owner === 'offered' && (incident.pendingOwner === null || !me.has(incident.pendingOwner))) return false;
  if (severity !== null && incident.severity !== severity) return false;
  if (kind !== null && incident.kind !== kind) return false;
  return merged || incident.mergedInto === null;
}

const STATE_RANK: Readonly<Record<IncidentSummary['state'], number>> = { open: 0, acknowledged: 0, resolved: 1, closed: 2 };

/** What is under way first; of that the worse, of like ones what nobody has, then what has lasted longest. What is over: the latest first. */
function moreUrgent(a: IncidentSummary, b: IncidentSummary): number {
  const byState = STATE_RANK[a.state] - STATE_RANK[b.state];
  if (byState !== 0) return byState;
  if (STATE_RANK[a.state] > 0) return b.number - a.number;
  return (
    QUEUE_SEVERITIES.indexOf(a.severity) - QUEUE_SEVERITIES.indexOf(b.severity) ||
    Number(a.owner !== null) - Number(b.owner !== null) ||
    a.startedAt.localeCompare(b.startedAt) ||
    a.number - b.number
  );
}

/** How many of the list were merged into each. */
export function mergedCounts(incidents: readonly IncidentSummary[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { mergedInto } of incidents) if (mergedInto !== null) counts.set(mergedInto, (counts.get(mergedInto) ?? 0) + 1);
  return counts;
}

/** The row to go to from `current` (an id, null: none) by `step` rows; the first or last one when there is none. */
export function neighbour(rows: readonly { readonly id: string }[], current: string | null, step: 1 | -1): string | null {
  const at = rows.findIndex(({ id }) => id === current);
  if (at === -1) return (step === 1 ? rows[0] : rows.at(-1))?.id ?? null;
  return rows[Math.min(rows.length - 1, Math.max(0, at + step))]?.id ?? null;
}

/** Which row takes the place of one that has gone: the one that now stands where it stood. */
export function heir(before: readonly string[], after: readonly string[], gone: string | null): string | null {
  if (gone === null) return null;
  if (after.includes(gone)) return gone;
  const at = before.indexOf(gone);
  if (at === -1) return after[0] ?? null;
  const still = before.slice(at + 1).find((id) => after.includes(id));
  return still ?? after.at(-1) ?? null;
}
