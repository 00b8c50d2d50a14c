import {
  type AlarmRow,
  insertDeliveries,
  insertIncidentEvents,
  insertNotices,
  type NewDelivery,
  type NewIncidentEvent,
  type NewNotice,
  type NoticeSubject,
  type Queryable,
  type RoutedIncident,
  readFirstAlarms,
  readLastAlarms,
  readNoticeSubjects,
  saveRouted,
} from '@beacontower/database';
import { type RoutingMoment, type Told, withholdingText } from '@beacontower/domain';
import type { Directory } from '../directory.ts';
import { type Addressee, type Compose, createComposer } from './compose.ts';
import { followersOf } from './following.ts';
import type { IncidentNotice } from './notice.ts';
import { type FollowingStep, type Plan, planNotice } from './plan.ts';

/** What was written, and what became of each notice. */
export interface TellingOutcome {
  /** New ones alone: what was there already is on its way, or has arrived. */
  readonly deliveries: readonly NewDelivery[];
  readonly outcomes: ReadonlyMap<number, Plan['outcome']>;
}

/**
 * Writes the deliveries of notices: alarms to whom the routes name, what follows to exactly those whom an alarm went to; and the notices
 * that follow from them. What withholds an alarm withholds it visibly; the resolution of a withheld alarm is withheld with it.
 */
export async function tell(
  tx: Queryable,
  notices: readonly IncidentNotice[],
  directory: Directory,
  moment: RoutingMoment,
): Promise<TellingOutcome> {
  if (notices.length === 0) return { deliveries: [], outcomes: new Map() };
  const now = moment.at;
  const subjects = await readNoticeSubjects(tx, [...new Set(notices.map(({ incident }) => incident))]);
  const planned = planAll(notices, subjects, moment);
  const compose = await createComposer(tx, subjects, directory, now);
  const before = await readFirstAlarms(tx, incidentsOf(planned.map(({ notice }) => notice).filter(({ step }) => step !== 'opened')));
  const alarms = planned.flatMap(({ notice, subject, plan }) =>
    plan.told.flatMap((told) =>
      addresseesOf(
        told,
        before.filter((row) => row.incident === subject.id),
      ).map((one) => compose(notice, subject, one)),
    ),
  );
  const inserted = await insertDeliveries(tx, alarms);
  const following = await follow(tx, notices, subjects, compose, moment);
  for (const id of await insertDeliveries(tx, following.deliveries)) inserted.add(id);
  await write(tx, planned, now);
  return {
    deliveries: [...alarms, ...following.deliveries].filter(({ id }) => inserted.has(id)),
    outcomes: new Map([...planned.map(({ notice, plan }) => [notice.id, plan.outcome] as const), ...following.outcomes]),
  };
}

interface Planned {
  readonly notice: IncidentNotice;
  readonly subject: NoticeSubject;
  readonly plan: Plan;
}

type Planning = IncidentNotice & { readonly step: Exclude<IncidentNotice['step'], FollowingStep> };

function isPlanned(notice: IncidentNotice): notice is Planning {
  return notice.step !== 'resolved' && notice.step !== 'merged';
}

// One after the other: what the first fixes of an incident, the next finds.
function planAll(notices: readonly IncidentNotice[], subjects: Map<string, NoticeSubject>, moment: RoutingMoment): Planned[] {
  return notices.filter(isPlanned).flatMap((notice) => {
    const subject = subjects.get(notice.incident);
    if (!subject) return [];
    const plan = planOrSay(notice, subject, moment);
    const { respondBy, repairBy } = plan.routed ?? subject;
    const fixed = { ...subject, respondBy, repairBy };
    subjects.set(subject.id, fixed);
    return [{ notice, subject: fixed, plan }];
  });
}

// A fault in the rules (which the configuration should have refused) must not keep back what others are told.
function planOrSay(notice: Planning, subject: NoticeSubject, moment: RoutingMoment): Plan {
  try {
    return planNotice(notice, subject, moment);
  } catch (error) {
    const detail = { step: notice.step, reason: 'routing-failed', error: error instanceof Error ? error.message : String(error) };
    const event = { incident: subject.id, at: moment.at, kind: 'nobody-told' as const, actor: 'system', detail };
    return { outcome: 'failed', told: [], follow: [], events: [event], routed: null };
  }
}

async function follow(
  tx: Queryable,
  notices: readonly IncidentNotice[],
  subjects: ReadonlyMap<string, NoticeSubject>,
  compose: Compose,
  moment: RoutingMoment,
): Promise<TellingOutcome> {
  const following = notices.filter((notice) => !isPlanned(notice));
  const alarms = await readLastAlarms(tx, incidentsOf(following));
  const outcomes = new Map<number, Plan['outcome']>();
  const deliveries = following.flatMap((notice) => {
    const subject = subjects.get(notice.incident);
    const followers = followersOf(
      alarms.filter((row) => row.incident === notice.incident),
      moment,
    );
    outcomes.set(notice.id, followers.length === 0 ? 'over' : followers.every((one) => one.withheld !== null) ? 'withheld' : 'told');
    return subject ? followers.map((follower) => compose(notice, subject, follower)) : [];
  });
  return { deliveries, outcomes };
}

async function write(tx: Queryable, planned: readonly Planned[], now: number): Promise<void> {
  const follow: NewNotice[] = [];
  const events: NewIncidentEvent[] = [];
  const routed = new Map<string, RoutedIncident>();
  for (const { plan } of planned) {
    follow.push(...plan.follow);
    events.push(...plan.events);
    if (!plan.routed) continue;
    const earlier = routed.get(plan.routed.incident)?.routes ?? null;
    routed.set(plan.routed.incident, { ...plan.routed, routes: plan.routed.routes ?? earlier });
  }
  await saveRouted(tx, [...routed.values()]);
  await insertIncidentEvents(tx, events);
  await insertNotices(tx, follow, now);
}

/** A row for each target. It follows the first that went there, so that a mail program shows them as one conversation. */
function addresseesOf({ contact, language, because, targets, withheld }: Told, before: readonly AlarmRow[]): Addressee[] {
  return targets.map(({ channel, address, fallbacks, group }) => {
    const first = before.find((row) => row.contact === contact && row.channel === channel && row.address === address);
    const why = withheld ? withholdingText(withheld) : null;
    return { contact, channel, address, language, fallbacks, group, because, withheld: why, follows: first?.id ?? null };
  });
}

function incidentsOf(notices: readonly IncidentNotice[]): string[] {
  return [...new Set(notices.map((notice) => notice.incident))];
}
