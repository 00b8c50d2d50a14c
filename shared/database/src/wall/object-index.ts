import { INDEX_FLAGS } from '@beacontower/contracts';
import { OBJECT_CLASSES, OBJECT_KINDS, STATES } from '@beacontower/domain';
import { inSnapshot } from '../figures/snapshot.ts';
import type { Database, Queryable } from '../pool.ts';
import { Conditions, type Scope } from '../queries/conditions.ts';
import type { MaintenanceCover } from '../queries/maintenance.ts';
import { CURRENT_OBJECTS, QUIET } from '../queries/objects.ts';

/** Columns of the index, each as the text of a JSON array, written by the database: parsed rows of 100,000 objects cost ten times as much. */
export interface IndexColumns {
  readonly total: number;
  readonly divisions: string;
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly class: string;
  readonly division: string;
  readonly state: string;
  readonly since: string;
  readonly flags: string;
}

/** Every object of the scope, in no order; of more than `limit` some, and `total` counts all. */
export function readIndexColumns(
  db: Database,
  scope: Scope,
  maintenance: readonly MaintenanceCover[],
  limit: number,
): Promise<IndexColumns> {
  // Its divisions are read first, and an object of one that is not among them would be lost.
  return inSnapshot(db, async (tx) => {
    const divisions = await readDivisions(tx, scope);
    const { text, values } = columnsQuery(scope, maintenance, divisions.names, limit);
    const { rows } = await tx.query<{ [K in keyof IndexColumns]: IndexColumns[K] }>(text, values);
    const [row] = rows;
    if (row === undefined) throw new TypeError('an aggregate gave no row');
    return { ...row, total: divisions.total, divisions: JSON.stringify(divisions.names) };
  });
}

async function readDivisions(tx: Queryable, scope: Scope): Promise<{ names: string[]; total: number }> {
  const where = shown(scope);
  const { rows } = await tx.query<{ division: string; count: number }>(
    `SELECT i.division, count(*) AS count FROM inventory i ${where} GROUP BY i.division ORDER BY i.division`,
    where.values,
  );
  return { names: rows.map(({ division }) => division), total: rows.reduce((sum, { count }) => sum + count, 0) };
}

function columnsQuery(scope: Scope, maintenance: readonly MaintenanceCover[], divisions: readonly string[], limit: number) {
  const where = shown(scope);
  const place = (values: readonly string[], column: string) => `array_position(${where.value(values)}::text[], ${column}) - 1`;
  const columns = {
    id: 'i.id',
    name: 'i.name',
    kind: place(OBJECT_KINDS, 'i.kind'),
    class: place(OBJECT_CLASSES, 'i.class'),
    division: 'd.place - 1',
    state: place(STATES, "coalesce(s.state, 'unknown')"),
    since: 's.since',
    flags: `CASE WHEN ${covered(where, maintenance)} THEN ${INDEX_FLAGS.maintenance} ELSE 0 END + CASE WHEN ${QUIET} THEN ${INDEX_FLAGS.quiet} ELSE 0 END`,
  };
  const inner = Object.entries(columns).map(([name, column]) => `${column} AS ${name}`);
  const outer = Object.keys(columns).map((name) => `coalesce(array_to_json(array_agg(o.${name}))::text, '[]') AS ${name}`);
  const text = `SELECT ${outer.join(', ')} FROM (
      SELECT ${inner.join(', ')} FROM inventory i JOIN unnest(${where.value(divisions)}::text[]) WITH ORDINALITY AS d (division, place) USING (division)
        LEFT JOIN current_states s ON s.subject = i.id AND s.subject_kind = 'object' ${where} LIMIT ${where.value(limit)}) AS o`;
  return { text, values: where.values };
}

function shown(scope: Scope): Conditions {
  const where = new Conditions();
  where.add(CURRENT_OBJECTS);
  where.within('i.division', scope);
  return where;
}

// Work on a device is work on its interfaces, whose ids begin with its own and a slash.
function covered(where: Conditions, maintenance: readonly MaintenanceCover[]): string {
  const objects = maintenance.flatMap((each) => each.objects);
  const divisions = maintenance.flatMap((each) => each.divisions);
  const any: string[] = [];
  if (objects.length > 0) {
    const named = where.value(objects);
    any.push(`i.id = ANY (${named}::text[])`, `split_part(i.id, '/', 1) = ANY (${named}::text[])`);
  }
  if (divisions.length > 0) any.push(where.coverage('i.division', divisions));
  return any.length === 0 ? 'false' : `(${any.join(' OR ')})`;
}
