/** What a silence would be about, before it is made. */
import { PREVIEW_LIMIT, type SilencePreview, type SilencePreviewRequest, timestamp } from '@beacontower/contracts';
import { type Silence, silenceCovers, type Withholdable, type Withholders, withholdingOf, withholdingText } from '@beacontower/domain';
import { readFlapping } from '../incidents/flapping.ts';
import { readMaintenanceWindows, readSilences } from '../incidents/withholding.ts';
import type { Queryable } from '../pool.ts';
import { Conditions, type Scope } from './conditions.ts';

type IncidentView = SilencePreview['incidents']['first'][number];
type IncidentRow = Withholdable & Omit<IncidentView, 'openedAt' | 'withheld'> & { openedAt: number; [column: string]: unknown };

/** Counts what a silence would cover of what lies in the scope. `now`: epoch ms. */
export async function previewSilence(db: Queryable, request: SilencePreviewRequest, scope: Scope, now: number): Promise<SilencePreview> {
  const startsAt = request.startsAt ?? now;
  const silence: Silence = { ...request, id: 'preview', startsAt, endedAt: null };
  const holders = {
    silences: await readSilences(db, now),
    maintenance: await readMaintenanceWindows(db, now),
    flapping: await readFlapping(db),
  };
  const incidents = (await openIncidents(db, scope)).filter((incident) => silenceCovers(silence, incident));
  const ids = incidents.map(({ id }) => id);
  return {
    startsAt: timestamp(startsAt),
    endsAt: timestamp(request.endsAt),
    objects: await coveredObjects(db, silence, scope),
    incidents: { total: incidents.length, first: incidents.slice(0, PREVIEW_LIMIT).map((incident) => viewOf(incident, holders, now)) },
    withheldNow: await countOf(db, "deliveries WHERE incident_id = ANY ($1::uuid[]) AND state = 'withheld'", [ids]),
    wouldWithhold: await countOf(
      db,
      "notices WHERE incident_id = ANY ($1::uuid[]) AND taken_at IS NULL AND step <> 'resolved' AND due_at >= $2 AND due_at < $3",
      [ids, startsAt, request.endsAt],
    ),
  };
}

/** Every incident under way in the scope, the oldest first. */
async function openIncidents(db: Queryable, scope: Scope): Promise<IncidentRow[]> {
  const where = new Conditions();
  where.add("n.state IN ('open', 'acknowledged')");
  where.within('n.division', scope);
  const result = await db.query<IncidentRow>(
    `SELECT n.id, n.number, n.title, n.severity, n.kind, n.state, n.class, n.division, n.party, n.cause_object AS object,
       n.opened_at AS "openedAt", n.merged_into AS "mergedInto" FROM incidents n ${where} ORDER BY n.number`,
    where.values,
  );
  return result.rows;
}

/** Objects of today that the silence covers, whatever may come to be said of them; those of the scope. */
async function coveredObjects(db: Queryable, silence: Silence, scope: Scope): Promise<SilencePreview['objects']> {
  const { objects, divisions, classes, parties } = silence;
  const where = new Conditions();
  where.add("i.entity = 'object' AND i.superseded_at IS NULL AND i.valid_to IS NULL");
  where.within('i.division', scope);
  if (objects.length + divisions.length > 0) {
    const named = where.value(objects);
    // An object is covered with the device whose interface it is.
    const byName = `i.id = ANY (${named}::text[]) OR split_part(i.id, '/', 1) = ANY (${named}::text[])`;
    where.add(`(${byName} OR ${where.coverage('i.division', divisions)})`);
  }
  if (classes.length > 0) where.add(`i.class = ANY (${where.value(classes)}::text[])`);
  if (parties.length > 0) where.add(`i.body ->> 'party' = ANY (${where.value(parties)}::text[])`);
  const total = await countOf(db, `inventory i ${where}`, where.values);
  const first = await db.query<SilencePreview['objects']['first'][number] & { [column: string]: unknown }>(
    `SELECT i.id, i.name, i.class FROM inventory i ${where} ORDER BY i.id LIMIT ${PREVIEW_LIMIT}`,
    where.values,
  );
  return { total, first: first.rows };
}

async function countOf(db: Queryable, from: string, values: unknown[]): Promise<number> {
  const result = await db.query<{ count: number }>(`SELECT count(*) AS count FROM ${from}`, values);
  return result.rows[0]?.count ?? 0;
}

function viewOf(incident: IncidentRow, holders: Withholders, now: number): IncidentView {
  const { id, number, title, severity, kind, state, object, openedAt } = incident;
  const withheld = withholdingOf(incident, holders, now);
  return {
    id,
    number,
    title,
    severity,
    kind,
    state,
    object,
    openedAt: timestamp(openedAt),
    withheld: withheld && withholdingText(withheld),
  };
}
