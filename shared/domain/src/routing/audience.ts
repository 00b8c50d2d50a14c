import type { Severity } from '../correlation/severity.ts';
import { type OnDuty, onDuty } from '../rotas/duty.ts';
import type { EscalationStep } from './escalate.ts';
import type { RoutedEvent } from './event.ts';
import { groupKey } from './group.ts';
import { quietUntil } from './quiet.ts';
import type { RouteChoice } from './route.ts';
import type { Contact, Grouping, Place, Route, RoutingRules } from './rules.ts';
import { type Withholding, withholdingOf } from './withhold.ts';

/** How a contact comes to be told; `DeliveryBecause` of the contracts. */
export interface ToldBecause {
  /** Null: named by an act, or as who answers for the incident. */
  readonly route: string | null;
  readonly byDefault: boolean;
  readonly rota: string | null;
  /** Nobody is on duty in the rota: its `otherwise`, or the default route, stands in. */
  readonly nobodyOnDuty: boolean;
  readonly escalation: string | null;
  readonly stepNumber: number | null;
}

/** One contact that is told, at each of its targets. */
export interface Told {
  readonly contact: string;
  readonly language: Contact['language'];
  readonly because: ToldBecause;
  /** `group`: the key of the group its message belongs to; null: it goes by itself. */
  readonly targets: readonly (Place & { readonly fallbacks: readonly Place[]; readonly group: string | null })[];
  readonly withheld: Withholding | null;
  /** How its messages are gathered; null: they are not. */
  readonly grouping: Grouping | null;
  /** Epoch ms: when it may go at the earliest; null: nobody knows when what withholds it ends. */
  readonly at: number | null;
}

/** Who is told, and what went wrong in finding them. */
export interface Audience {
  readonly told: readonly Told[];
  /** Rotas in which nobody is on duty and nobody stands in. */
  readonly unmanned: readonly string[];
  /** Contacts and rotas that are named and not in the configuration. */
  readonly unknown: readonly string[];
}

/** The rules at one moment; who is on duty is found out once. */
export interface RoutingMoment {
  readonly rules: RoutingRules;
  /** Epoch ms. */
  readonly at: number;
  /** Who is on duty in a rota; undefined when there is no such rota. */
  duty(rota: string, at?: number): OnDuty | undefined;
  /** As `quietUntil`. */
  quiet(contact: Contact, severity: Severity): number | null;
}

export function createRoutingMoment(rules: RoutingRules, at: number): RoutingMoment {
  const duties = new Map<string, OnDuty>();
  const quiets = new Map<string, number | null>();
  return {
    rules,
    at,
    duty(id, when = at) {
      const key = `${when} ${id}`;
      const rota = rules.rotas.get(id);
      if (rota && !duties.has(key)) duties.set(key, onDuty(rota, rules.overrides.get(id) ?? [], rules.calendars, when));
      return duties.get(key);
    },
    quiet(contact, severity) {
      const key = `${severity} ${contact.id}`;
      if (!quiets.has(key)) quiets.set(key, quietUntil(contact.quiet, severity, rules.calendars, at));
      return quiets.get(key) ?? null;
    },
  };
}

export const NO_REASON: ToldBecause = {
  route: null,
  byDefault: false,
  rota: null,
  nobodyOnDuty: false,
  escalation: null,
  stepNumber: null,
};

/** A contact that is to be told, and by which route's grouping. */
export interface Person {
  readonly contact: string;
  readonly because: ToldBecause;
  readonly route: Route | null;
}

/** What names people: a route, or a step of an escalation. */
interface Naming {
  readonly contacts: readonly string[];
  readonly rotas: readonly string[];
  readonly because: ToldBecause;
  readonly route: Route | null;
}

/** Those the routes name, each once: those of matching routes; and those of the default one when nobody is told, or nobody is on duty. */
export function routedPeople(choice: RouteChoice, moment: RoutingMoment, at = moment.at) {
  return peopleOf(choice.matching.map(namingOf), choice.fallback, moment, at);
}

/** Those a step of an escalation names. `route` asked for the escalation: its grouping is used. */
export function steppedPeople(step: EscalationStep, route: Route | null, fallback: Route | null, moment: RoutingMoment, at = moment.at) {
  const because = { ...NO_REASON, route: route?.id ?? null, escalation: step.escalation, stepNumber: step.stepNumber };
  return peopleOf([{ contacts: step.contacts, rotas: step.rotas, because, route }], fallback, moment, at);
}

/** What the targets of people are, what withholds their messages and how those are gathered. `personal`: it is told whatever is silenced. */
export function tellPeople(people: readonly Person[], event: RoutedEvent, moment: RoutingMoment, personal = false): Told[] {
  const { rules, at } = moment;
  const general = personal ? null : withholdingOf(event, rules, at);
  return people.flatMap(({ contact: id, because, route }): Told[] => {
    const contact = rules.contacts.get(id);
    if (!contact) return [];
    const until = moment.quiet(contact, event.severity);
    const withheld = general ?? (until === null ? null : { reason: 'quiet-hours' as const, id: null, until });
    const grouping = route?.group ?? null;
    const wait = grouping === null || grouping.skipWait.includes(event.severity) ? 0 : grouping.waitMs;
    const targets = contact.targets.map((target) => {
      const gathers = route !== null && rules.channels.get(target.channel)?.groups === true;
      return { ...target, group: gathers ? groupKey(route.id, route.group, id, target, event) : null };
    });
    return [{ contact: id, language: contact.language, because, targets, withheld, grouping, at: withheld ? withheld.until : at + wait }];
  });
}

function namingOf(route: Route): Naming {
  return { contacts: route.contacts, rotas: route.rotas, because: { ...NO_REASON, route: route.id }, route };
}

function peopleOf(namings: readonly Naming[], fallback: Route | null, moment: RoutingMoment, at: number) {
  const people = new Map<string, Person>();
  const unmanned: string[] = [];
  const unknown = new Set<string>();
  const add = (contact: string, because: ToldBecause, route: Route | null) => {
    if (!moment.rules.contacts.has(contact)) unknown.add(contact);
    else if (!people.has(contact)) people.set(contact, { contact, because, route });
  };
  const addAll = ({ contacts, rotas, because, route }: Naming) => {
    for (const contact of contacts) add(contact, because, route);
    for (const rota of rotas) {
      const duty = moment.duty(rota, at);
      if (duty === undefined) unknown.add(rota);
      else if (duty.contact === null) unmanned.push(rota);
      else add(duty.contact, { ...because, rota, nobodyOnDuty: duty.because === 'otherwise' }, route);
    }
  };
  for (const naming of namings) addAll(naming);
  const rota = unmanned[0] ?? null;
  const isDefault = people.size === 0 || rota !== null;
  if (isDefault && fallback) {
    const naming = namingOf(fallback);
    addAll({ ...naming, because: { ...naming.because, byDefault: true, rota, nobodyOnDuty: rota !== null } });
  }
  return {
    people: [...people.values()],
    unmanned: [...new Set(unmanned)],
    unknown: [...unknown],
    isDefault: isDefault && fallback !== null,
  };
}
