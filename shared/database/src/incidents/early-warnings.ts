/** Early warnings are incidents whose cause is an objective: they have no members, no party, and the division and class of the objective. */
import { EarlyWarning, type IncidentBody } from '@beacontower/contracts';
import { causeOfWarning, type ObjectClass, type Severity } from '@beacontower/domain';
import { appendLog } from '../log.ts';
import { insertNotices } from '../notices/notices.ts';
import type { Queryable } from '../pool.ts';
import { insertIncidentEvents } from './incidents.ts';

/** The early warning of an objective that is under way. */
export interface ActiveWarning {
  readonly id: string;
  readonly objective: string;
  readonly severity: Severity;
  readonly [column: string]: unknown;
}

/** A change of an objective's early warning; `about` is what it is about now. Times are epoch ms. */
export type WarningChange = { readonly about: EarlyWarning; readonly at: number } & (
  | {
      readonly change: 'opened';
      readonly id: string;
      readonly severity: Severity;
      readonly title: string;
      readonly division: string;
      readonly class: ObjectClass;
    }
  | { readonly change: 'escalated'; readonly id: string; readonly severity: Severity }
  | { readonly change: 'resolved'; readonly id: string; readonly reason: WarningEnding }
);

/** Nothing burns too fast any more; or the objective, or its warnings, are no longer in the inventory. */
export const WARNING_ENDINGS = ['recovered', 'retired', 'unwatched'] as const;
export type WarningEnding = (typeof WARNING_ENDINGS)[number];

/** The early warnings under way, by objective: at most one each. */
export async function readActiveWarnings(db: Queryable): Promise<Map<string, ActiveWarning>> {
  const result = await db.query<ActiveWarning>(
    `SELECT id, objective, severity FROM incidents WHERE kind = 'early-warning' AND home IS NULL AND state IN ('open', 'acknowledged')`,
  );
  return new Map(result.rows.map((row) => [row.objective, row]));
}

/**
 * Writes a change with its line in the timeline and its log row, from which the alerting tells people. False when it is not so any
 * more: a warning of the objective is already under way, or this one is not.
 */
export async function writeWarningChange(tx: Queryable, change: WarningChange): Promise<boolean> {
  const row = await applyChange(tx, change);
  if (!row) return false;
  const { about, at, id } = change;
  const said = change.change === 'resolved' ? { reason: change.reason } : { reason: 'budget-burns', severity: change.severity };
  await insertIncidentEvents(tx, [{ incident: id, at, kind: change.change, actor: 'system', detail: { ...said, warning: about } }]);
  const body: IncidentBody = { incident: id, ...row, change: change.change, cause: causeOfWarning(about.objective), object: null };
  await appendLog(tx, [{ kind: 'incident', subject: id, body, eventAt: at }], at);
  const occasion = change.change === 'escalated' ? change.severity : '';
  const resolution = change.change === 'resolved' ? { resolution: change.reason } : {};
  await insertNotices(tx, [{ incident: id, step: change.change, occasion, body: resolution, decidedAt: at, dueAt: at }], at);
  return true;
}

type Written = Pick<IncidentBody, 'number' | 'state' | 'severity'>;

async function applyChange(tx: Queryable, change: WarningChange): Promise<Written | undefined> {
  const { id, at } = change;
  const returning = 'RETURNING number, state, severity';
  const under = `state IN ('open', 'acknowledged')`;
  if (change.change === 'escalated') {
    const sql = `UPDATE incidents SET severity = $2, revision = revision + 1 WHERE id = $1 AND ${under} ${returning}`;
    return (await tx.query<Written>(sql, [id, change.severity])).rows[0];
  }
  if (change.change === 'resolved') {
    const sql = `UPDATE incidents SET state = 'resolved', resolved_at = greatest($2, started_at), revision = revision + 1 WHERE id = $1 AND ${under} ${returning}`;
    return (await tx.query<Written>(sql, [id, at])).rows[0];
  }
  const { about, severity, division, title } = change;
  const result = await tx.query<Written>(
    `INSERT INTO incidents (id, kind, objective, state, severity, cause_object, division, party, class, title, started_at, started_earliest, started_latest, opened_at)
     VALUES ($1, 'early-warning', $2, 'open', $3, $4, $5, NULL, $6, $7, $8, $8, $8, $8) ON CONFLICT DO NOTHING ${returning}`,
    [id, about.objective, severity, causeOfWarning(about.objective), division, change.class, title, at],
  );
  return result.rows[0];
}

/** What an early warning was about when it last changed in a way, and the reason given then. */
export interface WarningFacts {
  readonly warning: EarlyWarning;
  readonly reason: string;
}

/** Of each early warning, what it was about when it was opened, escalated and resolved: `get(id)?.get('opened')`. Outages are not in it. */
export async function readWarningFacts(tx: Queryable, incidents: readonly string[]): Promise<Map<string, Map<string, WarningFacts>>> {
  const result = await tx.query<{ incident: string; kind: string; reason: string; warning: unknown }>(
    `SELECT DISTINCT ON (incident_id, kind) incident_id AS incident, kind, detail ->> 'reason' AS reason, detail -> 'warning' AS warning
     FROM incident_events WHERE incident_id = ANY ($1::uuid[]) AND detail ? 'warning' ORDER BY incident_id, kind, id DESC`,
    [incidents],
  );
  const facts = new Map<string, Map<string, WarningFacts>>();
  for (const { incident, kind, reason, warning } of result.rows) {
    const of = facts.get(incident) ?? new Map<string, WarningFacts>();
    facts.set(incident, of.set(kind, { warning: EarlyWarning.parse(warning), reason }));
  }
  return facts;
}
