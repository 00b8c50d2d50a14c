import { INTERFACE_COUNTERS } from '@beacontower/contracts';
import { ALL, batchOf, type RowSpec, same } from '@beacontower/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InterfaceColumns } from './columns.ts';
import { Increments } from './increments.ts';
import { mostOctets, mostPackets } from './plausible.ts';

const T = Date.UTC(2026, 10, 22);
const MINUTE = 60_000;
const WRAP64 = 2n ** 64n;
const WRAP32 = 2n ** 32n;
const DAY_497 = 2 ** 32;

/** Rows that readings at these moments become: `[span, in octets, out errors]`, and the tally. */
function run(...readings: readonly (Omit<RowSpec, 'check'> & { at: number })[]) {
  const increments = new Increments();
  const columns = new InterfaceColumns();
  for (const { at, ...row } of readings) increments.take(batchOf(at, [{ check: 7, ...row }]), columns);
  const rows = columns.rows();
  return {
    rows: Array.from({ length: rows.count }, (_, i) => [rows.span[i], rows.increments.inOctets[i], rows.increments.outErrors[i]]),
    tally: increments.takeTally(),
  };
}

describe('increments', () => {
  it('of a first reading are none; of the next what lies between', () => {
    const { rows, tally } = run(
      { at: T, uptime: 1_000, counters: same(100n) },
      { at: T + MINUTE, uptime: 7_000, counters: same(350n) },
      { at: T + 4 * MINUTE, uptime: 25_000, counters: same(360n) },
    );
    expect(rows).toEqual([
      [MINUTE, 250, 250],
      [3 * MINUTE, 10, 10],
    ]);
    expect(tally.first).toBe(1);
  });

  it('are exact where a number is not', () => {
    const counters = (value: bigint) => same(value);
    const { rows } = run(
      { at: T, uptime: 1_000, counters: counters(WRAP64 - 10_000_000_000n) },
      { at: T + MINUTE, uptime: 7_000, speed: 10_000, counters: counters(WRAP64 - 10_000_000_000n + 3_000_000_001n) },
    );
    expect(rows).toEqual([[MINUTE, 3_000_000_001, 3_000_000_001]]);
  });

  it.each([
    ['sysUpTime that went back', { uptime: 500, counters: same(20n) }, 'restarted'],
    ['sysUpTime that went back while counters went on', { uptime: 500, counters: same(200n) }, 'restarted'],
    ['a discontinuity', { uptime: 7_000, broken: 5, counters: same(200n) }, 'discontinuity'],
    ['64-bit octets that went back', { uptime: 7_000, counters: [50n, ...same(200n).slice(1)] }, 'went-back'],
  ] as const)('are unknown, all, after %s', (_, next, cause) => {
    const { rows, tally } = run(
      { at: T, uptime: 1_000, counters: same(100n) },
      { at: T + MINUTE, ...next },
      { at: T + 2 * MINUTE, ...next, uptime: next.uptime + 6_000, counters: next.counters.map((value) => value + 9n) },
    );
    expect(rows).toEqual([
      [MINUTE, Number.NaN, Number.NaN],
      [MINUTE, 9, 9],
    ]);
    expect(tally.unknown[cause]).toBe(INTERFACE_COUNTERS.length);
  });

  it('tell a restart after a long gap, though sysUpTime is larger than before', () => {
    const { rows } = run({ at: T, uptime: 1_000, counters: same(100n) }, { at: T + 100_000, uptime: 5_000, counters: same(200n) });
    expect(rows).toEqual([[100_000, Number.NaN, Number.NaN]]);
  });

  it('go on over the wrap of sysUpTime after 497 days', () => {
    const { rows } = run({ at: T, uptime: DAY_497 - 2_000, counters: same(100n) }, { at: T + MINUTE, uptime: 4_000, counters: same(200n) });
    expect(rows).toEqual([[MINUTE, 100, 100]]);
  });

  it('of one counter that went back are unknown alone', () => {
    const back = [...same(200n).slice(0, 9), 50n, 200n, 200n];
    const { rows, tally } = run({ at: T, uptime: 1_000, counters: same(100n) }, { at: T + MINUTE, uptime: 7_000, counters: back });
    expect(rows).toEqual([[MINUTE, 100, Number.NaN]]);
    expect(tally.unknown['went-back']).toBe(1);
  });

  it.each([
    ['10 Mbit/s: once', 10, 100],
    ['10 Gbit/s: who knows how often', 10_000, Number.NaN],
    ['an unknown speed: who knows how often', 0, Number.NaN],
  ])('of a 32-bit counter that wrapped at %s', (_, speed, octets) => {
    const { rows } = run(
      { at: T, uptime: 1_000, speed, wide: 0, counters: same(WRAP32 - 40n) },
      { at: T + MINUTE, uptime: 7_000, speed, wide: 0, counters: same(60n) },
    );
    expect(rows[0]?.[1]).toEqual(octets);
  });

  it('of errors, which are 32 bits wide on every line, are known at any speed while they go on', () => {
    const { rows } = run(
      { at: T, uptime: 1_000, speed: 400_000, wide: 0xff, counters: same(5n) },
      { at: T + MINUTE, uptime: 7_000, speed: 400_000, wide: 0xff, counters: same(9n) },
    );
    expect(rows).toEqual([[MINUTE, 4, 4]]);
  });

  it('above what the line carries are unknown; without a known speed 64 bits are believed', () => {
    const leap = 10n ** 13n;
    const readings = (speed: number) =>
      run({ at: T, uptime: 1_000, speed, counters: same(0n) }, { at: T + MINUTE, uptime: 7_000, speed, counters: same(leap) });
    expect(readings(1_000).rows).toEqual([[MINUTE, Number.NaN, Number.NaN]]);
    expect(readings(1_000).tally.unknown.impossible).toBe(INTERFACE_COUNTERS.length);
    expect(readings(0).rows).toEqual([[MINUTE, Number(leap), Number(leap)]]);
  });

  it('are not made of a reading seen already, or overtaken', () => {
    const { rows, tally } = run(
      { at: T, uptime: 1_000, counters: same(100n) },
      { at: T + MINUTE, uptime: 7_000, counters: same(200n) },
      { at: T + MINUTE, uptime: 7_000, counters: same(200n) },
      { at: T + MINUTE / 2, uptime: 4_000, counters: same(150n) },
      { at: T + 2 * MINUTE, uptime: 13_000, counters: same(300n) },
    );
    expect(rows).toEqual([
      [MINUTE, 100, 100],
      [MINUTE, 100, 100],
    ]);
    expect(tally.stale).toBe(2);
  });

  it('cover the time that the device counted when our clock was set forward, and begin anew when it was set back', () => {
    const readings = (step: number) =>
      run(
        { at: T, uptime: 100_000_000, counters: same(100n) },
        { at: T + MINUTE + step, uptime: 100_006_000, counters: same(200n) },
        { at: T + 2 * MINUTE + step, uptime: 100_012_000, counters: same(205n) },
      );
    expect(readings(3_600_000).rows).toEqual([
      [MINUTE, 100, 100],
      [MINUTE, 5, 5],
    ]);
    expect(readings(-3_600_000).rows).toEqual([[MINUTE, 5, 5]]);
  });

  it('are unknown when another device with an older sysUpTime stands there', () => {
    const { rows } = run({ at: T, uptime: 1_000, counters: same(100n) }, { at: T + MINUTE, uptime: 900_000_000, counters: same(200n) });
    expect(rows).toEqual([[MINUTE, Number.NaN, Number.NaN]]);
  });

  it('of what was not answered, or was counted in another width before, are unknown', () => {
    const { rows, tally } = run(
      { at: T, uptime: 1_000, counters: same(100n), present: ALL & ~1 },
      { at: T + MINUTE, uptime: 7_000, counters: same(200n), wide: ALL & ~(1 << 9) },
    );
    expect(rows).toEqual([[MINUTE, Number.NaN, Number.NaN]]);
    expect(tally.unknown['width-changed']).toBe(1);
  });

  it('refuse columns that differ in length, whole', () => {
    const batch = batchOf(T, [{ check: 1, uptime: 1, counters: same(1n) }]);
    expect(() => new Increments().take({ ...batch, uptime: new Uint8Array(8) }, null)).toThrow(RangeError);
    expect(() => new Increments().take({ ...batch, checks: new Uint8Array(3) }, null)).toThrow(RangeError);
  });

  it('of many checks, told in any order, are each its own', () => {
    const increments = new Increments();
    const columns = new InterfaceColumns();
    const checks = Array.from({ length: 5_000 }, (_, i) => i * 7 + 1);
    increments.take(
      batchOf(
        T,
        checks.map((check) => ({ check, uptime: 1_000, counters: same(BigInt(check)) })),
      ),
      columns,
    );
    const backwards = checks.toReversed().map((check) => ({ check, uptime: 7_000, counters: same(BigInt(check * 3)) }));
    increments.take(batchOf(T + MINUTE, backwards), columns);
    const rows = columns.rows();
    expect(rows.count).toBe(checks.length);
    for (let i = 0; i < rows.count; i++) expect(rows.increments.inOctets[i]).toBe((rows.check[i] as number) * 2);
  });
});

