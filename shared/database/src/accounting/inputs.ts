import { divisionCovers, type Interval, type MonitoredObject, objectsCover, partitionOf, type TimelineInput } from '@beacontower/domain';
import { readNodeIdentity } from '../inventory/index.ts';
import { readObjectValidity } from '../inventory/read.ts';
import type { Queryable } from '../pool.ts';
import { readWatermarks } from '../record/partition-states.ts';
import { readTransitions } from '../record/transitions.ts';

/** A live figure is cut here at most this far before now; what lags more than that is unknown, not carried on. */
const TOLERATED_LAG_MS = 120_000;

/** Up to when each object has been judged, and the common moment up to which a figure can be given. */
export interface Judged {
  /** Epoch ms: figures that would reach beyond are cut here. */
  readonly asOf: number;
  /** Of an object that is pinged only ICMP counts: its agent, asked far less often, makes it neither up nor down. */
  untilFor(objectId: string, pinged: boolean): number;
}

/** Reads how far the pipeline has judged. Before the first judgement everything is unknown. */
export async function readJudged(db: Queryable, now: number): Promise<Judged> {
  const identity = await readNodeIdentity(db);
  const watermarks = await readWatermarks(db);
  const partitions = identity?.partitions ?? 1;
  const of = (partition: number, which: 'pinged' | 'all') => Math.min(now, watermarks.get(partition)?.[which] ?? 0);
  const asOf = Math.max(Math.min(...Array.from({ length: partitions }, (_, partition) => of(partition, 'pinged'))), now - TOLERATED_LAG_MS);
  return { asOf, untilFor: (objectId, pinged) => of(partitionOf(objectId, partitions), pinged ? 'pinged' : 'all') };
}

/** Whether ICMP says of the object if it is up or down. Of a circuit whose ends are watched, these do as well. */
export function isPinged(object: Pick<MonitoredObject, 'checks'>): boolean {
  return object.checks.some(({ kind }) => kind === 'icmp') && !object.checks.some(({ kind }) => kind === 'interface');
}

interface MaintenanceRow {
  objects: string[];
  divisions: string[];
  starts_at: number;
  ends_at: number;
}

/** Planned work that counts for `[from, to)`: approved before it began, up to its planned end or its cancellation. */
async function readExclusions(db: Queryable, from: number, to: number): Promise<MaintenanceRow[]> {
  const result = await db.query<MaintenanceRow & { [column: string]: unknown }>(
    `SELECT objects, divisions, starts_at, least(ends_at, coalesce(cancelled_at, ends_at)) AS ends_at FROM maintenance
     WHERE approved_at IS NOT NULL AND approved_at <= starts_at AND starts_at < $2 AND least(ends_at, coalesce(cancelled_at, ends_at)) > $1`,
    [from, to],
  );
  return result.rows;
}

/** Everything the timeline of each object over `[from, to)` is made of. Objects that were never in commission are absent. */
export async function readTimelineInputs(
  db: Queryable,
  objects: readonly string[],
  period: Interval,
  judged: Judged,
): Promise<Map<string, TimelineInput>> {
  const { from, to } = period;
  const validity = await readObjectValidity(db, objects, from, to);
  const present = [...validity.keys()];
  const transitions = await readTransitions(db, present, from, to);
  const maintenance = await readExclusions(db, from, to);
  return new Map(
    present.map((id): [string, TimelineInput] => {
      const versions = validity.get(id) ?? [];
      const covered = (row: MaintenanceRow) =>
        objectsCover(row.objects, id) ||
        row.divisions.some((scope) => versions.some((version) => divisionCovers(scope, version.object.division)));
      return [
        id,
        {
          from,
          to,
          transitions: transitions.get(id) ?? [],
          validity: versions.map((version) => ({ from: version.validFrom, to: version.validTo ?? Number.MAX_SAFE_INTEGER })),
          exclusions: maintenance.filter(covered).map((row) => ({ from: row.starts_at, to: row.ends_at })),
          judgedUntil: judged.untilFor(
            id,
            versions.every(({ object }) => isPinged(object)),
          ),
        },
      ];
    }),
  );
}
