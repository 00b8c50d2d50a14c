import type { Escalation } from './rules.ts';

/** One step of an escalation and of those it goes on to. */
export interface EscalationStep {
  /** The escalation the step is of. */
  readonly escalation: string;
  /** Counted on through those that follow, from 0. */
  readonly stepNumber: number;
  /** Since the incident was told, ms. */
  readonly afterMs: number;
  readonly contacts: readonly string[];
  readonly rotas: readonly string[];
}

/**
 * The steps of an escalation, up the tiers, in order of time. Each escalation begins with the last step of the one before; one that
 * was already gone through ends it (the configuration refuses such cycles), and so does one that is not known.
 */
export function escalationSteps(id: string, escalations: ReadonlyMap<string, Escalation>): EscalationStep[] {
  const steps: EscalationStep[] = [];
  const seen = new Set<string>();
  let begins = 0;
  for (let current = escalations.get(id); current && !seen.has(current.id); current = escalations.get(current.next ?? '')) {
    seen.add(current.id);
    const own = [...current.steps].sort((a, b) => a.afterMs - b.afterMs);
    for (const { afterMs, contacts, rotas } of own) {
      steps.push({ escalation: current.id, stepNumber: steps.length, afterMs: begins + afterMs, contacts, rotas });
    }
    begins += own.at(-1)?.afterMs ?? 0;
  }
  return steps;
}
