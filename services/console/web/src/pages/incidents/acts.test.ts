import { describe, expect, it } from 'vitest';
import { actsFor, handOver } from './acts.ts';

const BETWEEN = { above: true, below: ['gz'] };
const OWN = { home: null, taken: true, offeredFrom: null, mayAsk: { above: false, below: [] } };
const OPEN = { ...OWN, state: 'open', kind: 'outage', owner: null, pendingOwner: null, mergedInto: null, affected: 3 } as const;
const OFFERED = {
  node: 'gd',
  number: 1,
  at: '',
  by: 'li',
  note: '',
  to: null,
  state: 'offered',
  answeredAt: null,
  answeredBy: null,
  answer: null,
} as const;
const ME = new Set(['li', 'gd-noc']);

describe('actsFor', () => {
  it.each([
    ['open', OPEN, ['acknowledge', 'assign', 'comment', 'merge', 'split', 'resolve']],
    ['owned by another', { ...OPEN, state: 'acknowledged', owner: 'wang' }, ['assign', 'comment', 'merge', 'split', 'resolve']],
    [
      'offered to me by the name of my contact',
      { ...OPEN, state: 'acknowledged', owner: 'wang', pendingOwner: 'gd-noc' },
      ['accept', 'assign', 'decline', 'comment', 'merge', 'split', 'resolve'],
    ],
    [
      'offered by me',
      { ...OPEN, state: 'acknowledged', owner: 'li', pendingOwner: 'wang' },
      ['assign', 'decline', 'comment', 'merge', 'split', 'resolve'],
    ],
    ['of a condition', { ...OPEN, kind: 'condition' }, ['acknowledge', 'assign', 'comment', 'merge']],
    ['alone in it', { ...OPEN, affected: 1 }, ['acknowledge', 'assign', 'comment', 'merge', 'resolve']],
    ['merged', { ...OPEN, mergedInto: 'x' }, ['unmerge', 'comment', 'resolve']],
    ['resolved', { ...OPEN, state: 'resolved' }, ['close', 'assign', 'comment', 'merge']],
    ['closed', { ...OPEN, state: 'closed' }, ['reopen', 'comment']],
    ['only told of', { ...OPEN, home: 'gd', taken: false }, ['comment']],
    ['of another node, and taken here', { ...OPEN, home: 'gd' }, ['acknowledge', 'assign', 'comment', 'merge']],
    [
      'offered by the tier above',
      { ...OPEN, home: 'cn', offeredFrom: 'cn' },
      ['accept-hand-over', 'comment', 'merge', 'decline-hand-over'],
    ],
    [
      'offered by the tier above, which it may ask',
      { ...OPEN, home: 'cn', offeredFrom: 'cn', mayAsk: BETWEEN },
      ['accept-hand-over', 'comment', 'merge', 'hand-down', 'decline-hand-over'],
    ],
    [
      'handed down, and not answered yet',
      { ...OPEN, handedDown: OFFERED },
      ['acknowledge', 'assign', 'comment', 'merge', 'split', 'resolve', 'withdraw-hand-down'],
    ],
    [
      'handed down, and accepted',
      { ...OPEN, handedDown: { ...OFFERED, state: 'accepted' } },
      ['acknowledge', 'assign', 'comment', 'merge', 'split', 'resolve'],
    ],
    [
      'between two tiers',
      { ...OPEN, mayAsk: BETWEEN },
      ['acknowledge', 'assign', 'comment', 'merge', 'split', 'resolve', 'escalate', 'hand-down'],
    ],
    ['closed within another', { ...OPEN, state: 'closed', mergedInto: 'x' }, ['comment']],
  ] as const)('of what is %s', (_what, incident, expected) => {
    expect(actsFor(incident, ME)).toEqual(expected);
  });
});

describe('handOver', () => {
  it.each([
    [OPEN, 'assign'],
    [{ ...OPEN, pendingOwner: 'li' }, 'answer'],
    [{ ...OPEN, owner: 'li', pendingOwner: 'wang' }, 'take-back'],
    [{ ...OPEN, state: 'closed' }, null],
  ] as const)('of %j is %s', (incident, expected) => {
    expect(handOver(incident, ME)).toBe(expected);
  });
});
