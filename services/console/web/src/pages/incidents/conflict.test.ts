import type { IncidentDetail } from '@beacontower/contracts';
import { describe, expect, it } from 'vitest';
import { readClock } from './clock.ts';
import { conflictOf } from './conflict.ts';

const line = (kind: string) => ({ at: '2026-11-22T00:00:00.000Z', kind, actor: 'wang', detail: {}, node: null });
const BEFORE = {
  state: 'open',
  severity: 'major',
  owner: null,
  pendingOwner: null,
  mergedInto: null,
  causeCategory: null,
  chargedParty: null,
  affected: 2,
  revision: 3,
};
const before = BEFORE as unknown as IncidentDetail;

describe('conflictOf', () => {
  it('says what is different, and the lines that came since', () => {
    const after = {
      ...before,
      state: 'acknowledged',
      owner: 'wang',
      revision: 4,
      timeline: [line('opened'), line('acknowledged')],
    } as IncidentDetail;
    expect(conflictOf(before, after)).toEqual({
      fields: [
        { field: 'state', from: 'open', to: 'acknowledged' },
        { field: 'owner', from: null, to: 'wang' },
      ],
      lines: [line('acknowledged')],
    });
  });

  it('shows the last few of many', () => {
    const timeline = Array.from({ length: 30 }, (_, index) => line(`k${index}`));
    expect(conflictOf(before, { ...before, revision: 40, timeline }).lines).toEqual(timeline.slice(-8));
  });

  it('has nothing to say of what has not changed', () => {
    expect(conflictOf(before, { ...before, timeline: [line('opened')] })).toEqual({ fields: [], lines: [] });
  });
});

describe('readClock', () => {
  const at = (minute: number) => new Date(minute * 60_000).toISOString();
  it.each([
    ['running', { dueAt: at(10), warnAt: at(8), metAt: null }, 5],
    ['warned', { dueAt: at(10), warnAt: at(8), metAt: null }, 9],
    ['late', { dueAt: at(10), warnAt: at(8), metAt: null }, 11],
    ['met', { dueAt: at(10), warnAt: at(8), metAt: at(9) }, 90],
    ['late', { dueAt: at(10), warnAt: at(8), metAt: at(12) }, 90],
    ['running', { dueAt: at(10), warnAt: null, metAt: null }, 9],
  ])('is %s', (state, clock, now) => {
    expect(readClock(clock, now * 60_000).state).toBe(state);
  });
});
