import { type IncidentDetail, type Page, timestamp, timestampOrNull } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from './conditions.ts';
import { decodeCursor, NumberAndTextKey, toPage } from './cursor.ts';
import { ENGLISH_NAME } from './english-name.ts';

type IncidentObject = IncidentDetail['objects'][number];

interface Row {
  readonly id: string;
  readonly name: string | null;
  readonly nameEn: string | null;
  readonly role: 'cause' | 'symptom';
  readonly joinedAt: number;
  readonly leftAt: number | null;
  readonly [column: string]: unknown;
}

/** The objects that were in an incident, those of the scope, as they joined: its cause first. */
export async function listIncidentObjects(
  db: Queryable,
  incident: string,
  page: { readonly limit: number; readonly cursor?: string | undefined },
  scope: Scope,
): Promise<Page<IncidentObject>> {
  const after = decodeCursor('incident-objects', NumberAndTextKey, page.cursor);
  const where = new Conditions();
  where.equal('m.incident_id', incident);
  where.within('o.division', scope);
  if (after) {
    const key = `${where.value(after[0])}::bigint, ${where.value(after[1])}::text`;
    where.add(`(m.joined_at, m.role || m.object_id) > (${key})`);
  }
  const result = await db.query<Row>(
    `SELECT m.object_id AS id, o.name, o."nameEn", m.role, m.joined_at AS "joinedAt", m.left_at AS "leftAt"
     FROM incident_members m LEFT JOIN LATERAL (
       SELECT i.name, i.${ENGLISH_NAME} AS "nameEn", i.division FROM inventory i
       WHERE i.entity = 'object' AND i.id = m.object_id AND i.superseded_at IS NULL ORDER BY i.valid_from DESC LIMIT 1
     ) o ON true ${where} ORDER BY m.joined_at, m.role || m.object_id LIMIT ${where.value(page.limit + 1)}`,
    where.values,
  );
  return toPage(result.rows, page.limit, 'incident-objects', (row) => [row.joinedAt, row.role + row.id], objectOf);
}

function objectOf({ id, name, nameEn, role, joinedAt, leftAt }: Row): IncidentObject {
  return { id, name, nameEn, role, joinedAt: timestamp(joinedAt), leftAt: timestampOrNull(leftAt) };
}
