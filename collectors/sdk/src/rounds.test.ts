import type { RoundJob } from '@beacontower/contracts';
import { createRegistry } from '@beacontower/runtime';
import { FakeClock } from '@beacontower/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { type CollectorMetrics, collectorMetrics } from './metrics.ts';
import { type RoundResult, RoundTaker } from './rounds.ts';

const NOW = 1_800_000_000_000;
const JOB: RoundJob = { shard: '0.main.icmp.10000', planVersion: 1, tick: NOW, startBefore: NOW + 10_000, checks: null };

describe('rounds', () => {
  let metrics: CollectorMetrics;
  let clock: FakeClock;
  let asked: RoundJob[];
  let result: RoundResult | Error;
  let plan: object | null;
  let taker: RoundTaker<'icmp', object>;

  beforeEach(() => {
    metrics = collectorMetrics(createRegistry({}, false), 'icmp');
    clock = new FakeClock(NOW);
    asked = [];
    result = 'taken';
    plan = {};
    taker = new RoundTaker({
      clock: { settle: async () => undefined, now: () => clock.now(), monotonic: () => clock.monotonic() },
      plans: { get: async () => plan },
      metrics,
      round: async (job) => {
        asked.push(job);
        if (result instanceof Error) throw result;
        return result;
      },
    });
  });

  const ended = async () => (await metrics.rounds.get()).values.map(({ labels, value }) => `${labels.zone} ${labels.result} ${value}`);

  it('are counted by how they ended, and looked at by nobody when they are late or have no plan', async () => {
    await taker.take({ ...JOB, startBefore: NOW });
    plan = null;
    await taker.take(JOB);
    expect(asked).toEqual([]);
    plan = {};
    await taker.take(JOB);
    expect(asked).toEqual([JOB]);
    expect((await ended()).sort()).toEqual(['main late 1', 'main no-plan 1', 'main taken 1']);
    expect((await metrics.roundTime.get()).values.find(({ metricName }) => metricName?.endsWith('_count'))?.value).toBe(1);
  });

  it('that fail are counted in a row, thrown or said, until one does not', async () => {
    result = 'failed';
    await taker.take(JOB);
    result = new Error('Redis is away');
    await expect(taker.take(JOB)).rejects.toThrow('Redis is away');
    expect(taker.failedInARow).toBe(2);
    result = 'blind';
    await taker.take(JOB);
    expect(taker.failedInARow).toBe(0);
    expect((await ended()).sort()).toEqual(['main blind 1', 'main failed 2']);
  });

  it('do not include extra looks', async () => {
    await taker.take({ ...JOB, tick: null, checks: [1] });
    expect(await ended()).toEqual([]);
    expect((await metrics.looks.get()).values).toMatchObject([{ labels: { result: 'taken' }, value: 1 }]);
  });
});
