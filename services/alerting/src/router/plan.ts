/** What becomes of one notice: whom it is told to, and which notices follow from it. Reads and writes nothing. */
import type { TimelineKind } from '@beacontower/contracts';
import type { NewIncidentEvent, NewNotice, NoticeSubject, RoutedIncident } from '@beacontower/database';
import {
  chooseRoutes,
  clocksOf,
  type Deadline,
  decideRouting,
  escalationSteps,
  NO_REASON,
  type RoutedEvent,
  type RoutingDecision,
  type RoutingMoment,
  routedPeople,
  steppedPeople,
  type Told,
  tellPeople,
} from '@beacontower/domain';
import type { IncidentNotice } from './notice.ts';

/** `over`: nobody needs to be told any more; `nobody`: somebody should have been; `failed`: by a fault in the rules nobody could be found. */
export interface Plan {
  readonly outcome: 'told' | 'withheld' | 'nobody' | 'over' | 'failed';
  readonly told: readonly Told[];
  readonly follow: readonly NewNotice[];
  readonly events: readonly NewIncidentEvent[];
  readonly routed: RoutedIncident | null;
}

const OVER: Plan = { outcome: 'over', told: [], follow: [], events: [], routed: null };

/** The steps that go to those who were told before, whatever the routes say; they are not planned here. */
export type FollowingStep = 'resolved' | 'merged';

/** What is done with a notice that is due, by what is so now. */
export function planNotice(
  notice: IncidentNotice & { readonly step: Exclude<IncidentNotice['step'], FollowingStep> },
  subject: NoticeSubject,
  moment: RoutingMoment,
): Plan {
  switch (notice.step) {
    case 'opened':
    case 'escalated':
      return planAlarm(notice, subject, moment);
    case 'repeated':
      return planRepeat(notice, subject, moment);
    case 'unacknowledged':
      return planEscalationStep(notice, subject, moment);
    case 'assigned':
      return planAssignment(notice, subject, moment);
    case 'duty':
      return planDuty(notice, subject, moment);
    default:
      return planClock({ ...notice, step: notice.step }, subject, moment);
  }
}

/** An incident as routing sees it. */
export function eventOf(subject: NoticeSubject): RoutedEvent {
  const { id, cause, kind, severity, class: objectClass, division, party, mergedInto } = subject;
  return { incident: id, object: cause, kind, severity, class: objectClass, division, party, mergedInto };
}

function planAlarm(notice: IncidentNotice, subject: NoticeSubject, moment: RoutingMoment): Plan {
  // It got worse in what was still unread when a person ended it: whoever were told now would never be told of its end.
  if (subject.isEndTold || !subject.taken) return OVER;
  // What another tier asked for may come late: of what is over by then nobody is woken.
  if (subject.home !== null && subject.resolvedAt !== null) return OVER;
  const event = eventOf(subject);
  const decision = decideRouting(event, moment);
  const routes = decision.routes.filter(({ verdict }) => verdict === 'matches' || verdict === 'by-default').map(({ route }) => route);
  // What another tier opened runs here from when this one was asked for it.
  const from = notice.step === 'opened' ? (subject.askedAt ?? subject.openedAt) : notice.decidedAt;
  const clocks = clocksOf(event, moment.rules, from);
  const respond = sooner(subject.respondBy, isUnanswered(subject) ? clocks.respond : null);
  const repair = sooner(subject.repairBy, clocks.repair);
  const follow = isUnderWay(subject)
    ? [
        ...repeatsOf(decision, subject, moment),
        ...escalationsOf(routes, subject, moment),
        ...alarmsOf('respond', respond, subject.id),
        ...alarmsOf('repair', repair, subject.id),
      ]
    : [];
  const routed: RoutedIncident = {
    incident: subject.id,
    routes: notice.step === 'opened' ? routes : null,
    respondBy: respond?.dueAt ?? subject.respondBy,
    repairBy: repair?.dueAt ?? subject.repairBy,
  };
  return { ...telling(decision.told), follow, routed, events: remarksOf(notice, decision, moment.at) };
}

