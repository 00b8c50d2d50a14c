import { describe, expect, it } from 'vitest';
import { numberOf, policyOf, typedOf, weaknessesOf } from './policy-form.ts';

const POLICY = {
  minLength: 12,
  minClasses: 3,
  history: 5,
  maxAgeDays: 90,
  lockAfter: 5,
  lockMinutes: 15,
  idleMinutes: 30,
  longestHours: 12,
  secondFactor: 'administrators' as const,
  oneTimeHours: 72,
  administrationFrom: ['10.1.0.0/16', '2001:db8::/32'],
};
const TYPED = typedOf({ ...POLICY, revision: 3, changedAt: null, changedBy: null });

describe('the policy as it is edited', () => {
  it('is sent as it was read when nothing is changed', () => {
    expect(policyOf(TYPED)).toEqual(POLICY);
  });

  it('takes an empty age for "for ever", and no other empty number', () => {
    expect(policyOf({ ...TYPED, numbers: { ...TYPED.numbers, maxAgeDays: ' ' } })?.maxAgeDays).toBeNull();
    expect(policyOf({ ...TYPED, numbers: { ...TYPED.numbers, lockAfter: '' } })).toBeNull();
  });

  it.each(['7', '129', '-12', '1e2', '12.5', '十二'])('refuses %s as a length', (typed) => {
    expect(numberOf('minLength', typed)).toBeUndefined();
  });

  it('takes networks by line, comma or space', () => {
    expect(policyOf({ ...TYPED, administrationFrom: ' 10.0.0.0/8，192.0.2.0/24\n\n::1/128 ' })?.administrationFrom).toEqual([
      '10.0.0.0/8',
      '192.0.2.0/24',
      '::1/128',
    ]);
  });

  it('says where it is weaker than level 3 asks', () => {
    expect(weaknessesOf(POLICY)).toEqual([]);
    expect(weaknessesOf({ ...POLICY, maxAgeDays: null, secondFactor: 'optional', lockAfter: 11 })).toEqual([
      'maxAgeDays',
      'lockAfter',
      'secondFactor',
    ]);
  });
});
