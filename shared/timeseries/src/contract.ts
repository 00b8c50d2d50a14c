/** What every sample store does: one suite, run by the tests of each engine. */
import { MOST_POINTS, type SeriesAnswer, type SeriesMetric, type SeriesQuestion } from '@beacontower/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { batch, icmpSeries, interfaceSeries, meanOf, START } from './contract.fixture.ts';
import { describeExport } from './contract-export.ts';
import { DEFAULT_RETENTION, type Retention, type TimeSeriesStore } from './port.ts';
import { DAY, HOUR, MINUTE } from './resolution.ts';

/** A clock the suite sets. */
export interface SetClock {
  now(): number;
  monotonic(): number;
}

/** One empty store of the engine under test; `again` gives another on the same data, as after a restart. */
export interface StoreFactory {
  make(options: { readonly clock: SetClock; readonly retention: Retention }): Promise<TimeSeriesStore>;
  again(): Promise<TimeSeriesStore>;
  destroy(): Promise<void>;
}

/** The suite for the engine `name`. */
export function describeStore(name: string, factory: () => StoreFactory): void {
  describe(`a sample store: ${name}`, () => {
    let stores: StoreFactory;
    let store: TimeSeriesStore;
    let now = START + 2 * HOUR;
    const clock: SetClock = { now: () => now, monotonic: () => performance.now() };
    const retention: Retention = { ...DEFAULT_RETENTION, rawMs: 3 * DAY };

    beforeEach(async () => {
      now = START + 2 * HOUR;
      stores = factory();
      store = await stores.make({ clock, retention });
      await store.open();
    });
    afterEach(async () => {
      await store.close();
      await stores.destroy();
    });

    const ask = (metric: SeriesMetric, rest: Partial<SeriesQuestion> = {}): Promise<SeriesAnswer> =>
      store.series({
        check: metric === 'rtt' || metric === 'loss' || metric === 'jitter' ? 8 : 7,
        metric,
        from: START,
        to: START + HOUR,
        step: MINUTE,
        ...rest,
      });
    const settle = async () => {
      for (let i = 0; i < 40; i++) await store.maintain(now);
    };

    it('gives back what was written, at once', async () => {
      await store.write(batch(interfaceSeries(7, START, 10), icmpSeries(8, START, 10)));
      const traffic = await ask('traffic.in');
      expect(traffic).toMatchObject({ step: MINUTE, source: 'raw' });
      expect(traffic.points).toHaveLength(10);
      expect(traffic.points[0]).toEqual([START, ...Array(3).fill((1_000_000 * 8_000) / 59_990)]);
      expect((await ask('utilisation.in')).points[0]?.[2]).toBeCloseTo((1_000_000 * 8_000) / 59_990 / 1e9, 12);
      expect((await ask('rtt')).points[0]).toEqual([START, 1, 1.05, 1.1]);
      expect((await ask('loss')).points.map(([, , mean]) => mean)).toEqual([0, 1 / 3, 0, 1 / 3, 0, 1 / 3, 0, 1 / 3, 0, 1]);
      expect((await ask('jitter')).points[1]?.[2]).toBeCloseTo(0.021, 12);
    });

    it('knows every metric', async () => {
      await store.write(batch(interfaceSeries(7, START, 3), icmpSeries(8, START, 3)));
      for (const [column, metric] of (['traffic', 'packets', 'multicast', 'broadcast'] as const).entries()) {
        const factor = metric === 'traffic' ? 8_000 : 1_000;
        const expected = (Math.floor(1_000_000 / (column + 1) ** 3) * factor) / 59_990;
        expect((await ask(`${metric}.in`)).points[0]?.[2]).toBeCloseTo(expected, 6);
      }
      for (const metric of [
        'traffic.out',
        'packets.out',
        'multicast.out',
        'broadcast.out',
        'errors.in',
        'errors.out',
        'discards.in',
        'discards.out',
        'utilisation.out',
      ] as const) {
        expect((await ask(metric)).points, metric).toHaveLength(3);
      }
    });

    it('leaves a gap where nothing is known, never a zero', async () => {
      const rows = interfaceSeries(7, START, 6);
      rows.increments.inOctets[2] = Number.NaN;
      rows.speed[4] = 0;
      await store.write(batch(rows, icmpSeries(8, START, 10)));
      const minutes = (answer: SeriesAnswer) => answer.points.map(([at]) => (at - START) / MINUTE);
      expect(minutes(await ask('traffic.in'))).toEqual([0, 1, 3, 4, 5]);
      expect(minutes(await ask('traffic.out'))).toEqual([0, 1, 2, 3, 4, 5]);
      expect(minutes(await ask('utilisation.out'))).toEqual([0, 1, 2, 3, 5]);
      expect(minutes(await ask('rtt'))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
      expect((await ask('traffic.in', { check: 99 })).points).toEqual([]);
    });

    it('takes a batch again, whole or in part, and nothing changes', async () => {
      const first = batch(interfaceSeries(7, START, 30), icmpSeries(8, START, 30), [[3, '100-1']]);
      await store.write(first);
      const before = [await ask('traffic.in', { step: 5 * MINUTE }), await ask('rtt', { step: 5 * MINUTE })];
      await store.write(first);
      await store.write(batch(interfaceSeries(7, START + 15 * MINUTE, 15, (row) => 1_000_015 + row)));
      expect([await ask('traffic.in', { step: 5 * MINUTE }), await ask('rtt', { step: 5 * MINUTE })]).toEqual(before);
      const known = interfaceSeries(7, START, 40);
      await store.write(batch(known, icmpSeries(8, START, 30), [[3, '100-2']]));
      expect((await ask('traffic.in')).points).toHaveLength(40);
      expect(await countRows()).toBe(70);
    });

    it('takes rows in any order', async () => {
      await store.write(batch(interfaceSeries(7, START + 30 * MINUTE, 30, (row) => 1_000_030 + row)));
      await store.write(batch(interfaceSeries(7, START, 30)));
      const { points } = await ask('traffic.in');
      expect(points).toHaveLength(60);
      expect(points.map(([at]) => at)).toEqual([...points.map(([at]) => at)].sort((a, b) => a - b));
    });

    it('keeps everything over a restart, and how far it is', async () => {
      await store.write(
        batch(interfaceSeries(7, START, 30), icmpSeries(8, START, 30), [
          [3, '100-1'],
          [5, '7-0'],
        ]),
      );
      const before = await ask('traffic.in');
      await store.close();
      store = await stores.again();
      await store.open();
      expect(await ask('traffic.in')).toEqual(before);
      const offsets = await store.offsets();
      if (offsets !== null)
        expect([...offsets].sort()).toEqual([
          [3, '100-1'],
          [5, '7-0'],
        ]);
      await store.write(batch(interfaceSeries(7, START, 35)));
      expect((await ask('traffic.in')).points).toHaveLength(35);
      expect(await countRows()).toBe(65);
    });

    it('answers alike from raw rows and from roll-ups, at every step', async () => {
      const count = 2 * 24 * 60;
      const value = (row: number) => (row % 97 === 5 ? Number.NaN : 5_000_000 + (row % 61) * 1_000);
      const to = START + 2 * DAY;
      now = START + DAY + HOUR;
      await store.write(batch(interfaceSeries(7, START, count, value), icmpSeries(8, START, count)));
      now = to + HOUR;
      const questions = (['traffic.in', 'errors.out', 'utilisation.in', 'rtt', 'loss', 'jitter'] as const).flatMap((metric) =>
        [5 * MINUTE, HOUR, 3 * HOUR].map((step) => ({ metric, step })),
      );
      const before = await answers(questions, to);
      await settle();
      const after = await answers(questions, to);
      for (const [index, answer] of after.entries()) same(answer, before[index]);
      expect(after.map(({ source }) => source)).toEqual(questions.map(({ step }) => (step === 5 * MINUTE ? '5m' : '1h')));
      const [first] = after;
      expect(first?.points).toHaveLength(2 * 288);
      expect(first?.points[1]?.[2]).toBeCloseTo(meanOf(interfaceSeries(7, START, count, value), 5, 10), 3);
      expect((await ask('traffic.in', { to, step: MINUTE })).points.length).toBe(count - Math.ceil((count - 5) / 97));
    });

    it('answers alike where a line changed its speed, and at the odd ends of a period', async () => {
      const rows = interfaceSeries(7, START, 1_440);
      for (let i = 0; i < rows.count; i++) rows.speed[i] = [1_000, 10, 0, 100][Math.floor(i / 7) % 4] ?? 0;
      now = START + DAY;
      await store.write(batch(rows, icmpSeries(8, START, 1_440)));
      const period = { from: START + 3 * HOUR + 1_234_567, to: START + 9 * HOUR + 77_777 };
      const questions = (['utilisation.in', 'traffic.out', 'rtt'] as const).flatMap((metric) =>
        [5 * MINUTE, HOUR].map((step) => ({ metric, step, ...period })),
      );
      const all = async () => {
        const found: SeriesAnswer[] = [];
        for (const { metric, ...rest } of questions) found.push(await ask(metric, rest));
        return found;
      };
      const before = await all();
      now = START + DAY + HOUR;
      await settle();
      for (const [index, answer] of (await all()).entries()) same(answer, before[index]);
      expect(before[1]?.points[0]?.[3]).toBeGreaterThan(10 * (before[1]?.points[0]?.[1] ?? 1));
    });

    it('rolls up a device that tells of more time than there is, and all others with it', async () => {
      const mad = interfaceSeries(6, START, 60);
      mad.span.fill(0xffff_ffff);
      now = START + DAY - HOUR;
      await store.write(batch(mad));
      await store.write(batch(interfaceSeries(7, START, 60)));
      now = START + 6 * DAY;
      await settle();
      expect((await ask('traffic.in', { step: HOUR })).points).toHaveLength(1);
      expect((await ask('traffic.in', { check: 6, step: HOUR })).points).toHaveLength(1);
      expect(await countRows()).toBe(0);
    });

    async function answers(questions: readonly { metric: SeriesMetric; step: number }[], to: number): Promise<SeriesAnswer[]> {
      const found: SeriesAnswer[] = [];
      for (const { metric, step } of questions) found.push(await ask(metric, { to, step }));
      return found;
    }

    it('takes a step that suits when none is asked for, and widens one that is too fine', async () => {
      await store.write(batch(interfaceSeries(7, START, 30)));
      expect(await ask('traffic.in', { step: null })).toMatchObject({ step: MINUTE, source: 'raw' });
      expect(await ask('traffic.in', { step: null, to: START + 30 * DAY })).toMatchObject({ step: HOUR, source: '1h' });
      const wide = await ask('traffic.in', { step: 1_000, to: START + DAY });
      expect(wide.step).toBeGreaterThanOrEqual(DAY / MOST_POINTS);
      expect(await ask('traffic.in', { from: START - 10 * DAY, to: START - 9 * DAY })).toMatchObject({ step: 5 * MINUTE, source: '5m' });
      expect(await ask('traffic.in', { from: START - 300 * DAY, to: START - 299 * DAY })).toMatchObject({ step: HOUR, source: '1h' });
    });

    it('brings late rows into roll-ups made before', async () => {
      now = START + DAY - HOUR;
      await store.write(batch(interfaceSeries(7, START, 600)));
      now = START + DAY + HOUR;
      await settle();
      expect((await ask('traffic.in', { to: START + DAY, step: HOUR })).points).toHaveLength(10);
      await store.write(batch(interfaceSeries(7, START + 20 * HOUR, 60)));
      await settle();
      const late = await ask('traffic.in', { to: START + DAY, step: HOUR });
      expect(late.points.map(([at]) => (at - START) / HOUR)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20]);
      expect((await ask('traffic.in', { to: START + DAY, step: 5 * MINUTE })).points).toHaveLength(132);
      await store.write(batch(interfaceSeries(7, START + 20 * HOUR, 60)));
      await settle();
      expect(await ask('traffic.in', { to: START + DAY, step: HOUR })).toEqual(late);
    });

    it('lets raw rows go after their time, and keeps the roll-ups', async () => {
      await store.write(batch(interfaceSeries(7, START, 100), icmpSeries(8, START, 100)));
      now = START + 6 * DAY;
      await settle();
      expect(await countRows()).toBe(0);
      expect((await ask('traffic.in', { to: START + 2 * HOUR, step: MINUTE })).points).toHaveLength(20);
      expect((await ask('rtt', { to: START + 2 * HOUR, step: HOUR })).points).toHaveLength(2);
      await store.write(batch(interfaceSeries(7, START, 100)));
      expect(await countRows()).toBe(0);
    });

    it('gives raw rows in slices, from any moment on', async () => {
      const interfaces = interfaceSeries(7, START + DAY - 30 * MINUTE, 60, (row) => (row === 3 ? Number.NaN : row));
      now = START + DAY + 2 * HOUR;
      await store.write(batch(interfaces, icmpSeries(8, START, 60)));
      const found: number[] = [];
      const values: number[] = [];
      for await (const slice of store.rows({ from: START + 2 * HOUR, to: START + 2 * DAY })) {
        expect(slice.icmp.count).toBe(0);
        found.push(...slice.interfaces.at);
        values.push(...slice.interfaces.increments.inOctets);
        expect([...slice.interfaces.at].every((at) => at >= slice.from && at < slice.to)).toBe(true);
      }
      expect(found.sort((a, b) => a - b)).toEqual([...interfaces.at]);
      expect(values.filter(Number.isNaN)).toHaveLength(1);
      const rest: number[] = [];
      for await (const slice of store.rows({ from: interfaces.at[50] ?? 0, to: START + 2 * DAY })) rest.push(...slice.interfaces.at);
      expect(rest).toHaveLength(10);
    });

    describeExport(() => store);

    it('says what it is', async () => {
      await store.write(batch(interfaceSeries(7, START, 20)));
      const state = await store.state();
      expect(state.engine).toBe(store.engine);
      if (state.rawRows !== null) expect(state.rawRows).toBe(20);
      if (state.bytes !== null) expect(state.bytes).toBeGreaterThan(0);
      if (state.oldestRaw !== null) expect(state.oldestRaw).toBeLessThanOrEqual(START + 7_000);
    });

    async function countRows(): Promise<number> {
      let count = 0;
      for await (const slice of store.rows({ from: START - DAY, to: START + 10 * DAY })) count += slice.interfaces.count + slice.icmp.count;
      return count;
    }
  });
}

/** Points alike but for the rounding of stored bounds. */
export function same(answer: SeriesAnswer, other: SeriesAnswer | undefined): void {
  expect(answer.points.map(([at]) => at)).toEqual(other?.points.map(([at]) => at));
  for (const [index, point] of answer.points.entries()) {
    for (const [column, value] of point.entries()) {
      const expected = other?.points[index]?.[column] ?? Number.NaN;
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(Math.abs(expected) * 1e-6 + 1e-9);
    }
  }
}
