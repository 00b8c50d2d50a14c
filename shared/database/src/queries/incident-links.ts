/** What an incident has to do with others, and who was told of it. */
import { type IncidentLink, type IncidentTold, timestampOrNull } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from './conditions.ts';
import type { IncidentViewRow } from './incidents.ts';
import { TITLE_NAMES, type TitledRow, titlesOfRow } from './title-names.ts';

export interface IncidentLinks {
  readonly merged: IncidentLink[];
  readonly splitFrom: IncidentLink | null;
  readonly splits: IncidentLink[];
}

type LinkRow = TitledRow &
  Pick<IncidentLink, 'id' | 'number' | 'state'> & {
    readonly mergedInto: string | null;
    readonly splitFrom: string | null;
    readonly [column: string]: unknown;
  };

/** Incidents of the scope that were merged into this one, split from it, or from which it was split. */
export async function linksOf(db: Queryable, row: Pick<IncidentViewRow, 'id' | 'split_from'>, scope: Scope): Promise<IncidentLinks> {
  const where = new Conditions();
  const id = where.value(row.id);
  where.add(`(n.merged_into = ${id} OR n.split_from = ${id} OR n.id = ${where.value(row.split_from)}::uuid)`);
  where.within('n.division', scope);
  const result = await db.query<LinkRow>(
    `SELECT n.id, n.number, n.kind, n.severity, n.title, n.facts, ${TITLE_NAMES}, n.state, n.merged_into AS "mergedInto", n.split_from AS "splitFrom"
     FROM incidents n ${where} ORDER BY n.number`,
    where.values,
  );
  const link = (row: LinkRow): IncidentLink => {
    const { id, number, title, state } = row;
    return { id, number, title, titles: titlesOfRow(row), state };
  };
  const origin = result.rows.find((other) => other.id === row.split_from);
  return {
    merged: result.rows.filter((other) => other.mergedInto === row.id).map(link),
    splitFrom: origin === undefined ? null : link(origin),
    splits: result.rows.filter((other) => other.splitFrom === row.id).map(link),
  };
}

interface ToldRow extends Omit<IncidentTold, 'firstAt'> {
  readonly firstAt: number | null;
  readonly [column: string]: unknown;
}

/** What became of the messages about an incident, by contact and channel. */
export async function toldOf(db: Queryable, incident: string): Promise<IncidentTold[]> {
  const result = await db.query<ToldRow>(
    `SELECT d.contact, c.name, d.channel,
       count(*) FILTER (WHERE d.state = 'delivered') AS delivered,
       count(*) FILTER (WHERE d.state = 'uncertain') AS uncertain,
       count(*) FILTER (WHERE d.state IN ('waiting', 'grouped', 'pending', 'sending', 'retrying')) AS "underWay",
       count(*) FILTER (WHERE d.state = 'withheld') AS withheld,
       count(*) FILTER (WHERE d.state = 'dead') AS failed,
       coalesce(array_agg(d.step ORDER BY d.created_at, d.id) FILTER (WHERE d.state IN ('delivered', 'uncertain')), '{}') AS steps,
       min(d.finished_at) FILTER (WHERE d.state = 'delivered') AS "firstAt"
     FROM deliveries d
     LEFT JOIN inventory c ON c.entity = 'contact' AND c.id = d.contact AND c.superseded_at IS NULL AND c.valid_to IS NULL
     WHERE d.incident_id = $1 GROUP BY d.contact, c.name, d.channel ORDER BY d.contact, d.channel`,
    [incident],
  );
  return result.rows.map((row) => ({ ...row, firstAt: timestampOrNull(row.firstAt) }));
}
