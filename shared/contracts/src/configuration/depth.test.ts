import { describe, expect, it } from 'vitest';
import { isTooDeep } from './depth.ts';
import { loadConfiguration } from './load.ts';

describe('a text nested without end', () => {
  it.each([
    ['sequences on one line', '- '.repeat(8_192)],
    ['flow sequences', '['.repeat(100_000)],
    ['flow mappings', '{a: '.repeat(20_000)],
    ['explicit keys', '? '.repeat(8_192)],
    ['lines ever further in', Array.from({ length: 1_500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('%s: a fault, not the end of the process', (_what, text) => {
    expect(isTooDeep(text)).toBe(true);
    const { configuration, faults } = loadConfiguration([{ name: 'a.yaml', bytes: Buffer.from(text) }]);
    expect(configuration).toBeNull();
    expect(faults.map(({ code }) => code)).toContain('too-deep');
  });

  it.each([
    ['a long flow mapping on one line', `{${Array.from({ length: 500 }, (_, at) => `k${at}: [1, 2]`).join(', ')}}`],
    ['brackets in texts', '- "[[[["\n'.repeat(200)],
    ['a text that is drawn', `a: |\n  ${'-'.repeat(200)}\n  b\n`],
    ['a text far to the right', `a: |\n${' '.repeat(150)}b\n`],
  ])('is not %s', (_what, text) => {
    expect(isTooDeep(text)).toBe(false);
  });
});
