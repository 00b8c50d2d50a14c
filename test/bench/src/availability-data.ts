import type { Database } from '@beacontower/database';

export const DAY = 86_400_000;
/** The first half of 2018 in Shanghai. */
export const FROM = Date.parse('2018-01-01T00:00:00+08:00');
export const TO = Date.parse('2018-07-01T00:00:00+08:00');
/** When it is asked. */
export const NOW = TO + 9 * DAY;
export const OUTAGES_AN_OBJECT = 10;
export const PROVINCES = 32;
const SLOT = Math.floor((TO - FROM) / OUTAGES_AN_OBJECT);

const POLICY = {
  intervalMs: 10_000,
  downAfter: 1,
  upAfter: 1,
  unconfirmedDownAfter: 2,
  degradedAfter: 3,
  unknownAfter: 2,
  probes: 3,
  periodMs: 300,
  timeoutMs: 1_000,
  confirmPasses: 1,
  degradedLoss: 0.3,
};

/** The id of an object by its number `o`, as SQL: of this node, or of one of the nodes of the provinces that report to it. */
const idOf = (remote: boolean, o = 'o') => (remote ? `'p' || ${o} % ${PROVINCES} || ':o' || ${o}` : `'bench:o' || ${o}`);
/** The id of an object by its number. */
export const objectId = (remote: boolean, o: number): string => (remote ? `p${o % PROVINCES}:o${o}` : `bench:o${o}`);
/** So many of the nodes have not been heard for a day when it is asked. */
export const SILENT = 3;

/** A random number in [0, $bound) that depends on nothing but what it is of: the same in every run. */
const random = (of: string, bound: number) => `(abs(hashtextextended(${of}, 4)) % ${bound})`;

/**
 * Fills an empty record with so many access lines, ten outages each, all of them up before, between and after; written in order of time. `remote`:
 * they are objects of the nodes of the provinces.
 */
export async function fill(db: Database, objects: number, remote = false): Promise<void> {
  const id = idOf(remote);
  await fillInventory(db, objects, remote);
  await db.query(
    `INSERT INTO transitions (subject_kind, subject, object_id, from_state, to_state, at, earliest, latest, reason, resolution_ms, decided_at, epoch, recorded_at)
     SELECT 'object', ${id}, ${id}, 'unknown', 'up', $2::bigint, $2, $2, 'first-observation', 20000, $2, 1, $2 FROM generate_series(0, $1::int - 1) AS o`,
    [objects, FROM - DAY],
  );
  await db.query(
    `WITH outage AS (
       SELECT ${id} AS id, $2::bigint + n::bigint * ${SLOT} + 20000 + ${random(`'s' || o || '.' || n`, SLOT - 4_000_000)} AS begins,
         60000 + ${random(`'l' || o || '.' || n`, 3_540_000)} AS length, 2000 + ${random(`'w' || o || '.' || n`, 8_000)} AS width
       FROM generate_series(0, $1::int - 1) AS o, generate_series(0, ${OUTAGES_AN_OBJECT - 1}) AS n),
     edge AS (
       SELECT id, begins AS at, width, 'up' AS before, 'down' AS after FROM outage
       UNION ALL SELECT id, begins + length, width, 'down', 'up' FROM outage)
     INSERT INTO transitions (subject_kind, subject, object_id, from_state, to_state, at, earliest, latest, reason, resolution_ms, decided_at, epoch, recorded_at)
     SELECT 'object', id, id, before, after, at, at - width / 2, at + width / 2, CASE after WHEN 'up' THEN 'replied' ELSE 'no-reply' END, 20000, at + width, 1, at + width
     FROM edge ORDER BY at`,
    [objects, FROM],
  );
  await db.query(
    `INSERT INTO current_states (subject, subject_kind, object_id, state, since, reason, transition)
     SELECT DISTINCT ON (subject) subject, 'object', subject, to_state, at, reason, id FROM transitions ORDER BY subject, at DESC`,
  );
  await fillIncidents(db);
  for (const table of ['inventory', 'transitions', 'current_states', 'incidents', 'incident_members'])
    await db.query(`VACUUM ANALYZE ${table}`);
}

async function fillInventory(db: Database, objects: number, remote: boolean): Promise<void> {
  const id = idOf(remote);
  const node = { id: 'bench', name: '全国', division: 'cn', timeZone: 'Asia/Shanghai', language: 'zh' };
  await db.query(
    `INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by) VALUES ('node', 'bench', 'file', $1, $2, $2, 'bench')`,
    [JSON.stringify(node), FROM - 2 * DAY],
  );
  const body = `jsonb_build_object('id', ${id}, 'kind', 'access-line', 'name', '接入线路 ' || o, 'class', 'user-access', 'party', 'party-' || p,
    'division', 'cn.p' || p || '.c' || (o / ${PROVINCES}) % 11 || '.d' || (o / ${PROVINCES * 11}) % 9, 'servingRule', 'any',
    'dependency', jsonb_build_object('parents', jsonb_build_array('bench:pe' || p), 'rule', jsonb_build_object('require', 'any')),
    'checks', jsonb_build_array(jsonb_build_object('id', ${id} || '/icmp4', 'objectId', ${id}, 'kind', 'icmp', 'family', 4,
      'address', '10.' || (o >> 16) % 256 || '.' || (o >> 8) % 256 || '.' || o % 256, 'zone', 'centre', 'policy', $3::jsonb)),
    'weight', 1 + o % 40, 'runbook', NULL, 'attributes', jsonb_build_object('carrier', 'carrier-' || o % 3, 'circuitNumber', 'CN-' || o)${remote ? ", 'remote', jsonb_build_object('node', 'p' || p)" : ''})`;
  await db.query(
    `INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by)
     SELECT 'object', ${id}, '${remote ? 'federation' : 'file'}', ${body}, $2::bigint, $2, 'bench' FROM (SELECT o, o % ${PROVINCES} AS p FROM generate_series(0, $1::int - 1) AS o) AS numbered`,
    [objects, FROM - 2 * DAY, JSON.stringify(POLICY)],
  );
  await db.query(
    `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at) VALUES (0, 1, '0', '', $1, $1)`,
    [NOW],
  );
  if (!remote) return;
  await db.query(
    `INSERT INTO federation_nodes (node, name, division, time_zone, enrolled_at, observed_pinged, observed_all, observed_composed)
     SELECT 'p' || p, '省 ' || p, 'cn.p' || p, 'Asia/Shanghai', $1::bigint, until, until, until
     FROM generate_series(0, ${PROVINCES - 1}) AS p, LATERAL (SELECT CASE WHEN p < ${SILENT} THEN $2::bigint - ${DAY} ELSE $2::bigint END AS until) AS u`,
    [FROM, NOW],
  );
}

/** The fourth outage of one object in a hundred is charged to the backbone. */
async function fillIncidents(db: Database): Promise<void> {
  await db.query(
    `INSERT INTO incidents (id, state, severity, cause_object, division, party, class, title, started_at, started_earliest, started_latest, opened_at, resolved_at)
     SELECT gen_random_uuid(), 'resolved', 'major', subject, 'cn', 'backbone', 'backbone', 'cut', at, earliest, latest, latest, at + 60000 FROM (
       SELECT *, row_number() OVER (PARTITION BY subject ORDER BY at) AS n FROM transitions WHERE to_state = 'down' AND subject LIKE '%:o%00') AS down WHERE n = 4`,
  );
  await db.query(
    `INSERT INTO incident_members (incident_id, object_id, role, joined_at, left_at)
     SELECT id, cause_object, 'cause', opened_at, resolved_at FROM incidents`,
  );
}
