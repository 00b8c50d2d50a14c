/** What an outage is told with: the incident it belongs to, and the name of what caused it. */
import type { IncidentSummary } from '@beacontower/contracts';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from '../queries/conditions.ts';
import { TITLE_NAMES, type TitledRow, titlesOfRow } from '../queries/title-names.ts';

/** An incident as an outage refers to it. */
export interface OutageIncident {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly titles: IncidentSummary['titles'];
  /** The object that caused it, with its name of today (or its last). */
  readonly cause: string | null;
  readonly causeName: string | null;
  readonly causeNameEn: string | null;
}

/** Those of the incidents that the scope may see, by id. */
export async function readOutageIncidents(db: Queryable, ids: readonly string[], scope: Scope): Promise<Map<string, OutageIncident>> {
  if (ids.length === 0) return new Map();
  const where = new Conditions();
  where.add(`n.id = ANY (${where.value([...new Set(ids)])}::uuid[])`);
  where.within('n.division', scope);
  const { rows } = await db.query<TitledRow & Pick<OutageIncident, 'id' | 'number' | 'cause'> & { readonly [column: string]: unknown }>(
    `SELECT n.id, n.number, n.kind, n.severity, n.title, n.facts, n.cause_object AS cause, ${TITLE_NAMES} FROM incidents n ${where}`,
    where.values,
  );
  return new Map(
    rows.map((row) => {
      const { id, number, title, cause, named } = row;
      return [
        id,
        { id, number, title, titles: titlesOfRow(row), cause, causeName: named?.name ?? null, causeNameEn: named?.nameEn ?? null },
      ];
    }),
  );
}
