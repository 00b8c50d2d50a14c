import { describe, expect, it } from 'vitest';
import { buildIn } from './build.ts';
import { homeOf, PLACES, placesOf } from './places.ts';
import { sessionEnd } from './session-end.ts';
import { nextShortcut } from './shortcuts.ts';

describe('keys of every page', () => {
  const press = (...keys: readonly [string, number][]) => {
    let step = { state: { goingAt: null as number | null }, act: null as unknown, taken: false };
    for (const [key, at] of keys) step = nextShortcut(step.state, key, at);
    return step;
  };
  it('g and a letter go to a page, and the letter is nobody else’s', () => {
    expect(press(['g', 0], ['i', 300])).toMatchObject({ act: { kind: 'go', press: 'i' }, taken: true });
    expect(press(['g', 0], ['Shift', 100], ['I', 300])).toMatchObject({ act: { kind: 'go', press: 'i' } });
  });
  it('too late it is a letter like any other', () => {
    expect(press(['g', 0], ['i', 1_600])).toMatchObject({ act: null, taken: false });
  });
  it('Escape gives it up', () => {
    expect(press(['g', 0], ['Escape', 100], ['i', 200])).toMatchObject({ act: null, taken: false });
  });
  it('searches and helps', () => {
    expect(press(['/', 0])).toMatchObject({ act: { kind: 'search' } });
    expect(press(['?', 0])).toMatchObject({ act: { kind: 'help' } });
  });
  it('no two pages have the same', () => {
    expect(new Set(PLACES.map((place) => place.press)).size).toBe(PLACES.length);
  });
});

describe('where one may go', () => {
  it('is by role', () => {
    expect(placesOf(['audit-administrator']).map(({ key }) => key)).toEqual(['audit']);
    expect(placesOf(['viewer']).map(({ key }) => key)).not.toContain('configuration');
    expect(placesOf([])).toEqual([]);
  });
  it('begins at the wall for who watches, elsewhere for who may not', () => {
    expect(homeOf(['operator'])).toBe('/wall');
    expect(homeOf(['security-administrator'])).toBe('/accounts');
    expect(homeOf([])).toBe('/me');
  });
});

describe('the end of a session', () => {
  const MINUTE = 60_000;
  it.each([
    ['somebody was just here', { heardAt: 0, idleMs: 30 * MINUTE, expiresAt: null }, 10 * MINUTE, null],
    ['nobody for nearly long enough', { heardAt: 0, idleMs: 30 * MINUTE, expiresAt: null }, 28 * MINUTE, 'idle'],
    ['a short idle time is warned of late', { heardAt: 0, idleMs: MINUTE, expiresAt: null }, 30_000, null],
    ['the longest life is nearly over', { heardAt: 0, idleMs: null, expiresAt: 60 * MINUTE }, 51 * MINUTE, 'expires'],
    ['what ends first is told', { heardAt: 0, idleMs: 30 * MINUTE, expiresAt: 29 * MINUTE }, 28.5 * MINUTE, 'expires'],
    ['a wall never ends', { heardAt: 0, idleMs: null, expiresAt: null }, 1e12, null],
  ] as const)('%s', (_name, span, now, kind) => {
    expect(sessionEnd(span, now)?.kind ?? null).toBe(kind);
  });
});

describe('the build of a page', () => {
  it('is the name of its script', () => {
    expect(buildIn('<script type="module" crossorigin nonce="x" src="/assets/index-D5qBE7iQ.js"></script>')).toBe(
      '/assets/index-D5qBE7iQ.js',
    );
    expect(buildIn('<script type="module" src="/src/main.tsx"></script>')).toBeNull();
  });
});
