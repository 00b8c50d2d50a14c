import { type NewReport, NodeBody, type ReportOrder } from '@beacontower/contracts';
import { type Interval, parsePeriod } from '@beacontower/domain';
import { readCurrentEntities } from '../inventory/index.ts';
import type { Queryable } from '../pool.ts';
import { type Scope, scopeCovers } from '../queries/conditions.ts';
import { findObjective } from '../queries/objectives.ts';

/** Why a report is not made. `field` is the one to be put right, `expected` what would have been. */
export class ReportRefused extends Error {
  readonly code: 'invalid-report' | 'outside-scope' | 'period-in-the-future';
  readonly field: string;
  readonly expected: string;
  constructor(code: ReportRefused['code'], field: string, message: string, expected: string) {
    super(message);
    this.name = 'ReportRefused';
    this.code = code;
    this.field = field;
    this.expected = expected;
  }
}

/**
 * Makes an order of what was asked for: time zone, division and language filled in, period resolved, objectives looked up. A
 * running period is allowed, one that has not begun is refused. Throws `ReportRefused`.
 */
export async function orderReport(db: Queryable, asked: NewReport, scope: Scope, now: number): Promise<ReportOrder> {
  const node = NodeBody.optional().parse((await readCurrentEntities(db, 'node'))[0]);
  const timeZone = asked.timeZone ?? node?.timeZone ?? 'UTC';
  const { from, to, label } = resolvePeriod(asked.period, timeZone);
  if (from >= now)
    throw new ReportRefused('period-in-the-future', 'period', 'the period has not begun', 'a period that has begun, or has ended');
  const division = asked.division ?? defaultDivision(scope, node?.division);
  if (!scopeCovers(scope, division))
    throw new ReportRefused('outside-scope', 'division', `"${division}" is not within your divisions`, scope.join(', '));
  if (asked.division !== undefined && !(await isKnown(db, division)))
    throw new ReportRefused(
      'invalid-report',
      'division',
      `there is no division "${division}"`,
      'a path of the configuration, such as cn.gd',
    );
  for (const [index, id] of (asked.objectives ?? []).entries()) {
    if (!(await findObjective(db, id, [division])))
      throw new ReportRefused(
        'invalid-report',
        `objectives.${index}`,
        `there is no objective "${id}" of ${division}`,
        'ids as GET /api/v1/objectives gives them',
      );
  }
  const languages = asked.languages ?? [asked.language ?? node?.language ?? 'zh'];
  return { kind: asked.kind, from, to, label, timeZone, division, objectives: asked.objectives ?? null, languages, formats: asked.formats };
}

/** A division that has a name, or in which anything is or once was: a slip of the pen must not pass for one without outages. */
async function isKnown(db: Queryable, division: string): Promise<boolean> {
  const result = await db.query(
    `SELECT FROM inventory WHERE superseded_at IS NULL AND ((entity = 'division' AND id = $1)
       OR (entity IN ('node', 'object', 'objective') AND (division = $1 OR starts_with(division, $1 || '.')))) LIMIT 1`,
    [division],
  );
  return result.rowCount === 1;
}

function defaultDivision(scope: Scope, ofNode: string | undefined): string {
  if (ofNode !== undefined && scopeCovers(scope, ofNode)) return ofNode;
  const [only] = scope;
  if (scope.length === 1 && only !== undefined && only !== '') return only;
  throw new ReportRefused('invalid-report', 'division', 'is missing', `one of your divisions: ${scope.join(', ')}`);
}

function resolvePeriod(asked: NewReport['period'], timeZone: string): Interval & { readonly label: string | null } {
  try {
    // Throws on a time zone that there is not.
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new ReportRefused('invalid-report', 'timeZone', `there is no time zone "${timeZone}"`, 'an IANA name such as Asia/Shanghai');
  }
  if (typeof asked !== 'string') return { from: asked.from, to: asked.to, label: null };
  const period = parsePeriod(asked, timeZone);
  if (period === null)
    throw new ReportRefused('invalid-report', 'period', `there is no period "${asked}"`, 'a period of the calendar, such as 2018-H1');
  return { from: period.from, to: period.to, label: period.label };
}
