import type { Database } from '@beacontower/database';

/** Provinces, each with a landing device on two circuits, and everything else as lines of units in its cities and counties. */
export const PROVINCES = 32;
const CITIES = 11;
const COUNTIES = 9;
export const PARTITIONS = 8;

const POLICY = JSON.stringify({
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
});

/** So many nodes of provinces are silent, where the objects are theirs. */
export const SILENT = 3;
/** The id of a line by its number, as SQL: of this node, or of the node of its province. Landing devices and circuits are always this node's. */
const idOf = (remote: boolean) =>
  remote
    ? `CASE WHEN n < ${3 * PROVINCES} THEN 'bench:line-' || n ELSE 'p' || n % ${PROVINCES} || ':line-' || n END`
    : `'bench:line-' || n`;
/** The id of a line by its number. */
export const lineId = (remote: boolean, n: number): string =>
  remote && n >= 3 * PROVINCES ? `p${n % PROVINCES}:line-${n}` : `bench:line-${n}`;

/** Fills an empty record with a country of so many objects, judged a moment ago: one in five hundred is down, as many are degraded. `remote`: its lines are of 32 nodes. */
export async function fillCountry(db: Database, objects: number, remote = false): Promise<void> {
  const now = Date.now();
  await db.query('INSERT INTO node_identity (node, incarnation, partitions, created_at) VALUES ($1, gen_random_uuid(), $2, $3)', [
    'bench',
    PARTITIONS,
    now,
  ]);
  await db.query('UPDATE inventory_version SET version = 1, applied_at = $1', [now]);
  await db.query(
    `INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by)
     SELECT 'node', 'bench', 'file', jsonb_build_object('id', 'bench', 'name', '国家中心', 'division', 'cn', 'timeZone', 'Asia/Shanghai', 'language', 'zh'), $1::bigint, $1, 'bench'
     UNION ALL SELECT 'division', path, 'file', jsonb_build_object('id', path, 'name', '区划 ' || path, 'nameEn', NULL, 'code', NULL), $1, $1, 'bench' FROM (
       SELECT 'cn' AS path UNION ALL SELECT 'cn.p' || p FROM generate_series(0, ${PROVINCES - 1}) AS p
       UNION ALL SELECT 'cn.p' || p || '.c' || c FROM generate_series(0, ${PROVINCES - 1}) AS p, generate_series(0, ${CITIES - 1}) AS c
       UNION ALL SELECT 'cn.p' || p || '.c' || c || '.d' || d FROM generate_series(0, ${PROVINCES - 1}) AS p, generate_series(0, ${CITIES - 1}) AS c, generate_series(0, ${COUNTIES - 1}) AS d) AS paths`,
    [now],
  );
  await fillObjects(db, objects, { now, remote });
  if (remote) await fillNodes(db, now);
  await db.query('INSERT INTO checks (id, object_id, first_seen) SELECT id || $1, id, 0 FROM inventory WHERE entity = $2', [
    '/icmp4',
    'object',
  ]);
  await db.query(
    `INSERT INTO current_states (subject, subject_kind, object_id, state, since, reason, transition)
     SELECT CASE subject_kind WHEN 'check' THEN id || '/icmp4' ELSE id END, subject_kind, id,
       CASE abs(hashtext(id)) % 500 WHEN 0 THEN 'down' WHEN 1 THEN 'degraded' ELSE 'up' END, $1::bigint - abs(hashtext(id)) % 86400000, 'replied', 0
     FROM inventory, unnest('{object,check}'::text[]) AS k (subject_kind) WHERE entity = 'object'`,
    [now],
  );
  await db.query(
    `INSERT INTO incidents (id, state, severity, cause_object, division, party, class, title, started_at, started_earliest, started_latest, opened_at)
     SELECT gen_random_uuid(), 'open', CASE WHEN i.kind = 'access-line' THEN 'minor' ELSE 'major' END, i.id, i.division, 'p', i.class, i.name || ' 中断', s.since, s.since, s.since, s.since
     FROM inventory i JOIN current_states s ON s.subject = i.id AND s.state = 'down' WHERE i.entity = 'object'`,
  );
  await judge(db);
  for (const table of ['inventory', 'current_states', 'checks', 'incidents']) await db.query(`VACUUM ANALYZE ${table}`);
}

