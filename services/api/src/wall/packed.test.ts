import { describe, expect, it } from 'vitest';
import { acceptsGzip } from './packed.ts';

describe('an answer is compressed', () => {
  it.each([
    ['gzip', true],
    ['gzip, deflate, br', true],
    ['br;q=1.0, gzip;q=0.8', true],
    ['br, gzip ;q=0.001', true],
    ['GZIP', true],
    [['br', 'gzip'], true],
    ['gzip;q=0', false],
    ['gzip;q=0.000, br', false],
    ['identity', false],
    ['x-gzip', false],
    ['', false],
    [undefined, false],
  ])('for %j: %s', (encodings, expected) => {
    expect(acceptsGzip(encodings)).toBe(expected);
  });
});
