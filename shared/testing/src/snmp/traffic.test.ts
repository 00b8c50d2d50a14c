import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AGENT_COUNTERS, InterfaceCounters, type TrafficProfile } from './traffic.ts';

const START = Date.UTC(2026, 10, 22);
const DAY_MS = 86_400_000;
const BUSY: TrafficProfile = { inBps: 5e9, outBps: 1e9, day: 0.6, noise: 0.35, packetBytes: 500, errors: 0.5, discards: 2 };

describe('traffic', () => {
  it('never goes back and adds up, whatever the moments', () => {
    const counters = new InterfaceCounters(BUSY, 7, START);
    const moment = fc.integer({ min: 0, max: 10 * DAY_MS });
    fc.assert(
      fc.property(moment, moment, moment, fc.constantFrom(...AGENT_COUNTERS), (...drawn) => {
        const counter = drawn[3];
        const [a, b, c] = drawn
          .slice(0, 3)
          .map((each) => START + (each as number))
          .sort((x, y) => x - y) as [number, number, number];
        const first = counters.increment(counter, a, b);
        expect(first).toBeGreaterThanOrEqual(0);
        expect(Number.isInteger(first)).toBe(true);
        expect(first + counters.increment(counter, b, c)).toBe(counters.increment(counter, a, c));
      }),
    );
  });

  it('moves from one millisecond to the next', () => {
    const counters = new InterfaceCounters(BUSY, 7, START);
    let before = counters.value('inOctets', START + DAY_MS);
    for (let ms = 1; ms < 1_000; ms++) {
      const now = counters.value('inOctets', START + DAY_MS + ms);
      expect(now).toBeGreaterThan(before);
      before = now;
    }
  });

  it('is of a day what its mean says, and highest at 13:00 UTC', () => {
    const counters = new InterfaceCounters({ inBps: 8e6, outBps: 8e6, day: 0.5 }, 1, START);
    expect(counters.increment('inOctets', START, START + DAY_MS) / (1e6 * 86_400)).toBeCloseTo(1, 6);
    const hours = Array.from({ length: 24 }, (_, hour) =>
      counters.increment('outOctets', START + hour * 3_600_000, START + (hour + 1) * 3_600_000),
    );
    expect([12, 13]).toContain(hours.indexOf(Math.max(...hours)));
  });

  it('is the same on every machine for a seed, and another for another', () => {
    const octets = (seed: number) => new InterfaceCounters(BUSY, seed, START).increment('inOctets', START, START + 50_000);
    expect(octets(3)).toBe(octets(3));
    expect(octets(3)).not.toBe(octets(4));
  });

  it('keeps what passed when it changes, and is asked for in the past', () => {
    const counters = new InterfaceCounters({ inBps: 8_000, outBps: 0 }, 1, START);
    counters.setProfile({ inBps: 16_000, outBps: 0 }, START + 10_000);
    expect(counters.increment('inOctets', START, START + 20_000)).toBe(10_000 + 20_000);
    expect(counters.value('inOctets', START + 5_000)).toBe(5_000n);
    expect(counters.increment('outOctets', START, START + 20_000)).toBe(0);
  });

  it('wraps at 64 bits, and begins again at zero, without losing what truly passed', () => {
    const counters = new InterfaceCounters({ inBps: 8_000, outBps: 0 }, 1, START);
    counters.set('inOctets', 2n ** 64n - 500n, START);
    expect(counters.value('inOctets', START + 1_000)).toBe(500n);
    counters.set('inOctets', 0xffff_ffffn, START + 1_000);
    expect(counters.value('inOctets', START + 2_000)).toBe(0xffff_ffffn + 1_000n);
    counters.zero(START + 2_000);
    expect(counters.value('inOctets', START + 3_000)).toBe(1_000n);
    expect(counters.increment('inOctets', START, START + 3_000)).toBe(3_000);
  });

  it('refuses waves that would turn counters back', () => {
    expect(() => new InterfaceCounters({ ...BUSY, day: 0.7 }, 1, START)).toThrow(RangeError);
  });
});