/** Everything has been judged up to now. */
export async function judge(db: Database): Promise<void> {
  await db.query(
    `INSERT INTO partition_states (partition, epoch, stream_offset, snapshot, watermark, saved_at)
     SELECT n, 1, '0-0', '', $1::bigint, $1 FROM generate_series(0, ${PARTITIONS - 1}) AS n ON CONFLICT (partition) DO UPDATE SET watermark = excluded.watermark`,
    [Date.now()],
  );
  await db.query(
    'UPDATE federation_nodes SET observed_pinged = $1, observed_all = $1, observed_composed = $1, heard_at = $1, present_at = $1 WHERE silent_since IS NULL',
    [Date.now()],
  );
}

/** The nodes of the provinces; some stopped an hour ago. */
async function fillNodes(db: Database, now: number): Promise<void> {
  await db.query(
    `INSERT INTO federation_nodes (node, name, division, time_zone, enrolled_at, silent_since, observed_pinged, observed_all, observed_composed)
     SELECT 'p' || p, '省 ' || p, 'cn.p' || p, 'Asia/Shanghai', $1, silent, coalesce(silent, $1), coalesce(silent, $1), coalesce(silent, $1)
     FROM generate_series(0, ${PROVINCES - 1}) AS p, LATERAL (SELECT CASE WHEN p < ${SILENT} THEN $1::bigint - 3600000 END AS silent) AS s`,
    [now],
  );
}

async function fillObjects(
  db: Database,
  objects: number,
  { now, remote }: { readonly now: number; readonly remote: boolean },
): Promise<void> {
  const kind = `CASE n / ${PROVINCES} WHEN 0 THEN 'device' WHEN 1 THEN 'circuit' WHEN 2 THEN 'circuit' ELSE 'access-line' END`;
  const carries = `n < ${3 * PROVINCES}`;
  const division = `'cn.p' || n % ${PROVINCES} || CASE WHEN ${carries} THEN '' ELSE '.c' || (n / ${PROVINCES}) % ${CITIES} || '.d' || (n / ${PROVINCES * CITIES}) % ${COUNTIES} END`;
  const check = `jsonb_build_object('id', id || '/icmp4', 'objectId', id, 'kind', 'icmp', 'family', 4, 'address', '10.' || (n >> 16) || '.' || (n >> 8) % 256 || '.' || n % 256, 'zone', 'centre', 'policy', $2::jsonb)`;
  await db.query(
    `INSERT INTO inventory (entity, id, origin, body, valid_from, recorded_at, recorded_by)
     SELECT 'object', id, CASE WHEN split_part(id, ':', 1) = 'bench' THEN 'file' ELSE 'federation' END, jsonb_build_object('id', id, 'kind', ${kind}, 'name', '第' || n || '号政务部门接入线路', 'class', CASE WHEN ${carries} THEN 'backbone' ELSE 'user-access' END,
       'party', 'party', 'division', ${division}, 'servingRule', 'any', 'dependency', '{"parents": [], "rule": {"require": "any"}}'::jsonb, 'checks', jsonb_build_array(${check}),
       'weight', 1, 'runbook', NULL, 'attributes', CASE WHEN n < ${PROVINCES} THEN '{"role": "landing"}'::jsonb ELSE jsonb_build_object('carrier', 'carrier-' || n % 3, 'circuitNumber', 'CN-' || n) END)
         || CASE WHEN split_part(id, ':', 1) = 'bench' THEN '{}'::jsonb ELSE jsonb_build_object('remote', jsonb_build_object('node', split_part(id, ':', 1))) END,
       $3::bigint, $3, 'bench' FROM (SELECT n, ${idOf(remote)} AS id FROM generate_series(0, $1::int - 1) AS n) AS numbered`,
    [objects, POLICY, now],
  );
}
