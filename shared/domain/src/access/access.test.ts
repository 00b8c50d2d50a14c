import { describe, expect, it } from 'vitest';
import { countAttempt, isLocked, takeBackAttempt } from './lockout.ts';
import { judgePassword, passwordForm } from './password.ts';
import { sessionOver, touchEvery } from './session-life.ts';
import { demandsSecondFactor, passwordExpiry, type StageFacts, stageOf } from './session-stage.ts';

const RULES = { minLength: 12, minClasses: 3 };

describe('a password', () => {
  it.each([
    ['correct-Horse-7-battery', []],
    ['短信平台-Qx7-烽火连三月', []],
    ['short-A1', ['too-short']],
    ['alllowercaseletters', ['too-few-classes']],
    ['ALL UPPER AND SPACES', ['too-few-classes']],
    ['x-Zhang.Wei-2026!', ['holds-name']],
    ['x-iew.gnahz-2026X!', ['holds-name']],
    ['Duty-张伟-officer-9', ['holds-name']],
    ['P@ssw0rd2026!', ['too-common']],
    ['Admin@123456', ['too-common']],
    ['1qaz@WSX3edc', ['too-common']],
    ['aaaaaaaaaaaaaa', ['too-few-classes', 'too-common']],
    ['0123456789:;', ['too-few-classes', 'too-common']],
    ['the admin of my heart lives at 7 Rue X', []],
  ])('%s: %j', (password, faults) => {
    expect(judgePassword(password, RULES, ['zhang.wei', '张伟'])).toEqual(faults);
  });

  it('is counted in characters, not in code units', () => {
    expect(judgePassword('😀😀a😀B1😀c😀', RULES, [])).toContain('too-short');
  });

  it('is the same in full width', () => {
    expect(passwordForm('Ａｂｃ１２３！')).toBe('Abc123!');
  });
});

describe('locking', () => {
  const policy = { lockAfter: 3, lockMinutes: 15 };
  const none = { failures: 0, lockedUntil: null };
  it('comes with the failure that is one too many, and ends by time', () => {
    const one = countAttempt(none, policy, 0);
    const two = countAttempt(one ?? none, policy, 1);
    const three = countAttempt(two ?? none, policy, 2);
    expect([one?.lockedUntil, two?.lockedUntil, three?.lockedUntil]).toEqual([null, null, 900_002]);
    expect(countAttempt(three ?? none, policy, 900_001)).toBeNull();
    expect(isLocked(three ?? none, 900_002)).toBe(false);
    expect(countAttempt(three ?? none, policy, 900_002)).toEqual({ failures: 1, lockedUntil: null });
  });
  it('is taken back for an attempt that was right, and keeps the failures before it', () => {
    expect(takeBackAttempt({ failures: 3, lockedUntil: 900_000 }, policy)).toEqual({ failures: 2, lockedUntil: null });
    expect(takeBackAttempt({ failures: 4, lockedUntil: 900_000 }, policy)).toEqual({ failures: 3, lockedUntil: 900_000 });
    expect(takeBackAttempt(none, policy)).toEqual(none);
  });
});

describe('what a session still needs', () => {
  const DAY = 86_400_000;
  const facts: StageFacts = {
    hasSecondFactor: false,
    secondFactorGiven: false,
    byPassword: true,
    mustChange: false,
    passwordSetAt: 0,
    maxAgeDays: 90,
    demandsSecondFactor: false,
    now: DAY,
  };
  it.each([
    ['nothing', {}, 'full'],
    ['a code before all else', { hasSecondFactor: true, mustChange: true }, 'second-factor'],
    ['a new password after the code', { hasSecondFactor: true, secondFactorGiven: true, mustChange: true }, 'change-password'],
    ['a new password when it is too old', { now: 90 * DAY }, 'change-password'],
    ['none when passwords do not age', { now: 9_000 * DAY, maxAgeDays: null }, 'full'],
    ['none of the identity provider', { byPassword: false, mustChange: true, now: 900 * DAY }, 'full'],
    ['a second factor set up', { demandsSecondFactor: true }, 'enrol'],
    ['none where the provider answers for it', { demandsSecondFactor: true, secondFactorGiven: true, byPassword: false }, 'full'],
  ] as const)('%s', (_what, given, stage) => {
    expect(stageOf({ ...facts, ...given })).toBe(stage);
  });
  it('demands a second factor of whom the policy names', () => {
    expect(demandsSecondFactor('administrators', true)).toBe(true);
    expect(demandsSecondFactor('administrators', false)).toBe(false);
    expect(demandsSecondFactor('everyone', false)).toBe(true);
    expect(demandsSecondFactor('optional', true)).toBe(false);
  });
  it('knows when a password ends', () => {
    expect(passwordExpiry(DAY, 1)).toBe(2 * DAY);
    expect(passwordExpiry(null, 1)).toBeNull();
    expect(passwordExpiry(DAY, null)).toBeNull();
  });
});

describe('a session', () => {
  it.each([
    [{ seenAt: 0, expiresAt: 1_000, idleMs: 100 }, 99, null],
    [{ seenAt: 0, expiresAt: 1_000, idleMs: 100 }, 100, 'idle'],
    [{ seenAt: 950, expiresAt: 1_000, idleMs: 100 }, 1_000, 'expired'],
    [{ seenAt: 0, expiresAt: 1_000, idleMs: null }, 999, null],
  ])('%j at %d: %s', (life, now, over) => {
    expect(sessionOver(life, now)).toBe(over);
  });
  it('notes its use often enough', () => {
    expect(touchEvery(60_000)).toBe(6_000);
    expect(touchEvery(null)).toBe(30_000);
  });
});
