import {
  appendLog,
  forgetGroups,
  insertNotices,
  type NewLogEntry,
  type NewNotice,
  type Notice,
  type Queryable,
  releaseDeliveries,
  takeNotices,
  type WithheldDelivery,
} from '@beacontower/database';
import type { RoutingMoment } from '@beacontower/domain';
import type { Directory } from '../directory.ts';
import { handOver } from './duty.ts';
import { flushGroups } from './flush.ts';
import { isAboutIncident } from './notice.ts';
import { freed } from './release.ts';
import { type TellingOutcome, tell } from './tell.ts';

const DAY = 86_400_000;

/** What one transaction of the router is about. */
export interface RouterTurn {
  readonly notices: readonly Notice[];
  /** Groups whose time has come. */
  readonly groups: readonly string[];
  readonly withheld: readonly WithheldDelivery[];
  /** Hand-overs of duty that are foreseen. */
  readonly duties: readonly NewNotice[];
  readonly directory: Directory;
  readonly moment: RoutingMoment;
}

/** What it came to. */
export interface RoutedTurn {
  readonly due: readonly { readonly id: string; readonly attempt: number }[];
  readonly taken: readonly { readonly id: number; readonly step: Notice['step']; readonly outcome: string }[];
  readonly released: number;
  readonly carriers: number;
}

/** Hand-overs, then what is told, then what is withheld no more, then what may leave its group: all of it in the caller's transaction. */
export async function routeTurn(tx: Queryable, turn: RouterTurn): Promise<RoutedTurn> {
  const { notices, directory, moment } = turn;
  const now = moment.at;
  await insertNotices(tx, turn.duties, now);
  const handed = await takeHandOvers(tx, notices, moment);
  const told = await tell(tx, notices.filter(isAboutIncident), directory, moment);
  const released = await releaseDeliveries(tx, freed(turn.withheld, moment), now);
  const releasedGroups = new Set(released.flatMap(({ group }) => (group === null ? [] : [group])));
  const joined = told.deliveries.flatMap(({ state, group }) => (state === 'waiting' && group !== null ? [group] : []));
  const flushed = await flushGroups(tx, [...new Set([...turn.groups, ...joined, ...releasedGroups])], releasedGroups, moment);
  const taken = notices.map(({ id, step }) => ({ id, step, outcome: handed.get(id) ?? told.outcomes.get(id) ?? 'over' }));
  await takeNotices(tx, taken, now);
  await appendLog(tx, logOf(told, flushed.rows, now), now);
  if (turn.groups.length > 0) await forgetGroups(tx, now - DAY);
  const direct = [...told.deliveries.filter(({ state }) => state === 'pending'), ...released.filter(({ group }) => group === null)];
  return {
    due: [...direct.map((row) => ({ id: row.id, attempt: 'attempt' in row ? row.attempt : 0 })), ...flushed.due],
    taken,
    released: released.length,
    carriers: flushed.carriers,
  };
}

async function takeHandOvers(tx: Queryable, notices: readonly Notice[], moment: RoutingMoment): Promise<Map<number, string>> {
  const outcomes = new Map<number, string>();
  for (const notice of notices) {
    if (notice.incident !== null) continue;
    const follow = notice.step === 'duty' ? await handOver(tx, notice, moment) : null;
    await insertNotices(tx, follow ?? [], moment.at);
    outcomes.set(notice.id, follow === null || follow.length === 0 ? 'over' : 'told');
  }
  return outcomes;
}

// One row for each delivery, with the state in which the transaction leaves it.
function logOf(
  told: TellingOutcome,
  flushed: readonly { readonly id: string; readonly incident: string; readonly state: string }[],
  now: number,
): NewLogEntry[] {
  const states = new Map<string, { readonly incident: string; readonly state: string }>();
  for (const { id, incident, state } of told.deliveries) states.set(id, { incident, state });
  for (const { id, incident, state } of flushed) states.set(id, { incident, state });
  return [...states].map(([delivery, { incident, state }]) => ({
    kind: 'delivery',
    subject: delivery,
    body: { delivery, incident, state, attempt: 0 },
    eventAt: now,
  }));
}
