import { INDEX_FLAGS } from '@beacontower/contracts';
import { type Believed, believes, type KnownObject, type MaintenanceCover, type Scope, scopeCovers } from '@beacontower/database';
import { OBJECT_CLASSES, OBJECT_KINDS, STATES } from '@beacontower/domain';

const MOST_OBJECTS = 200_000;
const KINDS = placesOf(OBJECT_KINDS);
const CLASSES = placesOf(OBJECT_CLASSES);
const STATE_PLACES = placesOf(STATES);

/** The state of affairs an index is of. */
export interface IndexFacts {
  readonly sequence: number;
  readonly inventoryVersion: number;
  readonly maintenance: readonly MaintenanceCover[];
  /** Objects of nodes that are not heard are unknown. */
  readonly believed: Believed;
}

/** The JSON of an `ObjectIndex`: every object of the scope, in no order; of more than 200,000 some, and `total` counts all. */
export function writeIndex(objects: Iterable<KnownObject>, scope: Scope, facts: IndexFacts): string {
  const { sequence, inventoryVersion, maintenance, believed } = facts;
  const divisions = new ShownDivisions(scope, maintenance);
  const columns = new Columns(new Set(maintenance.flatMap((cover) => cover.objects)), believed);
  let total = 0;
  for (const object of objects) {
    const division = divisions.of(object.division);
    if (division.place === -1) continue;
    total++;
    if (total <= MOST_OBJECTS) columns.add(object, division);
  }
  const names = { kinds: OBJECT_KINDS, classes: OBJECT_CLASSES, states: STATES, divisions: divisions.shown };
  return JSON.stringify({ sequence, inventoryVersion, total, truncated: total > MOST_OBJECTS, ...names, ...columns.values });
}

interface Division {
  /** Among those shown; -1 when the caller may not see it. */
  readonly place: number;
  readonly maintained: boolean;
}

/** The divisions of the objects, each looked at once. */
class ShownDivisions {
  readonly shown: string[] = [];
  readonly #scope: Scope;
  readonly #maintenance: readonly MaintenanceCover[];
  readonly #seen = new Map<string, Division>();

  constructor(scope: Scope, maintenance: readonly MaintenanceCover[]) {
    this.#scope = scope;
    this.#maintenance = maintenance;
  }

  of(division: string): Division {
    const known = this.#seen.get(division);
    if (known !== undefined) return known;
    const place = scopeCovers(this.#scope, division) ? this.shown.push(division) - 1 : -1;
    const seen = { place, maintained: this.#maintenance.some((cover) => scopeCovers(cover.divisions, division)) };
    this.#seen.set(division, seen);
    return seen;
  }
}

class Columns {
  readonly values = {
    id: [] as string[],
    name: [] as string[],
    nameEn: [] as (string | null)[],
    kind: [] as (number | undefined)[],
    class: [] as (number | undefined)[],
    division: [] as number[],
    state: [] as (number | undefined)[],
    since: [] as (number | null)[],
    flags: [] as number[],
  };
  readonly #worked: ReadonlySet<string>;
  readonly #believed: Believed;

  constructor(worked: ReadonlySet<string>, believed: Believed) {
    this.#worked = worked;
    this.#believed = believed;
  }

  add(object: KnownObject, { place, maintained }: Division): void {
    const { values } = this;
    values.id.push(object.id);
    values.name.push(object.name);
    values.nameEn.push(object.nameEn);
    values.kind.push(KINDS.get(object.kind));
    values.class.push(CLASSES.get(object.class));
    values.division.push(place);
    const silentSince = object.node === null ? null : believes(this.#believed, object);
    values.state.push(STATE_PLACES.get(silentSince === null ? object.state : 'unknown'));
    values.since.push(silentSince ?? object.since);
    const covered = maintained || (this.#worked.size > 0 && isWorkedOn(this.#worked, object.id));
    const about = (covered ? INDEX_FLAGS.maintenance : 0) + (object.quiet ? INDEX_FLAGS.quiet : 0);
    values.flags.push(about + (silentSince === null ? 0 : INDEX_FLAGS.unobserved));
  }
}

// Work on a device is work on its interfaces, whose ids begin with its own and a slash.
function isWorkedOn(worked: ReadonlySet<string>, id: string): boolean {
  if (worked.has(id)) return true;
  const slash = id.indexOf('/');
  return slash !== -1 && worked.has(id.slice(0, slash));
}

function placesOf(values: readonly string[]): ReadonlyMap<string, number> {
  return new Map(values.map((value, place) => [value, place]));
}
