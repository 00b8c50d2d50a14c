import type { ObjectClass } from '../inventory.ts';

/** How bad an incident is, worst first. */
export type Severity = 'critical' | 'major' | 'minor' | 'warning';
const ORDER: readonly Severity[] = ['warning', 'minor', 'major', 'critical'];

/** Down: backbone and Internet exits critical, user access major, others minor. Degraded: a warning. */
export function severityOf(state: 'down' | 'degraded', objectClass: ObjectClass): Severity {
  if (state === 'degraded') return 'warning';
  if (objectClass === 'backbone' || objectClass === 'internet-exit') return 'critical';
  return objectClass === 'user-access' ? 'major' : 'minor';
}

/** True when `a` is worse than `b`. */
export function isWorse(a: Severity, b: Severity): boolean {
  return ORDER.indexOf(a) > ORDER.indexOf(b);
}
