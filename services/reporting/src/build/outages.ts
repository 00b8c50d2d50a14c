import { causeCategoryOf } from '@beacontower/contracts';
import {
  type IncidentOfObject,
  readIncidentsOfObjects,
  readJudged,
  readReclassifications,
  readTimelineInputs,
} from '@beacontower/database';
import {
  type Charge,
  type ChargedOutage,
  chargeOutages,
  divisionCovers,
  type Interval,
  intersect,
  length,
  objectsCover,
  outagesOf,
  subtract,
  type TimelineInput,
  union,
} from '@beacontower/domain';
import type { BuildContext } from './context.ts';
import { Top } from './top.ts';

/** Objects whose outages are looked at together: memory holds their transitions and no others. */
const BATCH = 500;
const MOST_OUTAGES = 50;

/** What is to be known of an object whose outages are looked at. */
export interface DownObject {
  readonly id: string;
  readonly division: string;
  readonly party: string | null;
}

/** An outage of the period with what it counts for, ms. */
export interface CountedOutage extends ChargedOutage {
  readonly object: DownObject;
  readonly countedMs: number;
  readonly ongoing: boolean;
  readonly category: string | null;
  readonly number: number | null;
}

/** A share of the downtime. */
export interface Share {
  outages: number;
  downMs: number;
}

/** What the outages of an objective come to. Their counted time adds up to the downtime of the figure. */
export interface OutageSums {
  readonly longest: readonly CountedOutage[];
  readonly total: number;
  /** By category of cause, and by charged party; null: nobody said, nobody is named. */
  readonly causes: ReadonlyMap<string | null, Share>;
  readonly parties: ReadonlyMap<string | null, Share>;
  /** Per object: how many, and the longest (as `downMs`). */
  readonly objects: ReadonlyMap<string, Share>;
}

/**
 * Looks at every outage of the objects in `[from, to)`, some hundred objects at a time, so that memory stays bounded whatever
 * their number. `tell` is told how far it is, 0 to 1.
 */
export async function sumOutages(
  { database, now }: Pick<BuildContext, 'database' | 'now'>,
  objects: readonly DownObject[],
  period: Interval,
  tell: (done: number) => Promise<void>,
): Promise<OutageSums> {
  const sums = new Sums();
  const judged = await readJudged(database, now);
  const charges = (await readReclassifications(database, period.from, period.to)).filter(({ effect }) => effect === 'charge');
  for (let at = 0; at < objects.length; at += BATCH) {
    await tell(at / objects.length);
    const batch = objects.slice(at, at + BATCH);
    const ids = batch.map(({ id }) => id);
    const [inputs, incidents] = await Promise.all([
      readTimelineInputs(database, ids, period, judged),
      readIncidentsOfObjects(database, ids, period.from, period.to),
    ]);
    for (const object of batch) {
      const input = inputs.get(object.id);
      if (input) for (const outage of outagesIn(object, input, incidents.get(object.id) ?? [], charges)) sums.add(outage);
    }
  }
  return sums;
}

function* outagesIn(
  object: DownObject,
  input: TimelineInput,
  incidents: readonly IncidentOfObject[],
  charges: readonly {
    id: string;
    objects: readonly string[];
    divisions: readonly string[];
    startsAt: number;
    endsAt: number;
    party: string | null;
  }[],
): Generator<CountedOutage> {
  const own = charges.flatMap(({ id, objects, divisions, startsAt, endsAt, party }): Charge[] => {
    const covers = objectsCover(objects, object.id) || divisions.some((division) => divisionCovers(division, object.division));
    return covers && party !== null ? [{ reclassification: id, from: startsAt, to: endsAt, party }] : [];
  });
  const counted = countedSpans(input);
  for (const outage of chargeOutages(outagesOf(input), incidents, own, object.party)) {
    const countedMs = length(intersect([{ from: outage.from, to: outage.to }], counted));
    if (countedMs === 0) continue;
    const incident = incidents.find((each) => each.incident === outage.incident);
    const ongoing = outage.to >= Math.min(input.judgedUntil, input.to);
    yield { ...outage, object, countedMs, ongoing, category: categoryOf(incident), number: incident?.number ?? null };
  }
}

/** By its code, however it was written: what was imported or closed before there were codes adds up with the rest. */
function categoryOf(incident: IncidentOfObject | undefined): string | null {
  const category = incident?.category ?? null;
  return category === null ? null : (causeCategoryOf(category) ?? category);
}

/** The time of the period in which down counts as down: in commission, judged, and neither planned work nor outside the calendar. */
function countedSpans(input: TimelineInput): Interval[] {
  const period = [{ from: input.from, to: Math.min(input.to, input.judgedUntil) }];
  const excluded = union([...input.exclusions, ...(input.uncounted ?? [])]);
  return subtract(intersect(union(input.validity), period), excluded);
}

class Sums implements OutageSums {
  readonly causes = new Map<string | null, Share>();
  readonly parties = new Map<string | null, Share>();
  readonly objects = new Map<string, Share>();
  readonly #longest = new Top<CountedOutage>(MOST_OUTAGES, (a, b) => b.countedMs - a.countedMs || a.from - b.from);
  total = 0;

  get longest(): readonly CountedOutage[] {
    return this.#longest.items();
  }

  add(outage: CountedOutage): void {
    const { category, party, object, countedMs } = outage;
    this.total += 1;
    this.#longest.add(outage);
    share(this.causes, category, countedMs);
    share(this.parties, party, countedMs);
    const own = this.objects.get(object.id) ?? { outages: 0, downMs: 0 };
    this.objects.set(object.id, { outages: own.outages + 1, downMs: Math.max(own.downMs, countedMs) });
  }
}

function share(shares: Map<string | null, Share>, key: string | null, downMs: number): void {
  const before = shares.get(key) ?? { outages: 0, downMs: 0 };
  shares.set(key, { outages: before.outages + 1, downMs: before.downMs + downMs });
}
