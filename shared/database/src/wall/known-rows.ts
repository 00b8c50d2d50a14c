import type { State } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import { ENGLISH_NAME } from '../queries/english-name.ts';
import type { KnownObject } from './known-objects.ts';

/** Attribute `role` of the device by which the backbone reaches a province: one of this node, whose own collectors see it whoever is silent. */
const LANDING_ROLE = 'landing';

/** A version of an object as it was written; `here` false: it has ended. */
export interface KnownRow extends Omit<KnownObject, 'state' | 'since'> {
  readonly row: number;
  readonly here: boolean;
}

const COLUMNS = {
  row: 'row_id',
  here: 'valid_to IS NULL',
  id: 'id',
  name: 'name',
  nameEn: ENGLISH_NAME,
  division: 'division',
  kind: 'kind',
  class: 'class',
  quiet: "coalesce((body ->> 'quiet')::boolean, false)",
  landing: `remote IS NULL AND kind = 'device' AND coalesce(body -> 'attributes' ->> 'role' = '${LANDING_ROLE}', false)`,
  node: 'remote',
  pinged: 'pinged',
  resolutionMs: 'coalesce(resolution_ms, 0)',
  agentMs: `CASE kind WHEN 'device' THEN coalesce((SELECT max(policy_resolution(c -> 'policy')) FROM jsonb_array_elements(body -> 'checks') AS c WHERE c ->> 'kind' = 'snmp'), 0) ELSE 0 END`,
} as const satisfies Record<keyof KnownRow, string>;
const NAMES = Object.keys(COLUMNS) as (keyof KnownRow)[];

const INNER = NAMES.map((name) => `${COLUMNS[name]} AS "${name}"`).join(', ');
const OUTER = NAMES.map((name) => `coalesce(array_to_json(array_agg(o."${name}"))::text, '[]') AS "${name}"`).join(', ');

/**
 * The rows of objects after one, in order; of the first reading those that are current alone. A column comes as one text: rows of a hundred
 * thousand objects cost five times as much to take apart. Those of an import are of the past, whatever their number.
 */
export async function readObjectColumns(db: Queryable, after: number): Promise<KnownRow[]> {
  const { rows } = await db.query<Record<keyof KnownRow, string>>(
    `SELECT ${OUTER} FROM (SELECT ${INNER} FROM inventory
       WHERE entity = 'object' AND superseded_at IS NULL AND row_id > $1 AND ($1 > 0 OR valid_to IS NULL) AND origin <> 'import' ORDER BY row_id) AS o`,
    [after],
  );
  const [texts] = rows;
  if (texts === undefined) throw new TypeError('an aggregate gave no row');
  const columns = Object.fromEntries(NAMES.map((name) => [name, JSON.parse(texts[name])])) as { [K in keyof KnownRow]: KnownRow[K][] };
  return columns.row.map((row, place) => ({
    row,
    here: columns.here[place] as boolean,
    id: columns.id[place] as string,
    name: columns.name[place] as string,
    nameEn: columns.nameEn[place] as string | null,
    division: columns.division[place] as string,
    kind: columns.kind[place] as KnownRow['kind'],
    class: columns.class[place] as KnownRow['class'],
    quiet: columns.quiet[place] as boolean,
    landing: columns.landing[place] as boolean,
    node: columns.node[place] as string | null,
    pinged: columns.pinged[place] as boolean | null,
    resolutionMs: columns.resolutionMs[place] as number,
    agentMs: columns.agentMs[place] as number,
  }));
}

/** The objects that are in one state, and since when each is. */
export interface StateColumns {
  readonly state: State;
  readonly subjects: readonly string[];
  readonly sinces: readonly number[];
}

/** Of every object that was ever judged. */
export async function readStateColumns(db: Queryable): Promise<StateColumns[]> {
  const { rows } = await db.query<{ state: State; subjects: string; sinces: string }>(
    `SELECT state, array_to_json(array_agg(subject))::text AS subjects, array_to_json(array_agg(since))::text AS sinces
     FROM current_states WHERE subject_kind = 'object' GROUP BY state`,
  );
  return rows.map(({ state, subjects, sinces }) => ({ state, subjects: JSON.parse(subjects), sinces: JSON.parse(sinces) }));
}

/** The states of some objects; those that were never judged are absent. */
export async function readStatesOf(db: Queryable, ids: readonly string[]): Promise<Map<string, { state: State; since: number }>> {
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<{ subject: string; state: State; since: number }>(
    "SELECT subject, state, since FROM current_states WHERE subject_kind = 'object' AND subject = ANY ($1::text[])",
    [ids],
  );
  return new Map(rows.map(({ subject, state, since }) => [subject, { state, since }]));
}

/** The objects of which the log tells something in `(after, until]`, or will as soon as that is given its place. At most `limit`, in no order. */
export async function readChangedSubjects(db: Queryable, after: number, until: number, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ subject: string }>(
    `SELECT subject FROM log WHERE sequence > $1 AND sequence <= $2 AND kind IN ('state', 'revised')
     UNION SELECT subject FROM log WHERE sequence IS NULL AND kind IN ('state', 'revised') LIMIT $3`,
    [after, until, limit],
  );
  return rows.map(({ subject }) => subject);
}
