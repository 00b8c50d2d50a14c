import { ConditionFacts, type IncidentSummary, LinkFacts, type TitleParts, titlesOf } from '@beacontower/contracts';
import type { ObjectKind } from '@beacontower/domain';
import { ENGLISH_NAME_OF_ANY } from './english-name.ts';

/** What of a row of incidents its title was made from. */
export interface TitledRow {
  readonly kind: IncidentSummary['kind'];
  readonly severity: IncidentSummary['severity'];
  readonly title: string;
  readonly facts: unknown;
  /** Of its cause, or its objective, as the inventory has it now, or had it last; null: it never had. */
  readonly named: { readonly kind: ObjectKind; readonly name: string; readonly nameEn: string | null } | null;
}

/** Of a SELECT from `incidents n`: the column `named`. */
export const TITLE_NAMES = `(SELECT jsonb_build_object('kind', i.kind, 'name', i.name, 'nameEn', ${ENGLISH_NAME_OF_ANY})
  FROM inventory i WHERE i.entity = CASE WHEN n.objective IS NULL THEN 'object' ELSE 'objective' END AND i.id = coalesce(n.objective, n.cause_object)
    AND i.superseded_at IS NULL ORDER BY i.valid_from DESC LIMIT 1) AS named`;

/** The title in both languages; null where it was made otherwise. */
export function titlesOfRow(row: TitledRow): IncidentSummary['titles'] {
  const parts = partsOf(row);
  return parts === null ? null : titlesOf(row.title, parts);
}

function partsOf({ kind, severity, facts, named }: TitledRow): TitleParts | null {
  if (kind === 'link') {
    const node = LinkFacts.pick({ name: true, nameEn: true }).safeParse(facts).data;
    return node === undefined ? null : { kind, node };
  }
  if (named === null) return null;
  switch (kind) {
    case 'outage':
      return { kind, object: named, severity };
    case 'flapping':
      return { kind, object: named };
    case 'early-warning':
      return { kind, objective: named };
    case 'condition': {
      const condition = ConditionFacts.pick({ name: true, nameEn: true }).safeParse(facts).data;
      return condition === undefined ? null : { kind, object: named, condition };
    }
  }
}
