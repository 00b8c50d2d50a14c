/** Lets go what waits in groups: singly, or several in one message. */
import { DEFAULT_GROUPING } from '@beacontower/contracts';
import {
  carry,
  letGo,
  type NewCarrier,
  type Queryable,
  readGroups,
  readWaiting,
  saveGroups,
  type WaitingDelivery,
} from '@beacontower/database';
import { type Grouping, type GroupState, judgeGroup, QUIET_GROUP, type RoutingMoment, routeOfGroup } from '@beacontower/domain';
import { stableUuid } from '../identifiers.ts';

export interface Flushed {
  /** What is due now, for the bus: rows that go by themselves, and carriers. */
  readonly due: readonly { readonly id: string; readonly attempt: number }[];
  /** What became of the rows that had waited. */
  readonly rows: readonly { readonly id: string; readonly incident: string; readonly state: 'pending' | 'grouped' }[];
  readonly carriers: number;
}

/** Groups in which something waits and whose time has come, or which something joined: `released` are those let go together. */
export async function flushGroups(
  tx: Queryable,
  keys: readonly string[],
  released: ReadonlySet<string>,
  moment: RoutingMoment,
): Promise<Flushed> {
  const now = moment.at;
  const waiting = byGroup(await readWaiting(tx, keys));
  const states = await readGroups(tx, keys);
  const singles: WaitingDelivery[] = [];
  const carriers: NewCarrier[] = [];
  const saved: (GroupState & { readonly key: string })[] = [];
  for (const key of new Set(keys)) {
    const rows = waiting.get(key) ?? [];
    const grouping = groupingOf(key, moment);
    const before = states.get(key) ?? QUIET_GROUP;
    if (rows.length === 0) {
      if (before.flushAt !== null) saved.push({ key, ...before, flushAt: null });
      continue;
    }
    const isUrgent = rows.some(({ severity }) => grouping.skipWait.includes(severity));
    const decision = judgeGroup(before, grouping, { count: rows.length, isUrgent, isReleased: released.has(key) }, now);
    saved.push({ key, ...decision.state });
    if (decision.send === 'nothing') continue;
    const [first] = rows;
    if (first && decision.send === 'together' && rows.length > 1) {
      carriers.push({ id: stableUuid('carrier', first.id), carries: rows, most: grouping.most });
    } else singles.push(...rows);
  }
  await letGo(
    tx,
    singles.map(({ id }) => id),
    now,
  );
  await carry(tx, carriers, now);
  await saveGroups(tx, saved, now);
  return {
    due: [...singles, ...carriers.map(({ id }) => ({ id, attempt: 0 }))],
    rows: [
      ...singles.map(({ id, incident }) => ({ id, incident, state: 'pending' as const })),
      ...carriers.flatMap(({ carries }) => carries.map(({ id, incident }) => ({ id, incident, state: 'grouped' as const }))),
    ],
    carriers: carriers.length,
  };
}

function byGroup(rows: readonly WaitingDelivery[]): Map<string, WaitingDelivery[]> {
  const groups = new Map<string, WaitingDelivery[]>();
  for (const row of rows) {
    const group = groups.get(row.group);
    if (group) group.push(row);
    else groups.set(row.group, [row]);
  }
  return groups;
}

// A route that left the configuration leaves what waits by it to go in one message.
function groupingOf(key: string, { rules }: RoutingMoment): Grouping {
  const route = routeOfGroup(key);
  return rules.routes.find(({ id }) => id === route)?.group ?? { ...DEFAULT_GROUPING, waitMs: 0 };
}
