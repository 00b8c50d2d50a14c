/** What can only be seen when all lines of a CSV of outages are held against each other and against the record. */
import type { Transaction } from '../pool.ts';

export const IMPORT_FAULTS = [
  'unknown-object',
  'composite',
  'overlap',
  'out-of-commission',
  'outside-the-record',
  'unknown-party',
  'unknown-cause-object',
  'incident-disagrees',
  'planned-not-down',
  'judged-by-node',
  'already-imported',
  'too-recent',
  'nothing-covered',
] as const;
export type ImportFaultCode = (typeof IMPORT_FAULTS)[number];

/** A fault with the line it stands on (1: the file or the command as a whole) and what it is about. */
export interface ImportFault {
  readonly code: ImportFaultCode;
  readonly line: number;
  /** Id of the object, party or incident. */
  readonly subject: string;
  /** The line it collides with, or null. */
  readonly other: number | null;
  /** The moment that matters, epoch ms, or null. */
  readonly at: number | null;
}

/** Faults in order of lines, at most so many of each kind, and how many there are in all. */
export interface ImportFaults {
  readonly faults: readonly ImportFault[];
  readonly count: number;
}

// An outage is compared with all before it, not only the last: a long one may reach over several short ones.
const OVERLAP = `SELECT o.line, o.object AS subject, (SELECT p.line FROM staged p WHERE p.object = o.object AND p.state <> 'complete' AND p.line <> o.line
    AND p.starts <= o.starts AND p.ends > o.starts ORDER BY p.line LIMIT 1) AS other, o.starts AS at
  FROM (SELECT line, object, starts, max(ends) OVER (PARTITION BY object ORDER BY starts, ends, line ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until
    FROM staged WHERE state <> 'complete') AS o WHERE o.starts < o.until`;

const LINES: Readonly<Partial<Record<ImportFaultCode, string>>> = {
  'unknown-object': `SELECT s.line, s.object AS subject, NULL::int AS other, NULL::bigint AS at FROM staged s
    WHERE NOT EXISTS (SELECT FROM staged_object o WHERE o.object = s.object)`,
  composite: `SELECT line, object AS subject, NULL::int AS other, NULL::bigint AS at FROM staged_object WHERE composite AND line IS NOT NULL`,
  overlap: OVERLAP,
  'out-of-commission': `SELECT s.line, s.object AS subject, NULL::int AS other, s.starts AS at FROM staged s JOIN staged_object o USING (object)
    WHERE s.state <> 'complete' AND NOT int8range(s.starts, s.ends) <@ o.validity`,
  'outside-the-record': `SELECT s.line, s.object AS subject, NULL::int AS other, s.starts AS at FROM staged s JOIN staged_object o USING (object)
    WHERE s.state <> 'complete' AND NOT o.composite AND int8range(s.starts, s.ends) <@ o.validity
      AND NOT EXISTS (SELECT FROM staged_span p WHERE p.object = s.object AND p.starts <= s.starts AND s.ends <= p.ends)`,
  'unknown-party': `SELECT line, party AS subject, NULL::int AS other, NULL::bigint AS at FROM staged s
    WHERE party IS NOT NULL AND NOT EXISTS (SELECT FROM inventory i WHERE i.entity = 'party' AND i.id = s.party AND i.superseded_at IS NULL)`,
  'unknown-cause-object': `SELECT line, cause_object AS subject, NULL::int AS other, NULL::bigint AS at FROM staged s
    WHERE cause_object IS NOT NULL AND NOT EXISTS (SELECT FROM inventory i WHERE i.entity = 'object' AND i.id = s.cause_object AND i.superseded_at IS NULL)`,
  'incident-disagrees': `SELECT line, incident AS subject, first AS other, NULL::bigint AS at FROM (
      SELECT line, incident, cause, party, cause_object, first_value(line) OVER same AS first, first_value(cause) OVER same AS c,
        first_value(party) OVER same AS p, first_value(cause_object) OVER same AS o
      FROM staged WHERE incident IS NOT NULL WINDOW same AS (PARTITION BY incident ORDER BY line)) AS i
    WHERE (cause, party, cause_object) IS DISTINCT FROM (c, p, o)`,
  'planned-not-down': `SELECT line, object AS subject, NULL::int AS other, NULL::bigint AS at FROM staged WHERE planned AND state IN ('unknown', 'complete')`,
};

// The spans stand on no line of their own; they are named by the first line of their object.
const SPANS: Readonly<Partial<Record<ImportFaultCode, string>>> = {
  'judged-by-node': `SELECT coalesce(o.line, 1) AS line, p.object AS subject, NULL::int AS other, min(t.earliest) AS at
    FROM staged_span p JOIN staged_object o USING (object) JOIN transitions t ON t.subject = p.object
    WHERE t.subject_kind = 'object' AND t.superseded_at IS NULL AND t.import IS NULL AND t.earliest < p.ends GROUP BY 1, 2`,
  'already-imported': `SELECT coalesce(o.line, 1) AS line, p.object AS subject, NULL::int AS other, p.starts AS at
    FROM staged_span p JOIN staged_object o USING (object)
    WHERE EXISTS (SELECT FROM transitions t WHERE t.subject = p.object AND t.superseded_at IS NULL AND t.import IS NOT NULL AND t.at > p.starts AND t.at < p.ends)
       OR (SELECT to_state FROM transitions t WHERE t.subject = p.object AND t.superseded_at IS NULL AND t.import IS NOT NULL AND t.at <= p.starts
           ORDER BY t.at DESC, t.id DESC LIMIT 1) <> 'unknown'`,
};

/** While the node judges, its own looks of the last minutes are still on their way. */
const SETTLED_AFTER_MS = 600_000;

/** Everything that is wrong; at most `limit` faults of each kind are read. */
export async function checkOutages(tx: Transaction, now: number, limit: number): Promise<ImportFaults> {
  const found: ImportFault[] = [];
  let count = 0;
  for (const [code, query] of Object.entries({ ...LINES, ...SPANS }) as [ImportFaultCode, string][]) {
    const result = await tx.query<Omit<ImportFault, 'code'> & { total: number; [column: string]: unknown }>(
      `SELECT *, count(*) OVER () AS total FROM (${query}) AS faults ORDER BY line LIMIT ${limit}`,
    );
    count += Number(result.rows[0]?.total ?? 0);
    found.push(...result.rows.map(({ line, subject, other, at }) => ({ code, line, subject, other, at })));
  }
  const whole = await checkWhole(tx, now);
  return { faults: [...found, ...whole].sort((a, b) => a.line - b.line), count: count + whole.length };
}

async function checkWhole(tx: Transaction, now: number): Promise<ImportFault[]> {
  const { rows } = await tx.query<{ spans: number; last: number | null; judging: boolean; object: string | null }>(
    `SELECT count(*) AS spans, max(ends) AS last, EXISTS (SELECT FROM partition_states) AS judging,
       (SELECT object FROM staged_span ORDER BY ends DESC LIMIT 1) AS object FROM staged_span`,
  );
  const { spans = 0, last = null, judging = false, object = null } = rows[0] ?? {};
  if (spans === 0) return [{ code: 'nothing-covered', line: 1, subject: '', other: null, at: null }];
  const latest = judging ? now - SETTLED_AFTER_MS : now;
  return last !== null && last > latest ? [{ code: 'too-recent', line: 1, subject: object ?? '', other: null, at: latest }] : [];
}
