import { knownObjects, readReclassifications, readReportedWork } from '@beacontower/database';
import { divisionCovers } from '@beacontower/domain';
import type { Listing, Named, PlannedWork, ReclassificationEntry } from '../model/model.ts';
import type { BuildContext } from './context.ts';

const MOST_WORK = 50;
const MOST_RECLASSIFICATIONS = 200;
const MOST_COVERED = 10;

/** Planned work in the period, the longest first, what was not approved in time included. */
export async function plannedWork({ database, order, names }: BuildContext): Promise<Listing<PlannedWork>> {
  const { from, to, division } = order;
  const { items: read, total } = await readReportedWork(database, { from, to, division, limit: MOST_WORK });
  const items = await confined(database, division, read);
  const cover = await covering(names, items);
  return {
    total,
    items: items.map((work) => ({
      id: work.id,
      title: work.title,
      from: work.from,
      to: work.to,
      approvedAt: work.approvedAt,
      approvedBy: work.approvedBy,
      cancelledAt: work.cancelledAt,
      excluded: work.approvedAt !== null && work.approvedAt <= work.from && (work.cancelledAt === null || work.cancelledAt > work.from),
      covers: cover(work),
    })),
  };
}

/** What was said of the period afterwards and is in force. */
export async function reclassifications({ database, order, names }: BuildContext): Promise<Listing<ReclassificationEntry>> {
  const read = await readReclassifications(database, order.from, order.to);
  const all = (await confined(database, order.division, read)).filter(({ objects, divisions }) => objects.length + divisions.length > 0);
  const items = all.slice(0, MOST_RECLASSIFICATIONS);
  const cover = await covering(names, items);
  const party = await names.of(
    'party',
    items.flatMap((item) => item.party ?? []),
  );
  return {
    total: all.length,
    items: items.map((item) => ({
      id: item.id,
      effect: item.effect,
      from: item.startsAt,
      to: item.endsAt,
      covers: cover(item),
      party: item.party === null ? null : party(item.party),
      reason: item.reason,
      recordedAt: item.recordedAt,
      recordedBy: item.recordedBy,
    })),
  };
}

interface Covering {
  readonly objects: readonly string[];
  readonly divisions: readonly string[];
}

/** What covers several divisions, without those outside the report's: they are none of its business. */
async function confined<T extends Covering>(database: BuildContext['database'], division: string, items: readonly T[]): Promise<T[]> {
  const objects = await knownObjects(
    database,
    items.flatMap((item) => item.objects),
    [division],
  );
  const isOwn = (path: string) => divisionCovers(division, path) || divisionCovers(path, division);
  return items.map((item) => ({
    ...item,
    objects: item.objects.filter((id) => objects.has(id)),
    divisions: item.divisions.filter(isOwn),
  }));
}

async function covering(names: BuildContext['names'], items: readonly Covering[]) {
  const divisions = await names.of(
    'division',
    items.flatMap((item) => item.divisions.slice(0, MOST_COVERED)),
  );
  const objects = await names.of(
    'object',
    items.flatMap((item) => item.objects.slice(0, MOST_COVERED)),
  );
  return (item: Covering): Listing<Named> => ({
    items: [...item.divisions.map(divisions), ...item.objects.slice(0, MOST_COVERED).map(objects)].slice(0, MOST_COVERED),
    total: item.divisions.length + item.objects.length,
  });
}
