import type { BlastRadius } from '@beacontower/contracts';
import type { MonitoredObject } from '@beacontower/domain';

/** Objects a blast radius names; it counts the others. */
const NAMED = 20;

/** The access lines of each unit: one that has two is cut off only when both are. */
export type UnitLines = ReadonlyMap<string, readonly string[]>;

export function unitLinesOf(objects: ReadonlyMap<string, MonitoredObject>): UnitLines {
  const lines = new Map<string, string[]>();
  for (const object of objects.values()) {
    const unit = unitOf(object);
    if (unit === null) continue;
    const list = lines.get(unit);
    if (list) list.push(object.id);
    else lines.set(unit, [object.id]);
  }
  return lines;
}

/** What is lost and what lost redundancy alone, in figures. `gone` says what other incidents have lost already. */
export function countBlast(
  blast: { readonly lost: ReadonlySet<string>; readonly redundancy: ReadonlySet<string> },
  known: { readonly objects: ReadonlyMap<string, MonitoredObject>; readonly units: UnitLines },
  gone: (id: string) => boolean,
  at: number,
): BlastRadius {
  const { lost, redundancy } = blast;
  const { objects, units } = known;
  const hit = unitsOf([...lost, ...redundancy], objects);
  const isLost = (unit: string) => (units.get(unit) ?? []).every((line) => lost.has(line) || gone(line));
  const cutOff = new Set([...unitsOf(lost, objects)].filter(isLost));
  return {
    at,
    lost: figures(lost, objects, cutOff.size),
    redundancy: figures(redundancy, objects, [...hit].filter((unit) => !cutOff.has(unit)).length),
  };
}

function figures(ids: ReadonlySet<string>, objects: ReadonlyMap<string, MonitoredObject>, units: number): BlastRadius['lost'] {
  const lines: string[] = [];
  const services: string[] = [];
  const others: string[] = [];
  for (const id of ids) {
    const object = objects.get(id);
    // Interfaces that nobody watches would be most of the number.
    if (!object || object.quiet) continue;
    if (unitOf(object) !== null) lines.push(id);
    else if (object.kind === 'service') services.push(id);
    else others.push(id);
  }
  const first = [lines, services, others].flatMap((list) => list.toSorted()).slice(0, NAMED);
  return { objects: lines.length + services.length + others.length, units, services: services.length, first };
}

function unitsOf(ids: Iterable<string>, objects: ReadonlyMap<string, MonitoredObject>): Set<string> {
  const units = new Set<string>();
  for (const id of ids) {
    const object = objects.get(id);
    const unit = object ? unitOf(object) : null;
    if (unit !== null) units.add(unit);
  }
  return units;
}

/** Units of one name in two divisions are two. */
function unitOf({ kind, division, attributes }: MonitoredObject): string | null {
  return kind === 'access-line' && attributes.unit !== undefined ? JSON.stringify([division, attributes.unit]) : null;
}
