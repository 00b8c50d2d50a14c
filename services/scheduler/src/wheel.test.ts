import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graceMs } from './config.ts';
import { lastTick, Wheel, type WheelShard } from './wheel.ts';

const SHARD: WheelShard = { shard: '0.main.icmp.10000', intervalMs: 10_000, phaseMs: 2_500 };
const T0 = 1_800_000_002_500;

function fresh(now: number, remembered: { added?: number; closed?: number } = {}): Wheel {
  const wheel = new Wheel();
  wheel.add(SHARD, now, { added: remembered.added, closed: remembered.closed });
  return wheel;
}

/** Turns the wheel at `now` and takes everything that is due as done. */
function turn(wheel: Wheel, now: number) {
  const due = wheel.due(now);
  for (const { shard, tick } of due.rounds) wheel.wasAdded(shard, tick);
  for (const { shard, toTick, clockStepBack } of due.closes) {
    if (clockStepBack) wheel.wasSetBack(shard, toTick);
    else wheel.wasClosed(shard, toTick);
  }
  return due;
}

describe('the wheel', () => {
  it('gives each tick one round, at its tick, and closes it once at its deadline', () => {
    const wheel = fresh(T0 + 1);
    const rounds: [number, number][] = [];
    const closes: [number, number, number][] = [];
    for (let now = T0 + 1; now < T0 + 100_000; now = wheel.next(now)) {
      const due = turn(wheel, now);
      rounds.push(...due.rounds.map((round): [number, number] => [now, round.tick]));
      closes.push(...due.closes.map((close): [number, number, number] => [now, close.fromTick, close.toTick]));
    }
    const ticks = Array.from({ length: 9 }, (_, i) => T0 + (i + 1) * 10_000);
    expect(rounds).toEqual(ticks.map((tick) => [tick, tick]));
    expect(closes).toEqual(ticks.slice(0, 8).map((tick) => [tick + 12_000, tick, tick]));
  });

  it('starts a new shard at its next tick and closes from that on', () => {
    const wheel = fresh(T0 + 9_999);
    expect(wheel.due(T0 + 9_999).rounds).toEqual([]);
    expect(wheel.closedOf(SHARD.shard)).toBe(T0);
    expect(turn(wheel, T0 + 10_000).rounds).toMatchObject([{ tick: T0 + 10_000 }]);
  });

  it('runs the latest tick after a short absence, and closes what was missed as one range', () => {
    const wheel = fresh(T0 + 605_000, { added: T0, closed: T0 - 10_000 });
    const due = turn(wheel, T0 + 605_000);
    expect(due.rounds).toMatchObject([{ tick: T0 + 600_000, passedOver: 59 }]);
    expect(due.closes).toMatchObject([{ fromTick: T0, toTick: T0 + 590_000 }]);
    expect(wheel.due(T0 + 605_000)).toEqual({ rounds: [], closes: [] });
  });

  it('does not repeat a tick that was added before a restart', () => {
    expect(fresh(T0 + 10_200, { added: T0 + 10_000, closed: T0 }).due(T0 + 10_200).rounds).toEqual([]);
  });

  it('makes no storm of a step forward', () => {
    const wheel = fresh(T0 + 1);
    turn(wheel, T0 + 10_000);
    expect(turn(wheel, T0 + 3_610_000).rounds).toHaveLength(1);
    expect(turn(wheel, T0 + 3_610_001).rounds).toHaveLength(0);
  });

  it('closes again from the new time after a long step back, says so once, and then goes on as usual', () => {
    const wheel = fresh(T0 + 1);
    for (let now = T0 + 1; now < T0 + 100_000; now = wheel.next(now)) turn(wheel, now);
    const back = T0 - 3_600_000 + 1;
    const take = (now: number) =>
      turn(wheel, now).closes.map(({ fromTick, toTick, clockStepBack }) => [
        fromTick - T0 + 3_600_000,
        toTick - T0 + 3_600_000,
        clockStepBack === true,
      ]);
    expect(take(back)).toEqual([[-20_000, -20_000, true]]);
    expect(take(back + 1_000)).toEqual([]);
    expect(take(back + 12_000)).toEqual([[-10_000, 0, false]]);
  });

  it('goes on within an interval after a long step back', () => {
    const wheel = fresh(T0 + 1);
    turn(wheel, T0 + 100_000);
    const back = T0 - 3_600_000 + 3_000;
    turn(wheel, back);
    expect(wheel.next(back) - back).toBeLessThanOrEqual(10_000);
    expect(turn(wheel, wheel.next(back)).rounds).toHaveLength(1);
  });

  it('closes nothing twice after a step back of seconds', () => {
    const wheel = fresh(T0 + 1);
    expect(turn(wheel, T0 + 100_000).closes).toMatchObject([{ toTick: T0 + 80_000 }]);
    for (let now = T0 + 92_000; now < T0 + 102_000; now += 500) expect(turn(wheel, now).closes).toEqual([]);
  });

  it('does not repeat a tick when the clock is set back by a few ms across it', () => {
    const wheel = fresh(T0 + 1);
    expect(turn(wheel, T0 + 10_000).rounds).toHaveLength(1);
    expect(turn(wheel, T0 + 9_998).rounds).toHaveLength(0);
    expect(turn(wheel, T0 + 10_000).rounds).toHaveLength(0);
  });

  it('closes every tick exactly once, however irregularly it is turned', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 45_000 }), { minLength: 1, maxLength: 60 }), (pauses) => {
        const wheel = fresh(T0);
        const closed: number[] = [];
        let now = T0;
        for (const pause of pauses) {
          now += pause;
          for (const { fromTick, toTick } of turn(wheel, now).closes)
            for (let tick = fromTick; tick <= toTick; tick += SHARD.intervalMs) closed.push(tick);
        }
        const last = lastTick(SHARD, now - SHARD.intervalMs - graceMs(SHARD.intervalMs));
        const expected: number[] = [];
        for (let tick = T0 + SHARD.intervalMs; tick <= last; tick += SHARD.intervalMs) expected.push(tick);
        expect(closed).toEqual(expected);
      }),
    );
  });
});
