import { describe, expect, it } from 'vitest';
import { judgedUntil, reckon, type Stretch, stretchAt, stretchesOf, troubles } from './segments.ts';
import { stripBars } from './strip.ts';

const part = (from: number, to: number, state: Stretch['state'], rest: Partial<Stretch> = {}): Stretch => ({
  from,
  to,
  state,
  reason: 'replied',
  excluded: false,
  uncertaintyMs: 0,
  cause: null,
  party: null,
  ...rest,
});

describe('reckon', () => {
  it('adds up, and keeps to the rule of availability', () => {
    const sum = reckon([
      part(0, 10, 'unknown', { reason: 'not-monitored' }),
      part(10, 70, 'up'),
      part(70, 80, 'down', { uncertaintyMs: 2 }),
      part(80, 100, 'degraded', { uncertaintyMs: 1 }),
      part(100, 110, 'unknown', { reason: 'not-looked-at' }),
      part(110, 120, 'down', { excluded: true }),
      part(120, 125, 'unknown', { reason: 'not-judged-yet' }),
    ]);
    expect(sum).toMatchObject({ upMs: 80, degradedMs: 20, downMs: 10, unknownMs: 10, excludedMs: 10, outages: 1, availability: 80 / 90 });
    expect(sum.lowest).toBeCloseTo(77 / 100);
    expect(sum.highest).toBeCloseTo(93 / 100);
  });
  it('knows nothing where nothing was observed', () =>
    expect(reckon([part(0, 10, 'unknown')])).toMatchObject({ availability: null, lowest: null, unknownMs: 10 }));
  it('counts an outage cut by planned work once', () =>
    expect(reckon([part(0, 5, 'down'), part(5, 7, 'down', { excluded: true }), part(7, 9, 'down')]).outages).toBe(1));
});

describe('what is read of it', () => {
  const stretches = stretchesOf([
    {
      from: '2026-01-01T00:00:00.000Z',
      to: '2026-01-01T01:00:00.000Z',
      state: 'up',
      reason: 'replied',
      excluded: false,
      edgeUncertaintyMs: 3,
      cause: null,
      party: null,
    },
    {
      from: '2026-01-01T01:00:00.000Z',
      to: '2026-01-01T02:00:00.000Z',
      state: 'down',
      reason: 'no-reply',
      excluded: false,
      edgeUncertaintyMs: 5,
      cause: 'n:a',
      party: 'p',
    },
  ]);
  it('is trouble, the newest first', () => expect(troubles(stretches).map(({ state }) => state)).toEqual(['down']));
  it('goes on where it lasts until what was judged', () => {
    expect(judgedUntil([part(0, 5, 'up'), part(5, 8, 'down'), part(8, 9, 'unknown', { reason: 'not-judged-yet' })])).toBe(8);
    expect(judgedUntil([])).toBe(Number.NEGATIVE_INFINITY);
  });
  it('has a stretch at a moment', () => {
    expect(stretchAt(stretches, Date.UTC(2026, 0, 1, 1))).toMatchObject({ state: 'down', uncertaintyMs: 5 });
    expect(stretchAt(stretches, Date.UTC(2026, 0, 1, 2))).toBeUndefined();
  });
});

describe('stripBars', () => {
  it('shows a second of outage in a month', () => {
    const month = { from: 0, to: 30 * 86_400_000 };
    const bars = stripBars([part(0, 1_000_000, 'up'), part(1_000_000, 1_001_000, 'down'), part(1_001_000, month.to, 'up')], month, 1000);
    expect(bars.at(-1)).toMatchObject({ look: 'down', width: 3 });
    const [up, ...others] = bars.filter(({ look }) => look === 'up');
    expect(up?.width).toBeCloseTo(1000);
    expect(others).toEqual([]);
  });
  it('keeps what is at the end inside', () => {
    const [bar] = stripBars([part(999, 1000, 'down')], { from: 0, to: 1000 }, 100);
    expect(bar).toEqual({ x: 97, width: 3, look: 'down' });
  });
  it('draws how far an edge may lie off where that is seen', () => {
    const bars = stripBars([part(0, 500, 'up'), part(500, 1000, 'down', { uncertaintyMs: 50 })], { from: 0, to: 1000 }, 100);
    expect(bars.at(-1)).toEqual({ x: 45, width: 10, look: 'uncertain' });
  });
  it('of ten thousand outages makes no more bars than pixels', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => part(i * 100, i * 100 + 50, i % 2 ? 'down' : 'up'));
    expect(stripBars(many, { from: 0, to: 1_000_000 }, 500).length).toBeLessThanOrEqual(500);
  });
});
