import { describe, expect, it } from 'vitest';
import { creationOf, type PlanDraft, previewOf } from './cover.ts';
import { standOfMaintenance, standOfSilence } from './plan-state.ts';
import { fieldOf, momentOf } from './zoned-time.ts';

describe('times typed into a field', () => {
  it.each([
    ['2026-11-22T11:00', 'Asia/Shanghai', '2026-11-22T03:00:00.000Z'],
    ['2026-01-01T00:30', 'Asia/Urumqi', '2025-12-31T18:30:00.000Z'],
    ['2026-11-22T11:00', 'UTC', '2026-11-22T11:00:00.000Z'],
    ['2026-07-01T12:00', 'Europe/Berlin', '2026-07-01T10:00:00.000Z'],
    // Left out by the change of clocks: as much later.
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    // Twice: the first.
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00.000Z'],
  ])('%s in %s is %s', (text, zone, expected) => {
    const at = momentOf(text, zone);
    expect(at === null ? null : new Date(at).toISOString()).toBe(expected);
  });
  it.each(['', 'soon', '2026-02-30T10:00', '2026-11-22', '2026-11-22T25:00'])('%j is none', (text) => {
    expect(momentOf(text, 'Asia/Shanghai')).toBeNull();
  });
  it('come back as they were typed', () => {
    for (const zone of ['Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns'])
      expect(fieldOf(momentOf('2026-11-22T11:07', zone) ?? 0, zone)).toBe('2026-11-22T11:07');
  });
});

const NOW = Date.parse('2026-11-22T00:00:00.000Z');
const draft: PlanDraft = {
  text: ' 割接 ',
  objects: ['bj:a'],
  divisions: [],
  classes: [],
  parties: [],
  severities: [],
  kinds: [],
  from: '2026-11-22T10:00',
  to: '2026-11-22T12:00',
};
const make = (more: Partial<PlanDraft>, sort: 'maintenance' | 'silence' = 'maintenance') =>
  creationOf({ ...draft, ...more }, sort, 'Asia/Shanghai', NOW);

describe('what is made of the fields', () => {
  it('is planned work, which says when it starts', () => {
    const times = { startsAt: '2026-11-22T02:00:00.000Z', endsAt: '2026-11-22T04:00:00.000Z' };
    expect(make({})).toEqual({ title: '割接', objects: ['bj:a'], divisions: [], ...times });
    expect(make({ from: '' })).toMatchObject({ startsAt: '2026-11-22T00:00:00.000Z' });
  });
  it('is a silence, which may start at once and be about a class alone', () => {
    const made = make({ from: '', objects: [], classes: ['backbone'] }, 'silence');
    expect(made).toEqual({
      reason: '割接',
      objects: [],
      divisions: [],
      classes: ['backbone'],
      parties: [],
      severities: [],
      kinds: [],
      endsAt: '2026-11-22T04:00:00.000Z',
    });
  });
  it.each([
    [{ objects: [] }, 'maintenance', 'missingCover'],
    [{ objects: [], severities: ['critical'] }, 'silence', 'missingMuted'],
    [{ text: '  ' }, 'silence', 'missingText'],
    [{ to: '2026-11-22T10:00' }, 'maintenance', 'badTimes'],
    [{ from: '2026-11-21T06:00', to: '2026-11-22T07:00' }, 'maintenance', 'badTimes'],
    [{ to: '' }, 'silence', 'badTimes'],
    [{ to: '2028-11-22T10:00' }, 'maintenance', 'tooLong'],
  ] as const)('is missing something: %j', (more, sort, fault) => {
    expect(make(more, sort)).toBe(fault);
  });
  it('can be previewed before it has a reason', () => {
    expect(previewOf({ ...draft, text: '' }, 'silence', 'Asia/Shanghai', NOW)).toMatchObject({ objects: ['bj:a'] });
  });
});

describe('where plans stand', () => {
  const at = (hours: number) => new Date(NOW + hours * 3_600_000).toISOString();
  it.each([
    ['to-approve', { startsAt: at(1), endsAt: at(2), approvedAt: null, cancelledAt: null }],
    ['planned', { startsAt: at(1), endsAt: at(2), approvedAt: at(-1), cancelledAt: null }],
    ['under-way', { startsAt: at(-1), endsAt: at(2), approvedAt: at(-2), cancelledAt: null }],
    ['under-way-unapproved', { startsAt: at(0), endsAt: at(2), approvedAt: null, cancelledAt: null }],
    ['over', { startsAt: at(-3), endsAt: at(0), approvedAt: null, cancelledAt: null }],
    ['cancelled', { startsAt: at(1), endsAt: at(2), approvedAt: at(-1), cancelledAt: at(-1) }],
  ])('planned work is %s', (stand, plan) => {
    expect(standOfMaintenance(plan, NOW)).toBe(stand);
  });
  it.each([
    ['to-come', { startsAt: at(1), endsAt: at(2), endedAt: null }],
    ['silencing', { startsAt: at(-1), endsAt: at(2), endedAt: null }],
    ['over', { startsAt: at(-2), endsAt: at(0), endedAt: null }],
    ['ended', { startsAt: at(-2), endsAt: at(2), endedAt: at(-1) }],
  ])('a silence is %s', (stand, silence) => {
    expect(standOfSilence(silence, NOW)).toBe(stand);
  });
});
