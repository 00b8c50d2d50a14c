/** Outages are charged whole, so both ends of one are read wherever it was met. What has no length interrupts none. */
import type { Interval } from '@beacontower/domain';
import type pg from 'pg';
import type { Queryable } from '../pool.ts';

/** The first and the last transition that were read of an object, by `at`, then id. */
export interface ReadEnds {
  readonly subject: string;
  readonly first: ReadTransition;
  readonly last: ReadTransition;
}

interface ReadTransition {
  readonly at: number;
  readonly id: number;
  readonly from: string;
  readonly to: string;
}

const IN_FORCE = (alias: string) => `${alias}.subject = s.subject AND ${alias}.superseded_at IS NULL`;

/** SQL: when the outage that goes on before a bound began; `s` has the subject, the condition bounds `b`. */
const outageBegan = (bound: string): string =>
  `(SELECT b.at FROM transitions b WHERE ${IN_FORCE('b')} AND ${bound} AND b.to_state = 'down' AND b.from_state <> 'down'
     AND NOT EXISTS (SELECT FROM transitions p WHERE ${IN_FORCE('p')} AND p.at = b.at AND p.id < b.id AND p.from_state = 'down')
   ORDER BY b.at DESC, b.id DESC LIMIT 1)`;

/** SQL: when the outage that goes on after a bound ends. */
const outageEnds = (bound: string): string =>
  `(SELECT b.at FROM transitions b WHERE ${IN_FORCE('b')} AND ${bound} AND b.from_state = 'down' AND b.to_state <> 'down'
     AND NOT EXISTS (SELECT FROM transitions n WHERE ${IN_FORCE('n')} AND n.at = b.at AND n.id > b.id AND n.to_state = 'down')
   ORDER BY b.at, b.id LIMIT 1)`;

/** SQL: the earliest that the outage can have begun in which `s.subject` was just before a moment; null when it was not down. */
export const outageEarliest = (moment: string): string =>
  `CASE WHEN (${stateAt('to_state', `t.at < ${moment}`, 'DESC')}) = 'down' THEN (
     SELECT min(t.earliest) FROM transitions t WHERE ${IN_FORCE('t')} AND t.at < ${moment} AND t.at >= ${outageBegan(`b.at < ${moment}`)}) END`;

/** SQL: the latest that the outage can have ended in which `s.subject` was at a moment; null when it was not down, or still is. */
export const outageLatest = (moment: string): string =>
  `CASE WHEN (${stateAt('from_state', `t.at >= ${moment}`, 'ASC')}) = 'down' THEN (
     SELECT max(t.latest) FROM transitions t WHERE ${IN_FORCE('t')} AND t.at >= ${moment} AND t.at <= ${outageEnds(`b.at >= ${moment}`)}) END`;

const stateAt = (column: string, bound: string, order: 'ASC' | 'DESC'): string =>
  `SELECT t.${column} FROM transitions t WHERE ${IN_FORCE('t')} AND ${bound} ORDER BY t.at ${order}, t.id ${order} LIMIT 1`;

/** What was read of an object because it meets a period, in any order. */
export interface ReadMeeting {
  readonly subject: string;
  readonly transitions: readonly { readonly at: number; readonly earliest: number }[];
}

/**
 * Everything between the first and the last that were read of those objects of which something may be missing there: an edge so wide
 * that it meets the period from outside may reach over others that do not. In order, what was read included; other objects are absent.
 */
export async function readBetween<R extends pg.QueryResultRow>(
  db: Queryable,
  columns: string,
  read: readonly ReadMeeting[],
  { from, to }: Interval,
): Promise<R[]> {
  const wide = read.filter(({ transitions }) => {
    const isOver = transitions.some(({ at, earliest }) => at >= to && earliest < to);
    return isOver || transitions.filter(({ at }) => at < from).length > 1;
  });
  if (wide.length === 0) return [];
  const { rows } = await db.query<R>(
    `SELECT ${columns} FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS s (subject, first, last)
       JOIN transitions t ON ${IN_FORCE('t')} AND t.at BETWEEN s.first AND s.last ORDER BY t.subject, t.at, t.id`,
    [
      wide.map(({ subject }) => subject),
      wide.map(({ transitions }) => transitions.reduce((least, { at }) => Math.min(least, at), Number.MAX_SAFE_INTEGER)),
      wide.map(({ transitions }) => transitions.reduce((most, { at }) => Math.max(most, at), Number.MIN_SAFE_INTEGER)),
    ],
  );
  return rows;
}

/**
 * The transitions in force before the first and after the last that were read, as far as they belong to an outage that these lie in:
 * `columns` of the table `t`, in no order.
 */
export async function readOutageEnds<R extends pg.QueryResultRow>(db: Queryable, columns: string, read: readonly ReadEnds[]): Promise<R[]> {
  const begins = read
    .filter(({ first }) => first.from === 'down' || first.to === 'down')
    .map(({ subject, first }) => ({ subject, ...first }));
  const ends = read.filter(({ last }) => last.from === 'down' || last.to === 'down').map(({ subject, last }) => ({ subject, ...last }));
  if (begins.length + ends.length === 0) return [];
  const given = (rows: typeof begins) => [rows.map(({ subject }) => subject), rows.map(({ at }) => at), rows.map(({ id }) => id)];
  const { rows } = await db.query<R>(
    `SELECT ${columns} FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS s (subject, at, id)
       JOIN transitions t ON ${IN_FORCE('t')} AND (t.at, t.id) < (s.at, s.id)
         AND t.at >= coalesce(${outageBegan('(b.at, b.id) <= (s.at, s.id)')}, s.at)
     UNION
     SELECT ${columns} FROM unnest($4::text[], $5::bigint[], $6::bigint[]) AS s (subject, at, id)
       JOIN transitions t ON ${IN_FORCE('t')} AND (t.at, t.id) > (s.at, s.id)
         AND t.at <= coalesce(${outageEnds('(b.at, b.id) >= (s.at, s.id)')}, s.at)`,
    [...given(begins), ...given(ends)],
  );
  return rows;
}
