/** The sums of each local day that is over, for the node above to hold its own against. */
import type { LogEntry } from '@beacontower/contracts';
import { type Building, type Database, readNodesTold, readRollups, type UplinkChain } from '@beacontower/database';
import { addDays, localDate, startOfLocalDate } from '@beacontower/domain';
import type { Said } from '../protocol/chain.ts';

export interface RolledUp {
  readonly said: readonly Said[];
  readonly building: Building;
  readonly rolledUpTo: string | null;
}

interface Context {
  readonly node: string;
  readonly division: string;
  readonly entries: readonly LogEntry[];
  /** What these entries came to in lines. */
  readonly lines: readonly Said[];
  readonly now: number;
}

/** A day that was summed beside the passes, and what it came to. */
interface Summing {
  readonly date: string;
  done: readonly Said[] | null;
  /** Something else was learned of the day meanwhile. */
  isStale: boolean;
}

const LOOK_MS = 30_000;
/** How many days before are said at first, and said again when something else is known of them. */
const DAYS_BACK = 31;

/** Sums days beside the builder's passes: a line that waits for a sum of ten thousand objects would come late. */
export class Rollups {
  readonly #database: Database;
  readonly #onFailure: (error: unknown) => void;
  #summing: Summing | null = null;
  #timeZone: string | null = null;
  #lookedAt = 0;

  constructor(database: Database, onFailure: (error: unknown) => void) {
    this.#database = database;
    this.#onFailure = onFailure;
  }

  /** Another process had the lease meanwhile, and may have said the day that is being summed. */
  forget(): void {
    this.#summing = null;
    this.#lookedAt = 0;
  }

  /** What is to be said of days now, and which are to be summed again. */
  async next(chain: UplinkChain, building: Building, context: Context): Promise<RolledUp> {
    const { now, entries, lines } = context;
    const zone = await this.#zoneOf(context);
    const rolledUpTo = chain.rolledUpTo ?? addDays(localDate(now, zone), -8);
    const learned = daysOf([...revisedSpans(entries), ...statedSpans(lines)], zone, rolledUpTo);
    const dirty = new Set([...(building.days ?? []), ...learned]);
    const said = this.#take(learned);
    let rolled = rolledUpTo;
    if (said !== null) {
      dirty.delete(said.date);
      if (said.date > rolled) rolled = said.date;
    }
    if (this.#summing === null && (said !== null || now - this.#lookedAt >= LOOK_MS)) {
      this.#lookedAt = now;
      const due = dueDay(rolled, dirty, zone, building, context.node);
      if (due !== null) this.#sum(due, zone, context);
    }
    const days = [...dirty].sort();
    return {
      said: said?.said ?? [],
      building: days.length === 0 ? withoutDays(building) : { ...building, days },
      rolledUpTo: rolled,
    };
  }

  // The database holds the zone for as long as it runs; a change of it comes with the next start.
  async #zoneOf({ node, division }: Context): Promise<string> {
    this.#timeZone ??= (await readNodesTold(this.#database, node, division))[0]?.timeZone ?? 'UTC';
    return this.#timeZone;
  }

  #take(learned: readonly string[]): { readonly date: string; readonly said: readonly Said[] } | null {
    const summing = this.#summing;
    if (summing === null) return null;
    if (learned.includes(summing.date)) summing.isStale = true;
    if (summing.done === null) return null;
    this.#summing = null;
    return summing.isStale ? null : { date: summing.date, said: summing.done };
  }

  #sum(date: string, timeZone: string, { division, now }: Context): void {
    const summing: Summing = { date, done: null, isStale: false };
    this.#summing = summing;
    const eventAt = startOfLocalDate(addDays(date, 1), timeZone);
    readRollups(this.#database, { date, timeZone, division, nodes: null, now }).then(
      (rollups) => {
        summing.done = rollups.map((payload): Said => ({ kind: 'rollup', eventAt, recordedAt: now, payload }));
      },
      (error: unknown) => {
        if (this.#summing === summing) this.#summing = null;
        this.#onFailure(error);
      },
    );
  }
}

function withoutDays({ days: _days, ...building }: Building): Building {
  return building;
}

/** Over `[from, to)`; null: until now. Epoch ms. */
interface Span {
  readonly from: number;
  readonly to: number | null;
}

const revisedSpans = (entries: readonly LogEntry[]): Span[] =>
  entries.flatMap((entry) => (entry.kind === 'revised' && entry.body.from !== null ? [{ from: entry.body.from, to: entry.body.to }] : []));

/** Planned work and restatements change the sums of days that were said before, by a word of today. */
const statedSpans = (lines: readonly Said[]): Span[] =>
  lines.flatMap(({ kind, payload }) =>
    kind === 'maintenance' || kind === 'reclassification' ? [{ from: payload.startsAt, to: payload.endsAt }] : [],
  );

/** Days said before of which something else is known over these spans. */
function daysOf(spans: readonly Span[], zone: string, rolledUpTo: string): string[] {
  const days = new Set<string>();
  const first = addDays(rolledUpTo, -DAYS_BACK);
  for (const span of spans) {
    const last = span.to === null ? rolledUpTo : localDate(span.to, zone);
    const from = localDate(span.from, zone);
    const [begin = first] = [from, first].sort().slice(-1);
    for (let day = begin; day <= last && day <= rolledUpTo; day = addDays(day, 1)) days.add(day);
  }
  return [...days];
}

/** The next day that is over for all that was judged; days said before come after it. */
function dueDay(rolledUpTo: string, dirty: ReadonlySet<string>, zone: string, { observed }: Building, node: string): string | null {
  const until = observed?.nodes.find((each) => each.node === node)?.until;
  const known = until === undefined ? 0 : Math.min(until.all, until.composed);
  const next = addDays(rolledUpTo, 1);
  if (known >= startOfLocalDate(addDays(next, 1), zone)) return next;
  return [...dirty].sort()[0] ?? null;
}