function planRepeat(notice: IncidentNotice, subject: NoticeSubject, moment: RoutingMoment): Plan {
  const route = moment.rules.routes.find(({ id }) => id === notice.body.route);
  if (!route?.repeatMs || !isUnanswered(subject)) return OVER;
  const { people } = routedPeople({ verdicts: [], matching: [route], fallback: null }, moment);
  const told = tellPeople(people, eventOf(subject), moment).filter(({ withheld }) => withheld === null);
  const number = Number(notice.occasion.slice(notice.occasion.lastIndexOf(' ') + 1)) + 1;
  const follow = [repeatOf(route.id, number, subject, moment.at + route.repeatMs)];
  return { ...telling(told), outcome: told.length > 0 ? 'told' : 'withheld', follow, events: [], routed: null };
}

function planEscalationStep(notice: IncidentNotice, subject: NoticeSubject, moment: RoutingMoment): Plan {
  const { escalation = '', stepNumber = 0, route: routeId } = notice.body;
  const steps = escalationSteps(escalation, moment.rules.escalations);
  const step = steps[stepNumber];
  if (!step || !isUnanswered(subject)) return OVER;
  const event = eventOf(subject);
  const { routes, calendars } = moment.rules;
  const route = routes.find(({ id }) => id === routeId) ?? null;
  const found = steppedPeople(step, route, chooseRoutes(event, routes, calendars, moment.at).fallback, moment);
  const told = tellPeople(found.people, event, moment);
  const next = steps[stepNumber + 1];
  // From now on, not from when it was due: after a time in which nobody was told, each tier still has its time to answer.
  const follow = next ? [stepOf(notice.body.route, escalation, next.stepNumber, subject, moment.at + next.afterMs - step.afterMs)] : [];
  const detail = { escalation: step.escalation, stepNumber, contacts: told.map(({ contact }) => contact) };
  const line: NewIncidentEvent = { incident: subject.id, at: moment.at, kind: 'unacknowledged', actor: 'system', detail };
  const events = [line, ...remarksOf(notice, { ...found, told, routes: [], nobody: told.length === 0 }, moment.at)];
  return { ...telling(told), follow, events, routed: null };
}

function planAssignment(notice: IncidentNotice, subject: NoticeSubject, moment: RoutingMoment): Plan {
  if (subject.state === 'closed') return OVER;
  const to = notice.body.to ?? '';
  const told = tellPeople(personsOf(to, moment), eventOf(subject), moment, true);
  const detail = { to, reason: 'no-contact-has-this-account' };
  const unheard: NewIncidentEvent[] = [{ incident: subject.id, at: moment.at, kind: 'assignee-not-told', actor: 'system', detail }];
  return { ...telling(told), follow: [], events: told.length > 0 ? [] : unheard, routed: null };
}

function planDuty(notice: IncidentNotice, subject: NoticeSubject, moment: RoutingMoment): Plan {
  const { rota = null, contact } = notice.body;
  // Whoever came on duty was told of what opened since anyway.
  if (!isUnanswered(subject) || subject.openedAt >= notice.decidedAt) return OVER;
  const told = decideRouting(eventOf(subject), moment).told.filter(
    (one) => one.contact === contact && one.because.rota === rota && one.withheld === null,
  );
  return told.length === 0 ? OVER : { ...telling(told), follow: [], events: [], routed: null };
}

type ClockNotice = IncidentNotice & { readonly step: 'respond-soon' | 'respond-late' | 'repair-soon' | 'repair-late' };

/** The owner is warned of his clock; of one that ran out, and while nobody owns the incident, those the routes name are told as well. */
function planClock(notice: ClockNotice, subject: NoticeSubject, moment: RoutingMoment): Plan {
  const isResponse = notice.step === 'respond-soon' || notice.step === 'respond-late';
  const isRunning = isResponse ? isUnanswered(subject) : isUnderWay(subject) && !subject.mergedInto;
  const deadline = isResponse ? subject.respondBy : subject.repairBy;
  if (!isRunning || deadline !== Number(notice.occasion)) return OVER;
  const event = eventOf(subject);
  const owner = tellPeople(personsOf(subject.owner ?? '', moment), event, moment);
  const isLate = notice.step === 'respond-late' || notice.step === 'repair-late';
  const decision = decideRouting(event, moment);
  const others = owner.length > 0 && !isLate ? [] : decision.told.filter(({ contact }) => !owner.some((one) => one.contact === contact));
  const told = [...owner, ...others];
  const line: NewIncidentEvent = { incident: subject.id, at: moment.at, kind: notice.step, actor: 'system', detail: { deadline } };
  const events = [line, ...(told.length > 0 ? [] : remarksOf(notice, decision, moment.at))];
  return { ...telling(told), follow: [], events, routed: null };
}

