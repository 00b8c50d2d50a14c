import { describe, expect, it } from 'vitest';
import { parse } from './arguments.ts';

describe('what was typed', () => {
  it('is complained of in one short line', () => {
    expect(() => parse({ args: ['--nonsense'], options: {}, allowPositionals: true })).toThrow(
      /^Unknown option '--nonsense'; --help tells what there is$/,
    );
  });
});
