import type { Moment } from './ip.ts';
import type { LabObject } from './plan.ts';

/** One change made to the network: the truth that a watcher's record is held against. */
export interface LabEvent {
  readonly link: string;
  readonly family: 4 | 6;
  readonly action: 'cut' | 'restore';
  readonly moment: Moment;
}

/** A time the object did not answer; each edge lies between two moments. `end` null: it still lasts. */
export interface TrueOutage {
  readonly start: Moment;
  readonly end: Moment | null;
}

function reachable(object: LabObject, cut: ReadonlySet<string>): boolean {
  return object.paths.some((path) => path.every((link) => !cut.has(link)));
}

/**
 * The outages of an object, in order, by the events of the lab (which are in order of time): when it answered in none of
 * `families`. An object that serves over any family is out only while both are.
 */
export function trueOutages(object: LabObject, families: readonly (4 | 6)[], events: readonly LabEvent[]): TrueOutage[] {
  const cut = { 4: new Set<string>(), 6: new Set<string>() };
  const outages: TrueOutage[] = [];
  let start: Moment | null = null;
  for (const event of events) {
    if (event.action === 'cut') cut[event.family].add(event.link);
    else cut[event.family].delete(event.link);
    const up = families.some((family) => reachable(object, cut[family]));
    if (!up && start === null) start = event.moment;
    if (up && start !== null) {
      outages.push({ start, end: event.moment });
      start = null;
    }
  }
  if (start !== null) outages.push({ start, end: null });
  return outages;
}

/** How long the outages lasted within `[from, to)`, milliseconds: the truth lies in `[least, most]`. */
export function downtime(outages: readonly TrueOutage[], from: number, to: number): { least: number; most: number } {
  const within = (start: number, end: number) => Math.max(0, Math.min(end, to) - Math.max(start, from));
  let least = 0;
  let most = 0;
  for (const { start, end } of outages) {
    least += within(start.after, end === null ? to : end.before);
    most += within(start.before, end === null ? to : end.after);
  }
  return { least, most };
}
