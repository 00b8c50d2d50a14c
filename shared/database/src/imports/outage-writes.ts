/** Writing what the lines of a CSV of outages come to: transitions, closed incidents, planned work. Nobody is alarmed by it. */
import { forgetAccounts } from '../accounting/forget.ts';
import { appendLog, type NewLogEntry, statementEntry } from '../log.ts';
import type { Transaction } from '../pool.ts';

const AT_ONCE = 5000;

/**
 * Works out the changes of state of every span: up from its beginning (unless an outage begins there), down and up again with each
 * outage, unknown from its end. What touches and is of one state has no change between.
 */
export async function deriveChanges(tx: Transaction): Promise<void> {
  await tx.query(`
    INSERT INTO staged_change
    WITH outage AS (
      SELECT s.object, s.starts, s.ends, s.state, s.edge, p.starts AS span_starts, p.ends AS span_ends,
        lead(s.starts) OVER (PARTITION BY s.object ORDER BY s.starts) AS next
      FROM staged s JOIN staged_span p ON p.object = s.object AND p.starts <= s.starts AND s.ends <= p.ends WHERE s.state <> 'complete'),
    change AS (
      SELECT object, starts AS at, 'up' AS state, starts AS earliest, starts AS latest FROM staged_span p
        WHERE NOT EXISTS (SELECT FROM outage o WHERE o.object = p.object AND o.starts = p.starts)
      UNION ALL SELECT object, starts, state, greatest(starts - edge, span_starts), least(starts + edge, span_ends) FROM outage
      UNION ALL SELECT object, ends, 'up', greatest(ends - edge, span_starts), least(ends + edge, span_ends) FROM outage
        WHERE ends <> span_ends AND next IS DISTINCT FROM ends
      UNION ALL SELECT object, ends, 'unknown', ends, ends FROM staged_span),
    ordered AS (SELECT *, lag(state, 1, 'unknown') OVER (PARTITION BY object ORDER BY at) AS before FROM change)
    SELECT object, at, earliest, latest, before, state, lead(at) OVER (PARTITION BY object ORDER BY at) FROM ordered WHERE state <> before`);
  await tx.query('ANALYZE staged_change');
}

/** Writes the transitions. Where a record begins exactly at the end of a span, it says how things go on, and the span ends without one. */
export async function writeTransitions(tx: Transaction, importId: string, resolutionMs: number, now: number): Promise<number> {
  const result = await tx.query(
    `INSERT INTO transitions (subject_kind, subject, object_id, from_state, to_state, at, earliest, latest, reason, resolution_ms, decided_at, epoch, recorded_at, import)
     SELECT 'object', c.object, c.object, c.from_state, c.to_state, c.at, c.earliest, c.latest,
       CASE c.to_state WHEN 'unknown' THEN 'not-looked-at' ELSE 'reported' END, $2, c.latest, 0, $3, $1
     FROM staged_change c
     WHERE c.to_state <> 'unknown' OR NOT EXISTS (SELECT FROM transitions t WHERE t.subject = c.object AND t.superseded_at IS NULL AND t.at = c.at)
     ORDER BY c.object, c.at`,
    [importId, resolutionMs, now],
  );
  // Of objects that are gone too: readers of figures take from here up to when an object is judged.
  await tx.query(
    `INSERT INTO current_states (subject, subject_kind, object_id, state, since, reason, transition)
     SELECT DISTINCT ON (t.subject) t.subject, 'object', t.object_id, t.to_state, t.at, t.reason, t.id
     FROM (SELECT DISTINCT object FROM staged_span) AS p JOIN transitions t ON t.subject = p.object AND t.superseded_at IS NULL
     ORDER BY t.subject, t.at DESC, t.id DESC
     ON CONFLICT (subject) DO UPDATE SET state = excluded.state, since = excluded.since, reason = excluded.reason, transition = excluded.transition`,
  );
  return result.rowCount ?? 0;
}

// Lines that name one incident are one; a line that says anything of its cause is one by itself.
const OF_INCIDENTS = `SELECT *, coalesce(cause_object, first_value(object) OVER same) AS root, dense_rank() OVER (ORDER BY coalesce('i ' || incident, 'l ' || line)) AS number
  FROM staged WHERE state IN ('down', 'degraded') AND NOT planned AND (cause IS NOT NULL OR party IS NOT NULL OR cause_object IS NOT NULL OR incident IS NOT NULL OR note IS NOT NULL)
  WINDOW same AS (PARTITION BY coalesce('i ' || incident, 'l ' || line) ORDER BY starts, line)`;

