import { type EscalationStep, escalationSteps } from './escalate.ts';
import type { ExplainedStep, RoutingDecision } from './explain.ts';
import type { RouteVerdict } from './route.ts';
import type { Route, RoutingRules } from './rules.ts';

/**
 * Why a contact is not told at once. `not-named`: by no route at all; `route-does-not-apply`: named only by routes that do not, or by
 * their escalations (the first of them, and why); `not-on-duty`: in a rota that is told, at once or by a step of an escalation, but another
 * is on duty then; `only-when-nobody-acknowledges`: by an escalation, later.
 */
export type NotToldReason = 'not-named' | 'route-does-not-apply' | 'not-on-duty' | 'only-when-nobody-acknowledges';

export interface NotTold {
  readonly contact: string;
  readonly why: NotToldReason;
  readonly route: string | null;
  readonly verdict: RouteVerdict | null;
  readonly rota: string | null;
}

/** Each contact that is not told at once, and why. `applying`: the routes that are told; `escalation`: the steps that follow from them. */
export function notTold(
  decision: Pick<RoutingDecision, 'told' | 'routes'>,
  escalation: readonly ExplainedStep[],
  applying: readonly string[],
  rules: RoutingRules,
): NotTold[] {
  const told = new Set(decision.told.map(({ contact }) => contact));
  const verdicts = new Map(decision.routes.map(({ route, verdict }) => [route, verdict]));
  const routes = rules.routes.map((route) => ({ route, steps: stepsOf(route, rules) }));
  const applied = routes.filter(({ route }) => applying.includes(route.id));
  return [...rules.contacts.keys()]
    .filter((contact) => !told.has(contact))
    .map((contact): NotTold => {
      const nothing = { contact, route: null, verdict: null, rota: null };
      const rotaOf = (rotas: readonly string[]) => rotas.find((rota) => isIn(rota, contact, rules));
      for (const { route } of applied) {
        const rota = rotaOf(route.rotas);
        if (rota !== undefined) return { ...nothing, why: 'not-on-duty', route: route.id, rota };
      }
      const later = escalation.find(({ contacts }) => contacts.some((one) => one.contact === contact));
      if (later) return { ...nothing, why: 'only-when-nobody-acknowledges', route: later.route };
      for (const { route, steps } of applied) {
        const rota = rotaOf(steps.flatMap(({ rotas }) => rotas));
        if (rota !== undefined) return { ...nothing, why: 'not-on-duty', route: route.id, rota };
      }
      const naming = routes.find(({ route, steps }) =>
        [route, ...steps].some(({ contacts, rotas }) => contacts.includes(contact) || rotaOf(rotas) !== undefined),
      );
      if (!naming) return { ...nothing, why: 'not-named' };
      return { ...nothing, why: 'route-does-not-apply', route: naming.route.id, verdict: verdicts.get(naming.route.id) ?? null };
    });
}

function stepsOf({ escalation }: Route, rules: RoutingRules): EscalationStep[] {
  return escalation === null ? [] : escalationSteps(escalation, rules.escalations);
}

/** Whether a contact is ever on duty in a rota. */
function isIn(id: string, contact: string, { rotas, overrides }: RoutingRules): boolean {
  const rota = rotas.get(id);
  if (rota === undefined) return false;
  const standsIn = [...rota.overrides, ...(overrides.get(id) ?? [])].some((override) => override.contact === contact);
  return standsIn || rota.otherwise === contact || rota.layers.some(({ contacts }) => contacts.includes(contact));
}
