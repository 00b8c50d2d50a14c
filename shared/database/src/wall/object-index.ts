import { INDEX_FLAGS } from '@beacontower/contracts';
import { OBJECT_CLASSES, OBJECT_KINDS, STATES } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
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

/** Every object of the scope, by id; of more than `limit` the first, and `total` counts all. */
export async function readIndexColumns(
  db: Queryable,
  scope: Scope,
  maintenance: readonly MaintenanceCover[],
  limit: number,
): Promise<IndexColumns> {
  const where = new Conditions();
  where.add(CURRENT_OBJECTS);
  where.within('i.division', scope);
  const place = (values: readonly string[], column: string) => `array_position(${where.value(values)}::text[], ${column}) - 1`;
  const columns = [
    `${place(OBJECT_KINDS, 'o.kind')} AS kind`,
    `${place(OBJECT_CLASSES, 'o.class')} AS class`,
    `${place(STATES, "coalesce(s.state, 'unknown')")} AS state`,
    `CASE WHEN ${covered(where, maintenance)} THEN ${INDEX_FLAGS.maintenance} ELSE 0 END + CASE WHEN o.quiet THEN ${INDEX_FLAGS.quiet} ELSE 0 END AS flags`,
  ];
  const array = (column: string) => `coalesce(array_to_json(array_agg(${column}))::text, '[]') AS "${column}"`;
  const { rows } = await db.query<{ [K in keyof IndexColumns]: IndexColumns[K] }>(
    `WITH o AS MATERIALIZED (SELECT i.id, i.name, i.kind, i.class, i.division, ${QUIET} AS quiet FROM inventory i ${where}),
       d AS (SELECT division, row_number() OVER (ORDER BY division) - 1 AS place FROM o GROUP BY division),
       shown AS (SELECT o.id, o.name, d.place AS division, s.since, ${columns.join(', ')}
         FROM o JOIN d USING (division) LEFT JOIN current_states s ON s.subject = o.id AND s.subject_kind = 'object'
         ORDER BY o.id LIMIT ${where.value(limit)})
     SELECT (SELECT count(*) FROM o) AS total, (SELECT coalesce(array_to_json(array_agg(division ORDER BY place))::text, '[]') FROM d) AS divisions,
       ${['id', 'name', 'kind', 'class', 'division', 'state', 'since', 'flags'].map(array).join(', ')} FROM shown`,
    where.values,
  );
  const [row] = rows;
  if (row === undefined) throw new TypeError('an aggregate gave no row');
  return row;
}

// Work on a device is work on its interfaces, whose ids begin with its own and a slash.
function covered(where: Conditions, maintenance: readonly MaintenanceCover[]): string {
  const objects = maintenance.flatMap((each) => each.objects);
  const divisions = maintenance.flatMap((each) => each.divisions);
  const any: string[] = [];
  if (objects.length > 0) {
    const named = where.value(objects);
    any.push(`o.id = ANY (${named}::text[])`, `split_part(o.id, '/', 1) = ANY (${named}::text[])`);
  }
  if (divisions.length > 0) any.push(where.coverage('o.division', divisions));
  return any.length === 0 ? 'false' : `(${any.join(' OR ')})`;
}
