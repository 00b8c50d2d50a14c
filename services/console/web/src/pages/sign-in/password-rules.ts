import type { PasswordRules } from '@beacontower/contracts';

/** Rules that can be judged while somebody types; the history is known to the server alone. */
export type PasswordRule = 'length' | 'classes' | 'name' | 'different' | 'again';

export interface PasswordTyped {
  readonly name: string;
  readonly current: string;
  readonly next: string;
  readonly again: string;
}

const CLASSES = [/\p{Ll}/u, /\p{Lu}/u, /\p{Nd}/u, /[^\p{Ll}\p{Lu}\p{Nd}]/u] as const;
/** A name shorter than this is found in too many passwords to be looked for. */
const LEAST_NAME = 3;

/** How many of the four classes of characters a password holds. */
export function classesOf(password: string): number {
  return CLASSES.filter((one) => one.test(password)).length;
}

/** Each rule and whether what was typed keeps it, in the order they are shown. */
export function judgeTyped({ name, current, next, again }: PasswordTyped, rules: PasswordRules): { rule: PasswordRule; met: boolean }[] {
  const plain = next.toLowerCase();
  return [
    { rule: 'length', met: [...next].length >= rules.minLength },
    { rule: 'classes', met: classesOf(next) >= rules.minClasses },
    { rule: 'name', met: next !== '' && (name.length < LEAST_NAME || !plain.includes(name.toLowerCase())) },
    { rule: 'different', met: next !== '' && next !== current },
    { rule: 'again', met: next !== '' && next === again },
  ];
}
