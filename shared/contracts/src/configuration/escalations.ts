/** Escalations: who is told when nobody acknowledges, step by step and up the tiers; looked at and normalised. */
import type { EscalationBody } from '../entities.ts';
import { type Item, whole } from './collect.ts';
import { findCycles } from './cycles.ts';
import type { Path } from './document.ts';
import { type Complaint, text } from './fault.ts';
import type { Surroundings } from './objects.ts';
import type { EscalationYaml } from './telling-schema.ts';

type EscalationItem = Item<EscalationYaml>;

export function readEscalations(around: Surroundings): EscalationBody[] {
  const read = whole(around.collected.items.escalations).map(({ item, value }) => ({ item, body: bodyOf(around, item, value) }));
  refuseCycles(around, read);
  const used = new Set([...around.collected.items.routes.map((route) => route.value?.escalation), ...read.map(({ body }) => body.next)]);
  for (const { item, body } of read) if (item.whole && around.complete && !used.has(body.id)) complain(around, item, [], UNUSED);
  return read.map(({ body }) => body);
}

function complain(around: Surroundings, item: EscalationItem, path: Path, complaint: Complaint): void {
  around.faults.push(item.document.fault([...item.path, ...path], complaint));
}

function bodyOf(around: Surroundings, item: EscalationItem, value: EscalationYaml): EscalationBody {
  const all = (kind: 'contact' | 'rota', names: readonly string[] | undefined, path: Path): string[] => [
    ...new Set((names ?? []).flatMap((name, i) => around.references.resolve(kind, name, item, [...path, i]) ?? [])),
  ];
  const steps = value.steps.map((step, i) => {
    const path = ['steps', i];
    if ((step.contacts ?? []).length + (step.rotas ?? []).length === 0) complain(around, item, path, TELLS_NOBODY);
    if (step.after === 0) complain(around, item, [...path, 'after'], AT_ONCE);
    else if (step.after <= (value.steps[i - 1]?.after ?? 0)) complain(around, item, [...path, 'after'], NOT_LATER);
    return {
      afterMs: step.after,
      contacts: all('contact', step.contacts, [...path, 'contacts']),
      rotas: all('rota', step.rotas, [...path, 'rotas']),
    };
  });
  const next = value.next === undefined ? null : around.references.resolve('escalation', value.next, item, ['next']);
  return { id: value.id, name: value.name ?? value.id, steps, next };
}

/** An escalation that comes back to itself would go on for ever. */
function refuseCycles(around: Surroundings, read: readonly { readonly item: EscalationItem; readonly body: EscalationBody }[]): void {
  const items = new Map(read.map(({ item, body }) => [body.id, item]));
  for (const cycle of findCycles(new Map(read.map(({ body }) => [body.id, body.next === null ? [] : [body.next]])))) {
    const first = items.get(cycle[0] ?? '');
    if (first !== undefined) complain(around, first, ['next'], circle([...cycle, cycle[0]].join(' → ')));
  }
}

const circle = (chain: string): Complaint => ({
  code: 'escalation-cycle',
  problem: text(`escalations go round in a circle: ${chain}`, `升级路径形成环路：${chain}`),
  expected: text('"next" that leads up the tiers and ends there', '"next" 逐级向上并在最高一级终止'),
});
const TELLS_NOBODY: Complaint = {
  code: 'tells-nobody',
  problem: text('this step tells nobody', '此步骤不通知任何人'),
  expected: text('"contacts", "rotas" or both', '"contacts"、"rotas" 之一或二者'),
  found: null,
};
const AT_ONCE: Complaint = {
  code: 'step-order',
  problem: text('a step is taken when nobody has acknowledged for a while, not at once', '升级步骤在一段时间无人确认后执行，不能立即执行'),
  expected: text('a time such as 15m; whoever is told at once stands at the route', '如 15m 的时长；立即通知的人写在路由上'),
};
const NOT_LATER: Complaint = {
  code: 'step-order',
  problem: text('the step is not later than the one before it', '此步骤不晚于前一步骤'),
  expected: text('times counted from the beginning of the escalation, each later than the one before', '自升级开始计的时长，且逐步递增'),
};
const UNUSED: Complaint = {
  severity: 'warning',
  code: 'escalation-unused',
  problem: text('no route and no other escalation leads to this one', '没有路由或其他升级引用此升级'),
  expected: text('"escalation" of a route, or "next" of another escalation', '路由的 "escalation" 或其他升级的 "next"'),
  found: null,
};
