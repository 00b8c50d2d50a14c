import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSealer, SealError } from './sealing.ts';

const KEY = new Uint8Array(32).fill(7);
const sealer = createSealer(KEY);

describe('sealing', () => {
  it('opens what it sealed, whatever the text and the context', () => {
    const any = fc.string({ unit: 'grapheme', maxLength: 100 });
    fc.assert(
      fc.property(any, any, (plain, context) => {
        const sealed = sealer.seal(plain, context);
        expect(sealed).toMatch(/^v1\.[A-Za-z0-9_-]+$/);
        expect(sealer.open(sealed, context)).toBe(plain);
      }),
    );
  });

  it('seals the same text in the same place to the same seal, also in another process', () => {
    expect(createSealer(KEY).seal('public-community', 'credential a')).toBe(sealer.seal('public-community', 'credential a'));
    // Written down: a change of the form would make every node seal its credentials anew.
    expect(sealer.seal('public-community', 'credential a')).toMatchInlineSnapshot(
      `"v1.9xbYoWZe5i0wq_D1egucxBhZH8G-j_3vqzdI8-PML81g33jHUeb0ld2Nog4"`,
    );
  });

  it('seals other texts and other places otherwise, and shows neither', () => {
    const seals = [
      sealer.seal('secret-one', 'a'),
      sealer.seal('secret-two', 'a'),
      sealer.seal('secret-one', 'b'),
      sealer.seal('ecret-one', 'as'),
      createSealer(randomBytes(32)).seal('secret-one', 'a'),
    ];
    expect(new Set(seals.map((seal) => seal.slice(0, 19))).size).toBe(seals.length);
    for (const seal of seals) expect(Buffer.from(seal.slice(3), 'base64url').toString('latin1')).not.toContain('secret');
  });

  it('does not open with another key, in another place, or when a single bit differs', () => {
    const sealed = sealer.seal('secret', 'credential a');
    expect(() => createSealer(randomBytes(32)).open(sealed, 'credential a')).toThrow(SealError);
    expect(() => sealer.open(sealed, 'credential b')).toThrow(SealError);
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    for (let bit = 0; bit < bytes.byteLength * 8; bit++) {
      const changed = Buffer.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => sealer.open(`v1.${changed.toString('base64url')}`, 'credential a')).toThrow(SealError);
    }
  });

  it.each(['', 'v1.', 'v2.AAAA', 'secret', `v1.${'A'.repeat(36)}`])('does not open "%s", and says only that', (sealed) => {
    expect(() => sealer.open(sealed, 'x')).toThrow(/^a sealed secret does not open/);
  });

  it('takes a key of 32 bytes only', () => {
    expect(() => createSealer(new Uint8Array(31))).toThrow('32 bytes, not 31');
  });
});
