import { describe, expect, it } from 'vitest';
import { spokenCode } from './spoken-code.ts';

describe('the code that is read over the telephone', () => {
  it.each([
    ['0'.repeat(64), '0000-0000'],
    [`${'0'.repeat(15)}7${'f'.repeat(48)}`, '0000-0007'],
    // 0x5f5e101 = 100,000,001: what is beyond eight digits falls away.
    [`${'5f5e101'.padStart(16, '0')}${'0'.repeat(48)}`, '0000-0001'],
    ['f'.repeat(64), '0955-1615'],
  ])('of %s is %s', (fingerprint, code) => {
    expect(spokenCode(fingerprint)).toBe(code);
  });
});
