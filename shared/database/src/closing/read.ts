import { ClosedFigureBody } from '@beacontower/contracts';
import { type Account, addMember, EMPTY_PARTIAL, finishPartial } from '@beacontower/domain';
import type { Figure, FigureGroup, FigureQuery } from '../figures/figure.ts';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from '../queries/conditions.ts';
import type { ObjectiveMember } from '../queries/objectives.ts';
import { accountOf } from './columns.ts';

/** One version of a closed figure without what it holds. Times are epoch ms. */
export interface ClosedFigureHead {
  readonly id: string;
  readonly objective: string;
  readonly division: string;
  readonly from: number;
  readonly to: number;
  readonly version: number;
  readonly knownUntil: number;
  readonly closedAt: number;
  readonly closedBy: string;
  readonly reason: string;
  /** Id of the artifact that holds its evidence, packed with gzip. */
  readonly evidence: string | null;
}

/** A version with what it was judged by, its figures, and what changed since the one before. */
export interface ClosedFigure extends ClosedFigureHead {
  readonly body: ClosedFigureBody;
}

export const HEAD_COLUMNS = `f.id, f.objective, f.division, f.period_from AS "from", f.period_to AS "to", f.version, f.known_until AS "knownUntil",
  f.closed_at AS "closedAt", f.closed_by AS "closedBy", f.reason, f.evidence`;

export type HeadRow = { [K in keyof ClosedFigureHead]: ClosedFigureHead[K] };

/** The figure of a period that was closed: the latest version, or the one asked for; undefined when there is none. */
export async function readClosedFigure(
  db: Queryable,
  objective: string,
  from: number,
  to: number,
  version?: number,
): Promise<ClosedFigure | undefined> {
  const result = await db.query<HeadRow & { body: unknown }>(
    `SELECT ${HEAD_COLUMNS}, f.body FROM closed_figures f
     WHERE f.objective = $1 AND f.period_from = $2 AND f.period_to = $3 AND ($4::int IS NULL OR f.version = $4) ORDER BY f.version DESC LIMIT 1`,
    [objective, from, to, version ?? null],
  );
  return figureOf(result.rows[0]);
}

/** A version by its id; undefined when there is none such. */
export async function findClosedFigure(db: Queryable, id: string): Promise<ClosedFigure | undefined> {
  const result = await db.query<HeadRow & { body: unknown }>(`SELECT ${HEAD_COLUMNS}, f.body FROM closed_figures f WHERE f.id = $1`, [id]);
  return figureOf(result.rows[0]);
}

function figureOf(row: (HeadRow & { body: unknown }) | undefined): ClosedFigure | undefined {
  return row && { ...row, body: ClosedFigureBody.parse(row.body) };
}

/** A member of a closed figure as it was then, and what it was accounted. */
export interface ClosedMember extends ObjectiveMember {
  readonly experienced: Account;
  readonly responsible: Account;
}

/** Its members by id, those after `after` first, at most `limit`, inside the scope as the divisions were then. */
export async function readClosedMembers(
  db: Queryable,
  figure: string,
  query: { readonly scope: Scope; readonly after?: string | undefined; readonly limit: number },
): Promise<ClosedMember[]> {
  const where = new Conditions();
  where.equal('e.figure', figure);
  where.add("e.basis = 'experienced'");
  where.within('e.division', query.scope);
  if (query.after !== undefined) where.add(`e.object_id > ${where.value(query.after)}`);
  const limit = where.value(query.limit);
  const columns = (
    side: string,
  ) => `${side}.total_ms AS ${side}_total_ms, ${side}.up_ms AS ${side}_up_ms, ${side}.down_ms AS ${side}_down_ms,
    ${side}.unknown_ms AS ${side}_unknown_ms, ${side}.excluded_ms AS ${side}_excluded_ms, ${side}.degraded_ms AS ${side}_degraded_ms,
    ${side}.down_least_ms AS ${side}_down_least_ms, ${side}.down_most_ms AS ${side}_down_most_ms,
    ${side}.up_with_maintenance_ms AS ${side}_up_with_maintenance_ms, ${side}.down_with_maintenance_ms AS ${side}_down_with_maintenance_ms`;
  const result = await db.query<{ [K in keyof ObjectiveMember]: ObjectiveMember[K] }>(
    `SELECT e.object_id AS id, e.name, e.division, e.party, e.weight, e.resolution_ms AS "resolutionMs", ${columns('e')}, ${columns('r')}
     FROM closed_figure_members e JOIN closed_figure_members r ON r.figure = e.figure AND r.object_id = e.object_id AND r.basis = 'responsible'
     ${where} ORDER BY e.object_id LIMIT ${limit}`,
    where.values,
  );
  return result.rows.map((row) => {
    const { id, name, division, party, weight, resolutionMs } = row;
    const experienced = accountOf(row, 'e_') as Account;
    return { id, name, division, party, weight, resolutionMs, experienced, responsible: accountOf(row, 'r_') as Account };
  });
}

const MEMBERS_AT_ONCE = 5_000;

/** The frozen figure of the members inside a scope, with groups as they are asked for, from the frozen accounts. */
export async function foldClosed(
  db: Queryable,
  closed: ClosedFigure,
  query: Pick<FigureQuery, 'scope' | 'groupBy' | 'depth'>,
  keyOf: (member: ObjectiveMember) => string | null,
): Promise<Figure> {
  const sums = new Map<string | null, ReturnType<typeof emptySum>>();
  const whole = emptySum();
  for (let after: string | undefined; ; ) {
    const members = await readClosedMembers(db, closed.id, { scope: query.scope, after, limit: MEMBERS_AT_ONCE });
    for (const member of members) {
      addTo(whole, member);
      if (query.groupBy === undefined) continue;
      const key = keyOf(member);
      const sum = sums.get(key) ?? emptySum();
      sums.set(key, sum);
      addTo(sum, member);
    }
    if (members.length < MEMBERS_AT_ONCE) break;
    after = members.at(-1)?.id;
  }
  const { aggregate } = closed.body.objective;
  const finish = (key: string | null, sum: ReturnType<typeof emptySum>): FigureGroup => ({
    key,
    members: sum.members,
    resolutionMs: sum.resolutionMs,
    experienced: finishPartial(aggregate, sum.experienced),
    responsible: finishPartial(aggregate, sum.responsible),
  });
  return {
    from: closed.from,
    to: closed.to,
    asOf: closed.knownUntil,
    whole: finish(null, whole),
    groups: [...sums].sort(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1)).map(([key, sum]) => finish(key, sum)),
  };
}

function emptySum() {
  return { members: 0, resolutionMs: 0, experienced: EMPTY_PARTIAL, responsible: EMPTY_PARTIAL };
}

function addTo(sum: ReturnType<typeof emptySum>, member: ClosedMember): void {
  sum.members++;
  sum.resolutionMs = Math.max(sum.resolutionMs, member.resolutionMs);
  sum.experienced = addMember(sum.experienced, member.experienced, member.weight);
  sum.responsible = addMember(sum.responsible, member.responsible, member.weight);
}
