import { type Deadlines, deadlinesOf } from '../clocks/clock.ts';
import {
  createRoutingMoment,
  type RoutingMoment,
  routedPeople,
  steppedPeople,
  type Told,
  type ToldBecause,
  tellPeople,
} from './audience.ts';
import { escalationSteps } from './escalate.ts';
import type { RoutedEvent, RoutedKind } from './event.ts';
import { type NotTold, notTold } from './not-told.ts';
import { chooseRoutes, type RouteChoice, type RouteVerdict } from './route.ts';
import type { RoutingRules } from './rules.ts';
import type { Withholding } from './withhold.ts';

/** One step of an escalation as it would be taken. */
export interface ExplainedStep {
  readonly route: string;
  readonly escalation: string;
  readonly stepNumber: number;
  /** Epoch ms. */
  readonly at: number;
  readonly contacts: readonly { readonly contact: string; readonly because: ToldBecause; readonly withheld: Withholding | null }[];
}

/** Which route sends what to whom, when and by what channel, and why not to the others. */
export interface RoutingExplanation {
  readonly routes: readonly { readonly route: string; readonly verdict: RouteVerdict }[];
  readonly told: readonly Told[];
  readonly notTold: readonly NotTold[];
  readonly escalation: readonly ExplainedStep[];
  /** Routes that tell again, and at what pace, while nobody acknowledges. */
  readonly repeats: readonly { readonly route: string; readonly everyMs: number }[];
  /** Epoch ms; null: no clock runs. */
  readonly clocks: Deadlines;
  /** Rotas that are told and in which nobody is on duty and nobody stands in. */
  readonly unmanned: readonly string[];
  /** Contacts and rotas that are named and not in the configuration. */
  readonly unknown: readonly string[];
  /** Nobody is told at all. */
  readonly nobody: boolean;
}

/** What the router acts on: an explanation without what it does not do. */
export type RoutingDecision = Omit<RoutingExplanation, 'notTold' | 'escalation'>;

/** What is decided about an event at `at` (epoch ms), by the rules as they are then. Throws RangeError on an unknown time zone. */
export function explainRouting(event: RoutedEvent, rules: RoutingRules, at: number): RoutingExplanation {
  const moment = createRoutingMoment(rules, at);
  const choice = chooseRoutes(event, rules.routes, rules.calendars, at);
  const decision = decideRouting(event, moment, choice);
  const applying = decision.routes.filter(({ verdict }) => verdict === 'matches' || verdict === 'by-default').map(({ route }) => route);
  const escalation = explainSteps(event, applying, choice, moment);
  return { ...decision, escalation, notTold: notTold(decision, escalation, applying, rules) };
}

/** The same for the router, which decides about many events of one moment. */
export function decideRouting(
  event: RoutedEvent,
  moment: RoutingMoment,
  choice = chooseRoutes(event, moment.rules.routes, moment.rules.calendars, moment.at),
): RoutingDecision {
  const { people, unmanned, unknown, isDefault } = routedPeople(choice, moment);
  const told = tellPeople(people, event, moment);
  const routes = choice.verdicts.map(({ route, verdict }) =>
    isDefault && route === choice.fallback?.id ? { route, verdict: 'by-default' as const } : { route, verdict },
  );
  const fallback = isDefault && choice.fallback ? [choice.fallback] : [];
  const repeats = [...choice.matching, ...fallback].flatMap(({ id, repeatMs }) =>
    repeatMs === null ? [] : [{ route: id, everyMs: repeatMs }],
  );
  return { routes, told, repeats, clocks: clocksOf(event, moment.rules, moment.at), unmanned, unknown, nobody: told.length === 0 };
}

/** Incidents that somebody must answer for and repair: what burns a budget or comes and goes has no deadline of its own. */
const CLOCKED: ReadonlySet<RoutedKind> = new Set(['outage', 'condition']);

/** The deadlines of an incident that is told, or gets worse, at `from` (epoch ms). */
export function clocksOf(event: Pick<RoutedEvent, 'kind' | 'severity'>, rules: RoutingRules, from: number): Deadlines {
  const clock = CLOCKED.has(event.kind) ? rules.clocks.get(event.severity) : undefined;
  return clock ? deadlinesOf(clock, rules.calendars, from) : { respond: null, repair: null };
}

/** Every step that would be taken, of each escalation once, in order of time. */
function explainSteps(event: RoutedEvent, applying: readonly string[], choice: RouteChoice, moment: RoutingMoment): ExplainedStep[] {
  const { rules, at } = moment;
  const seen = new Set<string>();
  const steps: ExplainedStep[] = [];
  for (const route of rules.routes.filter(({ id }) => applying.includes(id))) {
    if (route.escalation === null || seen.has(route.escalation)) continue;
    seen.add(route.escalation);
    for (const step of escalationSteps(route.escalation, rules.escalations)) {
      const when = at + step.afterMs;
      const { people } = steppedPeople(step, route, choice.fallback, moment, when);
      const told = tellPeople(people, event, createRoutingMoment(rules, when));
      const contacts = told.map(({ contact, because, withheld }) => ({ contact, because, withheld }));
      steps.push({ route: route.id, escalation: step.escalation, stepNumber: step.stepNumber, at: when, contacts });
    }
  }
  return steps.sort((a, b) => a.at - b.at);
}
