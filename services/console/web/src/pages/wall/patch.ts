import type { IncidentSummary, LiveEvent, Wall } from '@beacontower/contracts';

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
  if (!wall.circuits.some(({ id, state }) => id === object && state !== to)) return wall;
  return {
    ...wall,
    circuits: wall.circuits.map((circuit) => (circuit.id === object ? { ...circuit, state: to, since: latest } : circuit)),
  };
}

function patchIncident(wall: Wall, event: IncidentEvent): Wall {
  const known = wall.incidents.first.find(({ id }) => id === event.incident);
  if (known === undefined) return wall;
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

function changedBy(incident: IncidentSummary, { state, severity, change, at }: IncidentEvent): IncidentSummary {
  const acknowledgedAt = change === 'acknowledged' ? (incident.acknowledgedAt ?? at) : incident.acknowledgedAt;
  return { ...incident, state, severity, acknowledgedAt };
}

function waits({ state }: IncidentSummary): number {
  return state === 'open' ? 1 : 0;
}
