import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CHAIN_BEGIN, chainOn, hashOf, readBatch, type Said } from './chain.ts';

const said = (at: number): Said => ({
  kind: 'party',
  eventAt: at,
  recordedAt: at,
  payload: { id: `p${at}`, name: '电信', nameEn: null, tier: 'carrier' },
});
const made = chainOn(CHAIN_BEGIN, [1, 2, 3, 4, 5, 6].map(said));
const batch = (from: number, to: number) =>
  `${made
    .slice(from - 1, to)
    .map(({ line }) => line)
    .join('\n')}\n`;
const after = (sequence: number) => (sequence === 0 ? CHAIN_BEGIN : { sequence, hash: made[sequence - 1]?.hash ?? '' });

describe('the chain of a log', () => {
  test('is of the bytes of its lines', () => {
    expect(JSON.parse(made[1]?.line ?? '')).toMatchObject({ sequence: 2, previous: hashOf(made[0]?.line ?? '') });
    expect(JSON.parse(made[0]?.line ?? '')).toMatchObject({ sequence: 1, previous: '0'.repeat(64) });
  });

  test('any cut of it into batches, with any of them sent again, is applied once and in order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })), { maxLength: 30 }), (cuts) => {
        const applied: number[] = [];
        let end = CHAIN_BEGIN;
        for (const [from, to] of [...cuts, [1, 6] as const]) {
          if (from > to) continue;
          const read = readBatch(batch(from, to), end);
          if (!read.ok) {
            expect(from > end.sequence + 1 ? 'sequence-gap' : 'sequence-known').toBe(read.code);
            continue;
          }
          applied.push(...read.fresh.map(({ envelope }) => envelope.sequence));
          end = read.end;
        }
        expect(applied).toEqual([1, 2, 3, 4, 5, 6]);
      }),
    );
  });

  test.each([
    ['a gap', batch(3, 4), after(1), 'sequence-gap', 3],
    ['lines that are all known', batch(1, 2), after(4), 'sequence-known', 2],
    ['another history', batch(3, 4), { sequence: 2, hash: hashOf('other') }, 'history-differs', 3],
    ['another line at the place applied', batch(1, 4), { sequence: 2, hash: hashOf('other') }, 'history-differs', 2],
    ['lines out of order', `${made[1]?.line}\n${made[0]?.line}\n`, after(1), 'chain-broken', 1],
    ['a line left out', `${made[0]?.line}\n${made[2]?.line}\n`, after(0), 'chain-broken', 3],
    ['a forged line', batch(1, 3).replace('p2', 'p9'), after(0), 'chain-broken', 3],
    ['garbage', 'garbage\n', after(0), 'envelope-invalid', null],
    ['a kind of the future', JSON.stringify({ ...JSON.parse(made[0]?.line ?? ''), kind: 'hologram' }), after(0), 'envelope-invalid', null],
    ['nothing', '', after(0), 'message-invalid', null],
    ['a line of a megabyte', `"${'x'.repeat(1_000_000)}"`, after(0), 'message-too-large', null],
  ] as const)('%s refuses the batch', (_what, text, end, code, sequence) => {
    expect(readBatch(text, end)).toMatchObject({ ok: false, code, sequence });
  });
});