type Event = 'none' | 'restart' | 'discontinuity' | 'reset' | 'twice' | 'overtaken' | 'missed';

const step = fc.record({
  elapsed: fc.integer({ min: 1_000, max: 900_000 }),
  load: fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 12, maxLength: 12 }),
  event: fc.constantFrom<Event>('none', 'none', 'none', 'none', 'restart', 'discontinuity', 'reset', 'twice', 'overtaken', 'missed'),
});
const device = fc.record({
  speed: fc.constantFrom(0, 2, 10, 100, 1_000, 10_000, 100_000),
  wide: fc.constantFrom(0, 0xff, ALL),
  uptime: fc.constantFrom(100, 1_000_000, DAY_497 - 1_000, DAY_497 - 50_000),
  start: fc.array(fc.bigInt({ min: 0n, max: 2n ** 63n }), { minLength: 12, maxLength: 12 }),
  steps: fc.array(step, { minLength: 1, maxLength: 12 }),
});

describe('increments of any device', () => {
  it('are the truth or unknown, and known whenever they can be', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(device, ({ speed, wide, uptime, start, steps }) => {
        const increments = new Increments();
        let truth = [...start];
        let since = same(0n);
        let at = T;
        let ticks = uptime;
        let broken = 0;
        let covered = 0;
        let isBroken = false;
        const shown = (): RowSpec => ({
          check: 3,
          speed,
          wide,
          broken,
          uptime: ticks % DAY_497,
          counters: truth.map((value, i) => value % ((wide >> i) & 1 ? WRAP64 : WRAP32)),
        });
        const take = (moment: number, row: RowSpec) => {
          const columns = new InterfaceColumns();
          increments.take(batchOf(moment, [row]), columns);
          return columns.rows();
        };
        take(at, shown());
        for (const { elapsed, load, event } of steps) {
          const before = { at, row: shown() };
          const whole = elapsed - (elapsed % 10);
          at += whole;
          ticks += whole / 10;
          covered += whole;
          // At the very moment at which sysUpTime wraps, a restart cannot be told from the wrap.
          const wraps = ticks % DAY_497 < whole / 10;
          if (event === 'restart' && !wraps) ticks = Math.min(ticks % DAY_497, whole / 20);
          if (event === 'discontinuity') broken++;
          if ((event === 'restart' && !wraps) || event === 'discontinuity' || event === 'reset') {
            isBroken = true;
            truth = same(0n);
            // Octets that were counted before the reset are what shows it.
            if (event === 'reset' && !((wide & 0x11) === 0x11 && (before.row.counters[0] ?? 0n) > 2n ** 50n)) broken++;
          }
          const capacity = (i: number) => ((speed || 1_000) * 125 * whole) / (i === 0 || i === 4 ? 1 : 64);
          load.forEach((share, i) => {
            const passed = BigInt(Math.floor(share * capacity(i) * (i >= 8 ? 1e-6 : 1)));
            truth[i] = (truth[i] ?? 0n) + passed;
            since[i] = (since[i] ?? 0n) + passed;
          });
          if (event === 'missed') continue;
          const rows = take(at, shown());
          expect(rows.count).toBe(1);
          expect(rows.span[0]).toBe(covered);
          INTERFACE_COUNTERS.forEach((name, i) => {
            const increment = rows.increments[name][0] as number;
            const exact = Number(since[i]);
            if (isBroken) expect(increment).toBeNaN();
            else if (!Number.isNaN(increment)) expect(increment).toBe(exact);
            else {
              const most = (i === 0 || i === 4 ? mostOctets : mostPackets)(speed || 1_000, covered);
              expect((wide >> i) & 1).toBe(0);
              expect((exact % 2 ** 32) + 2 ** 32).toBeLessThanOrEqual(most);
            }
          });
          if (event === 'twice') expect(take(at, shown()).count).toBe(0);
          if (event === 'overtaken') expect(take(before.at, before.row).count).toBe(0);
          since = same(0n);
          covered = 0;
          isBroken = false;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
