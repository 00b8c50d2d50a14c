/** Sums of one local day by division and class: what a node says its day was, and what the node above holds against it. */
import type { RollupPayload } from '@beacontower/contracts';
import { addDays, startOfLocalDate } from '@beacontower/domain';
import { CountedTime } from '../accounting/calendars.ts';
import { accountsOf, readFacts } from '../accounting/facts.ts';
import { readJudged } from '../accounting/judged.ts';
import type { Queryable } from '../pool.ts';

/** Whose day is summed. */
export interface RollupQuery {
  /** The local date, and the zone it is one of. */
  readonly date: string;
  readonly timeZone: string;
  /** Objects that lay in this division, or below it, when they were last in commission that day. */
  readonly division: string;
  /** Only objects whose ids name one of these nodes; null: whatever node they belong to. */
  readonly nodes: readonly string[] | null;
  readonly now: number;
}

const OBJECTS = 2_000;
type Sums = { -readonly [K in keyof RollupPayload]: RollupPayload[K] };

/**
 * The sums (basis: experienced, all time counting) of the objects that were in commission at some time of the day, by the division and the class
 * that each had when it last was. In the order of divisions and classes.
 */
export async function readRollups(db: Queryable, query: RollupQuery): Promise<RollupPayload[]> {
  const { date, timeZone, division, nodes, now } = query;
  const span = { from: startOfLocalDate(date, timeZone), to: startOfLocalDate(addDays(date, 1), timeZone) };
  const { rows } = await db.query<{ id: string; division: string; class: RollupPayload['class'] }>(
    `SELECT id, division, class FROM (
       SELECT DISTINCT ON (id) id, division, class FROM inventory
       WHERE entity = 'object' AND superseded_at IS NULL AND valid_from < $2 AND (valid_to IS NULL OR valid_to > $1)
         AND ($4::text[] IS NULL OR split_part(id, ':', 1) = ANY ($4)) ORDER BY id, valid_from DESC) AS o
     WHERE $3 = '' OR division = $3 OR starts_with(division, $3 || '.') ORDER BY division, class, id`,
    [span.from, span.to, division, nodes],
  );
  const judged = await readJudged(db, now);
  const counted = new CountedTime([], timeZone, { from: span.from, to: span.from });
  const sums = new Map<string, Sums>();
  for (let index = 0; index < rows.length; index += OBJECTS) {
    const step = rows.slice(index, index + OBJECTS);
    const facts = await readFacts(
      db,
      step.map(({ id }) => id),
      span,
      judged,
    );
    for (const row of step) {
      const known = facts.get(row.id);
      if (known === undefined) continue;
      const { experienced } = accountsOf(known, span, counted);
      const key = `${row.division} ${row.class}`;
      const sum = sums.get(key) ?? { date, timeZone, division: row.division, class: row.class, ...NOTHING };
      sum.objects += 1;
      for (const field of FIELDS) sum[field] += experienced[field];
      sums.set(key, sum);
    }
  }
  return [...sums.values()];
}

const FIELDS = ['upMs', 'downMs', 'unknownMs', 'excludedMs', 'downLeastMs', 'downMostMs'] as const;
const NOTHING = { objects: 0, upMs: 0, downMs: 0, unknownMs: 0, excludedMs: 0, downLeastMs: 0, downMostMs: 0 };