function telling(told: readonly Told[]): Pick<Plan, 'told' | 'outcome'> {
  if (told.length === 0) return { told, outcome: 'nobody' };
  return { told, outcome: told.every(({ withheld }) => withheld !== null) ? 'withheld' : 'told' };
}

/** What the timeline says of telling that did not go as the routes would have it. */
function remarksOf(
  { incident, step }: IncidentNotice,
  { routes, told, unmanned, unknown, nobody }: Pick<RoutingDecision, 'routes' | 'told' | 'unmanned' | 'unknown' | 'nobody'>,
  at: number,
): NewIncidentEvent[] {
  const line = (kind: TimelineKind, detail: Record<string, unknown>): NewIncidentEvent => ({ incident, at, kind, actor: 'system', detail });
  const fallback = routes.find(({ verdict }) => verdict === 'by-default')?.route;
  const names = routes.some(({ verdict }) => verdict === 'matches' || verdict === 'by-default');
  const reason = step === 'unacknowledged' ? 'step-names-nobody' : names ? 'routes-name-nobody' : 'no-route-applies';
  const events: NewIncidentEvent[] = [];
  if (unmanned.length > 0) events.push(line('nobody-on-duty', { step, rotas: unmanned }));
  if (nobody) events.push(line('nobody-told', { step, reason, unmanned, unknown }));
  else if (fallback !== undefined) {
    events.push(
      line('told-by-default', { step, route: fallback, contacts: told.filter((one) => one.because.byDefault).map((one) => one.contact) }),
    );
  }
  return events;
}

function repeatsOf(decision: RoutingDecision, subject: NoticeSubject, { at }: RoutingMoment): NewNotice[] {
  return subject.state === 'open' ? decision.repeats.map(({ route, everyMs }) => repeatOf(route, 1, subject, at + everyMs)) : [];
}

function repeatOf(route: string, number: number, { id }: NoticeSubject, dueAt: number): NewNotice {
  return { incident: id, step: 'repeated', occasion: `${route} ${number}`, body: { route }, decidedAt: dueAt, dueAt };
}

// An escalation that several routes ask for is gone through once.
function escalationsOf(routes: readonly string[], subject: NoticeSubject, { rules, at }: RoutingMoment): NewNotice[] {
  if (subject.state !== 'open') return [];
  const asked = rules.routes.filter(({ id }) => routes.includes(id));
  const first = new Map(asked.flatMap(({ id, escalation }) => (escalation === null ? [] : [[escalation, id] as const])).reverse());
  return [...first].flatMap(([escalation, route]) => {
    const [step] = escalationSteps(escalation, rules.escalations);
    return step ? [stepOf(route, escalation, 0, subject, at + step.afterMs)] : [];
  });
}

function stepOf(route: string | undefined, escalation: string, stepNumber: number, { id }: NoticeSubject, dueAt: number): NewNotice {
  const body = { escalation, stepNumber, ...(route === undefined ? {} : { route }) };
  return { incident: id, step: 'unacknowledged', occasion: `${escalation} ${stepNumber}`, body, decidedAt: dueAt, dueAt };
}

/** The new deadline when it is the sooner one; null: that before stands. An answer that was promised is not put off by the incident's getting worse. */
function sooner(before: number | null, after: Deadline | null): Deadline | null {
  return after !== null && (before === null || after.dueAt < before) ? after : null;
}

// The deadline tells the notices of a clock apart from those of the later one it took the place of.
function alarmsOf(clock: 'respond' | 'repair', deadline: Deadline | null, incident: string): NewNotice[] {
  if (deadline === null) return [];
  const notice = (step: NewNotice['step'], at: number): NewNotice => {
    return { incident, step, occasion: String(deadline.dueAt), body: {}, decidedAt: at, dueAt: at };
  };
  return [notice(`${clock}-soon`, deadline.warnAt), notice(`${clock}-late`, deadline.dueAt)];
}

/** The contacts that act under a name. */
function personsOf(name: string, { rules }: RoutingMoment) {
  return [...rules.contacts.values()]
    .filter(({ id, accounts }) => name !== '' && (id === name || accounts.includes(name)))
    .map(({ id }) => ({ contact: id, because: NO_REASON, route: null }));
}

function isUnderWay({ state, taken }: NoticeSubject): boolean {
  return taken && (state === 'open' || state === 'acknowledged');
}

function isUnanswered({ state, taken, mergedInto }: NoticeSubject): boolean {
  return taken && state === 'open' && !mergedInto;
}
