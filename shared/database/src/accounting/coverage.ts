import { divisionCovers, type Interval, intersect, isSaidOf, objectsCover, subtract, union } from '@beacontower/domain';
import type { Queryable } from '../pool.ts';
import { type Reclassification, readReclassifications } from '../reclassifications/index.ts';
import { saidOfNodes } from '../record/observed-nodes.ts';

/** A version of an object in commission, as far as accounts look at it. */
export interface CommissionSpan extends Interval {
  readonly division: string;
  readonly party: string | null;
}

/** Planned work that is left out of the count: approved before it began, up to its planned end or its cancellation. */
export interface PlannedWork extends Interval {
  readonly objects: readonly string[];
  readonly divisions: readonly string[];
  /** Of a node below: it is said of the objects of these nodes alone. */
  readonly nodes?: readonly string[];
}

/** What is said of time: planned work, and reclassifications in the order in which they were made. */
export interface Statements {
  readonly planned: readonly PlannedWork[];
  readonly reclassified: readonly Reclassification[];
}

/** Planned work that counts for `[from, to)`. */
export async function readPlannedWork(db: Queryable, from: number, to: number): Promise<PlannedWork[]> {
  const result = await db.query<{ objects: string[]; divisions: string[]; nodes: string[] | null; from: number; to: number }>(
    `SELECT objects, divisions, ${saidOfNodes('maintenance')} AS nodes, starts_at AS from, least(ends_at, coalesce(cancelled_at, ends_at)) AS to FROM maintenance
     WHERE approved_at IS NOT NULL AND approved_at <= starts_at AND starts_at < $2 AND least(ends_at, coalesce(cancelled_at, ends_at)) > $1`,
    [from, to],
  );
  return result.rows.map(({ nodes, ...work }) => (nodes === null ? work : { ...work, nodes }));
}

export async function readStatements(db: Queryable, from: number, to: number): Promise<Statements> {
  return { planned: await readPlannedWork(db, from, to), reclassified: await readReclassifications(db, from, to) };
}

/** The parts of a span in which what names objects and divisions covers an object: a division covers it while it lies there. */
export function coveredSpans(
  cover: { readonly objects: readonly string[]; readonly divisions: readonly string[]; readonly nodes?: readonly string[] },
  span: Interval,
  object: string,
  versions: readonly CommissionSpan[],
): Interval[] {
  if (!isSaidOf(cover.nodes, object)) return [];
  if (objectsCover(cover.objects, object)) return [span];
  if (cover.divisions.includes('')) return [span];
  if (cover.divisions.length === 0) return [];
  const inside = versions.filter(({ division }) => cover.divisions.some((scope) => divisionCovers(scope, division)));
  return intersect(union(inside), [span]);
}

/** The planned time of an object: planned work, then what was reclassified: `exclude` adds its span, `count` takes its span back. */
export function exclusionsOf(statements: Statements, object: string, versions: readonly CommissionSpan[]): Interval[] {
  let spans = union(statements.planned.flatMap((work) => coveredSpans(work, { from: work.from, to: work.to }, object, versions)));
  for (const stated of statements.reclassified) {
    if (stated.effect === 'charge') continue;
    const parts = coveredSpans(stated, { from: stated.startsAt, to: stated.endsAt }, object, versions);
    if (parts.length > 0) spans = stated.effect === 'exclude' ? union([...spans, ...parts]) : subtract(spans, parts);
  }
  return spans;
}