/** Writes closed incidents, with their cause category and the party they are charged to. */
export async function writeIncidents(
  tx: Transaction,
  importId: string,
  { by, now }: { readonly by: string; readonly now: number },
): Promise<number> {
  await tx.query(`CREATE TEMP TABLE staged_member ON COMMIT DROP AS ${OF_INCIDENTS}`);
  await tx.query(`
    CREATE TEMP TABLE staged_incident ON COMMIT DROP AS
    SELECT gen_random_uuid() AS id, number, min(root) AS root, min(starts) AS starts, min(starts - edge) AS earliest, min(starts + edge) AS latest, max(ends) AS ends,
      min(cause) AS cause, min(party) AS party, min(note) AS note, bool_or(state = 'down') AS down, min(incident) AS incident
    FROM staged_member GROUP BY number`);
  await tx.query('CREATE INDEX ON staged_incident (number)');
  const result = await tx.query(
    `INSERT INTO incidents (id, state, severity, cause_object, division, party, class, title, started_at, started_earliest, started_latest, opened_at,
       resolved_at, closed_at, cause_category, charged_party, import)
     SELECT s.id, 'closed', CASE WHEN s.down THEN 'major' ELSE 'minor' END, s.root, i.division, i.party, i.class, i.name, s.starts, s.earliest, s.latest, s.starts,
       s.ends, s.ends, s.cause, s.party, $1
     FROM staged_incident s, LATERAL (
       SELECT division, body ->> 'party' AS party, class, name FROM inventory WHERE entity = 'object' AND id = s.root AND superseded_at IS NULL
       ORDER BY (valid_from <= s.starts) DESC, abs(valid_from - s.starts) LIMIT 1) AS i
     ORDER BY s.starts, s.number`,
    [importId],
  );
  await tx.query(`
    INSERT INTO incident_members (incident_id, object_id, role, joined_at, left_at)
    SELECT DISTINCT ON (s.id, m.object, m.starts) s.id, m.object, CASE WHEN m.object = s.root THEN 'cause' ELSE 'symptom' END, m.starts, m.ends
    FROM staged_member m JOIN staged_incident s USING (number)
    UNION ALL
    SELECT s.id, s.root, 'cause', s.starts, s.ends FROM staged_incident s
    WHERE NOT EXISTS (SELECT FROM staged_member m WHERE m.number = s.number AND m.object = s.root)`);
  await tx.query(
    `INSERT INTO incident_events (incident_id, at, kind, actor, detail)
     SELECT id, ends, 'closed', $1, jsonb_strip_nulls(jsonb_build_object('causeCategory', cause, 'chargedParty', party, 'note', note, 'reference', incident, 'import', $2::text))
     FROM staged_incident ORDER BY starts, number`,
    [by, importId],
  );
  await tellIncidentsAbove(tx, now);
  return result.rowCount ?? 0;
}

// Whom they are charged to counts in the figures of the node above as well; where there is none, nobody asks for them.
async function tellIncidentsAbove(tx: Transaction, now: number): Promise<void> {
  const { rows } = await tx.query<{ id: string; number: number; severity: 'major' | 'minor'; cause: string; ends: number }>(
    `SELECT n.id, n.number, n.severity, n.cause_object AS cause, s.ends FROM staged_incident s JOIN incidents n ON n.id = s.id
     WHERE EXISTS (SELECT FROM uplink WHERE state <> 'left') ORDER BY n.number`,
  );
  const entries = rows.map(({ id, number, severity, cause, ends }): NewLogEntry => {
    const body = { incident: id, number, change: 'closed' as const, state: 'closed' as const, severity, cause, object: null };
    return { kind: 'incident', subject: id, body, eventAt: ends };
  });
  for (let index = 0; index < entries.length; index += AT_ONCE) await appendLog(tx, entries.slice(index, index + AT_ONCE), now);
}

/** Writes planned work, approved before it began; objects that were worked on together are one entry. */
export async function writePlannedWork(
  tx: Transaction,
  source: { readonly now: number; readonly by: string },
  title: string,
): Promise<number> {
  const { rows } = await tx.query<{ id: string }>(
    `INSERT INTO maintenance (id, title, objects, divisions, starts_at, ends_at, created_at, created_by, approved_at, approved_by)
     SELECT gen_random_uuid(), coalesce(note, $3), array_agg(DISTINCT object), '{}', starts, ends, $1, $2, starts, $2
     FROM staged WHERE planned GROUP BY starts, ends, note ORDER BY starts RETURNING id`,
    [source.now, source.by, title],
  );
  await appendLog(
    tx,
    rows.map(({ id }) => statementEntry('maintenance', id, source.now)),
    source.now,
  );
  return rows.length;
}

/** Takes away the accounts of every span; tells the composites among whose members an object is, and the node above if there is one. */
export async function tellOfSpans(tx: Transaction, now: number): Promise<void> {
  const { rows } = await tx.query<{ object: string; starts: number; ends: number }>(
    'SELECT object, min(starts) AS starts, max(ends) AS ends FROM staged_span GROUP BY object ORDER BY object',
  );
  for (let index = 0; index < rows.length; index += AT_ONCE) {
    const chunk = rows.slice(index, index + AT_ONCE);
    await forgetAccounts(
      tx,
      chunk.map(({ object, starts, ends }) => ({ objectId: object, from: starts, to: ends, exact: true })),
    );
  }
  const members = await tx.query<{ object: string; from: number; to: number; written: number }>(
    `SELECT c.object, min(c.at) AS from, max(c.at) AS to, count(*) AS written FROM staged_change c
     WHERE c.object IN (SELECT jsonb_array_elements_text(i.body -> 'combines' -> 'of') FROM inventory i
       WHERE i.entity = 'object' AND i.superseded_at IS NULL AND i.body ? 'combines')
       OR EXISTS (SELECT FROM uplink WHERE state <> 'left') GROUP BY c.object ORDER BY c.object`,
  );
  await appendLog(
    tx,
    members.rows.map(({ object, from, to, written }) => ({
      kind: 'revised',
      subject: object,
      body: { object, from, to, superseded: 0, written },
      eventAt: from,
    })),
    now,
  );
}
