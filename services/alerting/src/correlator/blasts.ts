import type { BlastRadius } from '@beacontower/contracts';
import { blastRadiusOf, type Effect } from '@beacontower/domain';
import type { Directory } from '../directory.ts';
import { countBlast, type UnitLines, unitLinesOf } from './blast-count.ts';

interface Extent {
  readonly lost: Set<string>;
  readonly redundancy: Set<string>;
  /** What the record has: an inventory that has shrunk since does not make the outage smaller. */
  readonly recorded: BlastRadius | null;
}

/**
 * The blast radius of every outage under way: by the inventory when it opens, and whatever joins beside that. It only grows. What an earlier
 * incident has cut off already is not cut off again by a later one. In memory: made anew from the record like the rest.
 */
export class Blasts {
  #directory: Directory;
  #units: UnitLines;
  readonly #extents = new Map<string, Extent>();
  /** Object → the incident that cut it off last. */
  readonly #holders = new Map<string, string>();
  readonly #changed = new Set<string>();

  constructor(directory: Directory) {
    this.#directory = directory;
    this.#units = unitLinesOf(directory.objects);
  }

  useDirectory(directory: Directory): void {
    this.#directory = directory;
    this.#units = unitLinesOf(directory.objects);
  }

  /** Puts back an outage under way, oldest first. */
  restore(incident: string, cause: string, symptoms: Iterable<string>, recorded: BlastRadius | null): void {
    this.#open(incident, cause, recorded);
    for (const symptom of symptoms) this.#lose(incident, symptom);
    this.#changed.delete(incident);
  }

  /** Follows settled effects, and gives what is to be written about whom: once for each incident that has grown. */
  follow(effects: readonly Effect[], now: number): { incident: string; blast: BlastRadius }[] {
    // What is let go first: whoever opens in the same breath may have it.
    for (const effect of effects) {
      if (effect.effect === 'resolve') this.#close(effect.incident);
      else if (effect.effect === 'leave') for (const object of effect.objects) this.#release(effect.incident, object);
    }
    for (const effect of effects) {
      if (effect.effect === 'open' || effect.effect === 'escalate') {
        // Degraded: it serves, so nobody is cut off.
        if (effect.severity !== 'warning' && !this.#extents.has(effect.incident)) this.#open(effect.incident, effect.cause, null);
      } else if (effect.effect === 'join') {
        for (const object of effect.objects) this.#lose(effect.incident, object);
      }
    }
    const grown = [...this.#changed].flatMap((incident) => this.#count(incident, now));
    this.#changed.clear();
    for (const effect of effects) if (effect.effect === 'resolve') this.#close(effect.incident);
    return grown;
  }

  #open(incident: string, cause: string, recorded: BlastRadius | null): void {
    const { lost, redundancy } = blastRadiusOf(this.#directory.dependencies, new Set([cause]), (id) => this.#holders.has(id));
    this.#extents.set(incident, { lost: new Set(lost), redundancy: new Set(redundancy), recorded });
    for (const id of lost) this.#holders.set(id, incident);
    this.#changed.add(incident);
  }

  #lose(incident: string, object: string): void {
    const extent = this.#extents.get(incident);
    if (!extent) return;
    this.#holders.set(object, incident);
    if (extent.lost.has(object)) return;
    extent.lost.add(object);
    extent.redundancy.delete(object);
    this.#changed.add(incident);
  }

  #release(incident: string, object: string): void {
    if (this.#holders.get(object) === incident) this.#holders.delete(object);
  }

  #count(incident: string, now: number): { incident: string; blast: BlastRadius }[] {
    const extent = this.#extents.get(incident);
    if (!extent) return [];
    const known = { objects: this.#directory.objects, units: this.#units };
    const blast = countBlast(extent, known, (id) => this.#isGone(incident, id), now);
    if (extent.recorded !== null && !isGreater(blast, extent.recorded)) return [];
    return [{ incident, blast }];
  }

  #isGone(incident: string, id: string): boolean {
    const holder = this.#holders.get(id);
    return holder !== undefined && holder !== incident;
  }

  #close(incident: string): void {
    const extent = this.#extents.get(incident);
    if (!extent) return;
    for (const id of extent.lost) this.#release(incident, id);
    this.#extents.delete(incident);
  }
}

function isGreater(a: BlastRadius, b: BlastRadius): boolean {
  return a.lost.objects === b.lost.objects ? a.redundancy.objects > b.redundancy.objects : a.lost.objects > b.lost.objects;
}
