import { describe, expect, it } from 'vitest';
import { moment, parse } from './arguments.ts';

describe('what was typed', () => {
  it('is complained of in one short line', () => {
    expect(() => parse({ args: ['--nonsense'], options: {}, allowPositionals: true })).toThrow(
      /^Unknown option '--nonsense'; --help tells what there is$/,
    );
  });
});

it.each([
  ['2026-03-01', Date.UTC(2026, 2, 1)],
  ['2026-03-01T08:00Z', Date.UTC(2026, 2, 1, 8)],
  ['2026-03-01T16:00:00+08:00', Date.UTC(2026, 2, 1, 8)],
  ['2026-03-01T08:00', null],
  ['2026-03-01T08:00+25:00', null],
  ['tomorrow', null],
] as const)('a moment %s', (typed, at) => {
  if (at === null) expect(() => moment('at', typed)).toThrow(/^--at .*expected a day/);
  else expect(moment('at', typed)).toBe(at);
});
