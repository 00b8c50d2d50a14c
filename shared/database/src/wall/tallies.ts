import { mergeTallies, NO_TALLIES, partitionOf, type State, type StateTallies } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from '../queries/conditions.ts';
import { CURRENT_OBJECTS, QUIET } from '../queries/objects.ts';
import { type Believed, believes } from './believed.ts';

/** The objects of one division: its landing devices, what carries the network beside them, and all else. Quiet ones are in none. */
export interface DivisionTallies {
  readonly landing: StateTallies;
  readonly carrying: StateTallies;
  readonly others: StateTallies;
}

export const NO_DIVISION: DivisionTallies = { landing: NO_TALLIES, carrying: NO_TALLIES, others: NO_TALLIES };

type Part = keyof DivisionTallies;

/** Attribute `role` of the device by which the backbone reaches a province. */
const LANDING_ROLE = 'landing';

const PART = `CASE WHEN i.kind = 'device' AND i.role = '${LANDING_ROLE}' THEN 'landing'
  WHEN i.class IN ('backbone', 'internet-exit') THEN 'carrying' ELSE 'others' END`;

interface Row {
  division: string;
  part: Part;
  state: State;
  count: number;
  first: number | null;
  last: number | null;
}

/** How many objects of the scope are in which state, by their own divisions. What is not believed any more is unknown. */
export async function readTallies(db: Queryable, scope: Scope, believed: Believed): Promise<Map<string, DivisionTallies>> {
  const rows = believed.all ? await readSums(db, scope) : sumOf(await readEach(db, scope), believed);
  const divisions = new Map<string, DivisionTallies>();
  for (const { division, part, state, count, first, last } of rows) {
    const known = divisions.get(division) ?? NO_DIVISION;
    const more: StateTallies = { ...NO_TALLIES, [state]: { count, first, last } };
    divisions.set(division, { ...known, [part]: mergeTallies(known[part], more) });
  }
  return divisions;
}

async function readSums(db: Queryable, scope: Scope): Promise<Row[]> {
  const { from, values } = shown(scope);
  const { rows } = await db.query<Row>(
    `SELECT i.division, ${PART} AS part, coalesce(s.state, 'unknown') AS state, count(*) AS count, min(s.since) AS first, max(s.since) AS last
     ${from} GROUP BY 1, 2, 3`,
    values,
  );
  return rows;
}

interface EachRow {
  id: string;
  division: string;
  part: Part;
  pinged: boolean;
  state: State;
  since: number | null;
}

// Partitions are told from ids by the domain alone: with one of them behind each object is looked at.
async function readEach(db: Queryable, scope: Scope): Promise<EachRow[]> {
  const { from, values } = shown(scope);
  const { rows } = await db.query<EachRow>(
    `SELECT i.id, i.division, ${PART} AS part, coalesce(i.pinged, false) AS pinged, coalesce(s.state, 'unknown') AS state, s.since ${from}`,
    values,
  );
  return rows;
}

function sumOf(rows: readonly EachRow[], believed: Believed): Row[] {
  return rows.map(({ id, division, part, pinged, state, since }) => {
    const until = believes(believed, partitionOf(id, believed.partitions), pinged);
    return until === null
      ? { division, part, state, count: 1, first: since, last: since }
      : { division, part, state: 'unknown' as const, count: 1, first: until, last: until };
  });
}

function shown(scope: Scope): { from: string; values: unknown[] } {
  const where = new Conditions();
  where.add(CURRENT_OBJECTS);
  where.add(`NOT ${QUIET}`);
  where.within('i.division', scope);
  return {
    from: `FROM inventory i LEFT JOIN current_states s ON s.subject = i.id AND s.subject_kind = 'object' ${where}`,
    values: where.values,
  };
}
