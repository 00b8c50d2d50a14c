import type { PasswordRules } from '@beacontower/contracts';
import { judgePassword, type PasswordFault, passwordForm } from '@beacontower/domain';

/** Rules that can be judged while somebody types; the history is known to the server alone. */
export type PasswordRule = 'length' | 'classes' | 'name' | 'common' | 'different' | 'again';

export interface PasswordTyped {
  /** What the person is called: the name, the name shown. */
  readonly names: readonly string[];
  readonly current: string;
  readonly next: string;
  readonly again: string;
}

const OF_FAULT: readonly (readonly [PasswordRule, PasswordFault])[] = [
  ['length', 'too-short'],
  ['classes', 'too-few-classes'],
  ['name', 'holds-name'],
  ['common', 'too-common'],
];

/** Each rule and whether what was typed keeps it, in the order they are shown; judged as the server will judge it. */
export function judgeTyped({ names, current, next, again }: PasswordTyped, rules: PasswordRules): { rule: PasswordRule; met: boolean }[] {
  const faults = judgePassword(next, rules, names);
  const isTyped = next !== '';
  return [
    ...OF_FAULT.map(([rule, fault]) => ({ rule, met: isTyped && !faults.includes(fault) })),
    { rule: 'different', met: isTyped && passwordForm(next) !== passwordForm(current) },
    { rule: 'again', met: isTyped && next === again },
  ];
}
