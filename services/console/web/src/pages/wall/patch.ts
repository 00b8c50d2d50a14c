import type { IncidentSummary, LiveEvent, Wall } from '@beacontower/contracts';
import type { Named } from '../../i18n/name-of.ts';

type IncidentEvent = Extract<LiveEvent, { type: 'incident' }>;
type StateEvent = Extract<LiveEvent, { type: 'state' }>;

/**
 * What a live event changes on the wall at once; the wall is read again soon after, for what an event does not carry (names, owners, the
 * state of a tile). The same wall when it changes nothing, or is in it already.
 */
export function patchWall(wall: Wall, event: LiveEvent): Wall {
  if (event.sequence <= wall.sequence) return wall;
  if (event.type === 'incident') return patchIncident(wall, event);
  if (event.type === 'state') return patchState(wall, event);
  return wall;
}

function patchState(wall: Wall, { object, to, latest }: StateEvent): Wall {
  const circuit = wall.circuits.find(({ id, state }) => id === object && state !== to);
  if (circuit === undefined) return wall;
  return {
    ...wall,
    circuits: wall.circuits.map((one) => (one === circuit ? { ...one, state: to, since: latest } : one)),
    // Whether a tile is well again is for the node to say; that it is not is known at once.
    tiles: to === 'up' ? wall.tiles : wall.tiles.map((tile) => (lies(circuit.division, tile) ? troubled(tile, to, latest) : tile)),
  };
}

function troubled(tile: Wall['tiles'][number], to: 'degraded' | 'down' | 'unknown', since: string): Wall['tiles'][number] {
  return tile.state === 'up' ? { ...tile, state: 'degraded', reason: `objects-${to}`, since } : tile;
}

function lies(division: string, tile: Wall['tiles'][number]): boolean {
  return division === tile.division || division.startsWith(`${tile.division}.`);
}

function patchIncident(wall: Wall, event: IncidentEvent): Wall {
  const known = wall.incidents.first.find(({ id }) => id === event.incident);
  if (known === undefined) return event.change === 'opened' ? withOpened(wall, event) : wall;
  const over = event.state === 'resolved' || event.state === 'closed' || event.change === 'merged';
  const changed = over ? null : changedBy(known, event);
  const first = wall.incidents.first.flatMap((incident) => (incident.id !== known.id ? [incident] : changed === null ? [] : [changed]));
  const bySeverity = { ...wall.incidents.bySeverity };
  bySeverity[known.severity] = Math.max(0, bySeverity[known.severity] - 1);
  if (changed !== null) bySeverity[changed.severity] += 1;
  const unacknowledged = wall.incidents.unacknowledged - waits(known) + (changed === null ? 0 : waits(changed));
  return {
    ...wall,
    incidents: { ...wall.incidents, bySeverity, unacknowledged: Math.max(0, unacknowledged), first },
    tiles: wall.tiles.map((tile) => (tile.worst?.id === known.id ? { ...tile, worst: changed } : tile)),
  };
}

/** One that nobody here knows yet: shown by what its event says of it until the wall is read again. */
function withOpened(wall: Wall, event: IncidentEvent): Wall {
  const circuit = wall.circuits.find(({ id }) => id === event.cause);
  const named = circuit ?? { name: event.cause.slice(event.cause.indexOf(':') + 1), nameEn: null };
  const incident = provisional(event, named, circuit?.division ?? '');
  const { bySeverity, unacknowledged, first } = wall.incidents;
  return {
    ...wall,
    incidents: {
      bySeverity: { ...bySeverity, [event.severity]: bySeverity[event.severity] + 1 },
      unacknowledged: unacknowledged + 1,
      first: [...first, incident],
    },
    tiles: wall.tiles.map((tile) => (tile.worst === null && lies(incident.division, tile) ? { ...tile, worst: incident } : tile)),
  };
}

function provisional(
  { incident, number, at, severity, cause, kind }: IncidentEvent,
  { name, nameEn }: Named,
  division: string,
): IncidentSummary {
  const nothing = {
    objective: null,
    condition: null,
    party: null,
    acknowledgedAt: null,
    resolvedAt: null,
    closedAt: null,
    respondBy: null,
    repairBy: null,
    owner: null,
    firstReceiver: null,
    pendingOwner: null,
    causeCategory: null,
    chargedParty: null,
    mergedInto: null,
  };
  const times = { startedAt: at, startedEarliest: at, startedLatest: at, openedAt: at };
  const head = {
    id: incident,
    number,
    kind: kind ?? 'outage',
    state: 'open',
    severity,
    title: name,
    titles: { zh: name, en: nameEn ?? name },
    cause,
    division,
    class: 'other',
  } as const;
  const own = { home: null, taken: true, offeredFrom: null, mayAsk: { above: false, below: [] } };
  return { ...head, ...times, ...nothing, ...own, affected: 1, revision: 0 };
}

function changedBy(incident: IncidentSummary, { state, severity, change, at }: IncidentEvent): IncidentSummary {
  const acknowledgedAt = change === 'acknowledged' ? (incident.acknowledgedAt ?? at) : incident.acknowledgedAt;
  return { ...incident, state, severity, acknowledgedAt, taken: incident.taken || change === 'taken' };
}

// What this tier is only told of waits for nobody here.
function waits({ state, taken }: IncidentSummary): number {
  return taken && state === 'open' ? 1 : 0;
}
