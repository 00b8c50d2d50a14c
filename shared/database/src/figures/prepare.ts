/** What a figure needs to know before anything is summed. */
import type { Calendar } from '@beacontower/domain';
import { readActive } from '../accounting/activity.ts';
import { findScheme, type Judged, readCalendar, readJudged, readStatements, type Scheme, unchangingCalendar } from '../accounting/index.ts';
import { importedResolution } from '../imports/imports.ts';
import type { Queryable } from '../pool.ts';
import { Conditions } from '../queries/conditions.ts';
import { memberConditions } from '../queries/objectives.ts';
import type { ObservedNode } from '../record/observed-nodes.ts';
import type { FigureQuery } from './figure.ts';
import { type FigurePlan, planFigure } from './plan.ts';
import type { SumsQuery } from './sums-sql.ts';

/** A figure about to be read. `sums` is undefined when nobody is a member, or the period is empty. */
export interface Prepared {
  readonly judged: Judged;
  readonly plan: FigurePlan;
  readonly sums: SumsQuery | undefined;
  /** How fine the imported records of the period are, ms; no member is told of more finely. */
  readonly importedMs: number;
}

/** So few members are looked up one by one; of more, tables are read through. */
const FEW = 2_000;

export async function prepare(tx: Queryable, query: FigureQuery): Promise<Prepared> {
  const { objective, from } = query;
  const judged = await readJudged(tx, query.now);
  const to = Math.max(from, Math.min(query.to, judged.asOf));
  const calendar = await calendarOf(tx, query);
  const scheme = await findScheme(tx, objective.timeZone, objective.calendar);
  const plan = planFigure({ from, to }, scheme, calendar, objective.timeZone);
  const sums = to > from ? await sumsQuery(tx, query, { from, to, plan, scheme, judged }) : undefined;
  return { judged, plan, sums, importedMs: await importedResolution(tx, from, to) };
}

async function sumsQuery(
  tx: Queryable,
  { objective, scope }: FigureQuery,
  { from, to, plan, scheme, judged }: { from: number; to: number; plan: FigurePlan; scheme: Scheme | undefined; judged: Judged },
): Promise<SumsQuery | undefined> {
  const conditions = () => memberConditions(objective, scope, from, to);
  const some = conditions();
  const { rows } = await tx.query<{ id: string; key: number | null }>(
    `SELECT i.id, (SELECT k.key FROM object_keys k WHERE k.id = i.id) AS key FROM inventory i ${some} LIMIT ${FEW + 1}`,
    some.values,
  );
  if (rows.length === 0) return undefined;
  const where = conditions();
  const few = rows.length <= FEW;
  if (few) where.add(`i.id = ANY (${where.value([...new Set(rows.map((row) => row.id))])}::text[])`);
  return {
    where,
    plan,
    scheme,
    keys: few ? rows.flatMap((row) => row.key ?? []) : null,
    busy: plan.tail === null ? [] : await busyIn(tx, plan.tail),
    judged: judgedTo(judged, to),
  };
}

/** Whether all of this node's objects are judged up to `to`, by how they are judged; and the other nodes whose record does not come so far. */
function judgedTo(judged: Judged, to: number): SumsQuery['judged'] {
  const late = (of: (node: ObservedNode) => number) => [...judged.nodes.values()].filter((node) => of(node) < to).map(({ node }) => node);
  const composed = Math.min(judged.composedUntil('', true), judged.composedUntil('', false));
  return {
    pinged: { own: judged.untilForAll(true) >= to, late: late((node) => node.pinged) },
    others: { own: judged.untilForAll(false) >= to, late: late((node) => node.all) },
    composed: { own: composed >= to, late: late((node) => node.composed) },
    nodes: [...judged.nodes.keys()],
  };
}

async function calendarOf(
  tx: Queryable,
  { objective, calendar }: { objective: FigureQuery['objective']; calendar?: Calendar | null | undefined },
) {
  return calendar === undefined ? await readCalendar(tx, objective.calendar) : unchangingCalendar(calendar);
}

/** Objects of which something was said in a stretch or after its beginning, or whose time in it is planned or reclassified. */
async function busyIn(tx: Queryable, { from, to }: { from: number; to: number }): Promise<string[]> {
  const active = await readActive(tx, from);
  const { planned, reclassified } = await readStatements(tx, from, to);
  const covers = [...planned, ...reclassified.filter(({ effect }) => effect !== 'charge')];
  if (covers.length === 0) return active;
  const where = new Conditions();
  where.add("i.entity = 'object' AND i.superseded_at IS NULL");
  const objects = where.value(covers.flatMap((cover) => cover.objects));
  const inside = where.coverage('i.division', [...new Set(covers.flatMap((cover) => cover.divisions))]);
  where.add(`(i.id = ANY (${objects}::text[]) OR split_part(i.id, '/', 1) = ANY (${objects}::text[]) OR ${inside})`);
  const { rows } = await tx.query<{ id: string }>(`SELECT DISTINCT i.id FROM inventory i ${where}`, where.values);
  return [...new Set([...active, ...rows.map((row) => row.id)])];
}
