import { createLogger } from '@beacontower/runtime';
import { FakeClock } from '@beacontower/testing';
import { describe, expect, it } from 'vitest';
import { HostClock } from './host-clock.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const START = 1_800_000_000_000;

/** A reference with a fixed offset to the host, asked over a way that takes `roundTripMs`. */
function setup(offsetMs = 0, roundTripMs = 4) {
  const base = new FakeClock(START);
  const world = { referenceOffset: offsetMs };
  const steps: number[] = [];
  const clock = new HostClock({
    base,
    logger,
    onStep: (step) => steps.push(step),
    async ask() {
      base.advance(roundTripMs / 2);
      // The reference keeps true time; the host's monotonic clock says how much has passed.
      const answer = START + base.monotonic() + world.referenceOffset;
      base.advance(roundTripMs / 2);
      return answer;
    },
  });
  return { base, clock, steps, world };
}

describe('the clock of a host', () => {
  it('takes over the time of the reference, with the half-width of the way', async () => {
    const { base, clock } = setup(5_000);
    await clock.measure();
    expect(clock.now()).toBe(START + base.monotonic() + 5_000);
    expect(clock.offsetMs).toBe(5_000);
    expect(clock.uncertaintyMs).toBeLessThanOrEqual(4);
    expect(clock.health()).toMatchObject({ status: 'degraded', detail: expect.stringContaining('off by -5000 ms') });
  });

  it("is not moved by a step of the host's own clock", async () => {
    const { base, clock, steps } = setup();
    await clock.measure();
    base.step(3_600_000);
    expect(clock.now()).toBe(START + base.monotonic());
    await clock.settle();
    expect(clock.now()).toBe(START + base.monotonic());
    expect(steps).toEqual([]);
    expect(clock.trusted).toBe(true);
  });

  it('follows a step of the reference and widens its uncertainty by it until the next measurement', async () => {
    const { base, clock, steps, world } = setup();
    await clock.measure();
    world.referenceOffset = -800;
    base.advance(30_000);
    await clock.measure();
    expect(clock.now()).toBe(START + base.monotonic() - 800);
    expect(steps).toEqual([-800]);
    expect(clock.uncertaintyMs).toBeGreaterThanOrEqual(800);
    await clock.measure();
    expect(clock.uncertaintyMs).toBeLessThan(10);
  });

  it('is not trusted while the reference jumps about by more than 2 s', async () => {
    const { base, clock, world } = setup();
    await clock.measure();
    const timer = { jumps: 0 };
    const wild = new HostClock({
      base,
      logger,
      ask: async () => {
        base.advance(1);
        return START + base.monotonic() + world.referenceOffset + 10_000 * timer.jumps++;
      },
    });
    await wild.measure();
    expect(wild.trusted).toBe(false);
    expect(wild.health().status).toBe('failed');
  });

  it('grows less certain with age', async () => {
    const { base, clock } = setup();
    await clock.measure();
    const before = clock.uncertaintyMs;
    base.advance(60_000);
    expect(clock.uncertaintyMs).toBeGreaterThan(before + 4);
  });
});
