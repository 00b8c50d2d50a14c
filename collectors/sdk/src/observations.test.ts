import { CONFIRMED, NO_REASON, type SnmpShardPlan, VERDICT } from '@beacontower/contracts';
import { REASONS } from '@beacontower/domain';
import { unpackInt32 } from '@beacontower/queue';
import { describe, expect, it } from 'vitest';
import { blindBatch, Observations, type RoundStamp } from './observations.ts';

const plan: SnmpShardPlan = {
  version: 3,
  shard: '0.main.snmp.60000',
  partition: 0,
  zone: 'main',
  intervalMs: 60_000,
  phaseMs: 0,
  anchors: [],
  checks: [7],
  kind: 'snmp',
  credentials: [],
  policies: [],
  devices: [],
};
const stamp: RoundStamp = { plan, tick: 5, startedAt: 1_000, startedMonotonic: 50, clockUncertaintyMs: 2, collector: 'test' };

describe('observations of a round', () => {
  it('widens bounds outwards and carries reasons where there are any', () => {
    const rows = new Observations(stamp);
    rows.add(7, VERDICT.down, true, 60.2, 59.9, 'no-reply');
    rows.add(8, VERDICT.up, false, 61, 60);
    const batch = rows.batch(70.5);
    expect([...unpackInt32(batch.first)]).toEqual([11, 11]);
    expect([...unpackInt32(batch.last)]).toEqual([9, 10]);
    expect([...batch.verdicts]).toEqual([VERDICT.down | CONFIRMED, VERDICT.up]);
    expect([...(batch.reasons ?? [])]).toEqual([REASONS.indexOf('no-reply'), NO_REASON]);
    expect(batch).toMatchObject({ endedAt: 1_021, planVersion: 3, vantage: 'seeing' });
  });

  it('says when the first evidence is taken to have been there, of all rows where of one', () => {
    const rows = new Observations(stamp);
    rows.add(7, VERDICT.down, true, 1_660.2, 659.9, undefined, 52.4);
    rows.add(8, VERDICT.up, true, 61, 60);
    expect([...unpackInt32(rows.batch(1_700).began ?? new Uint8Array(0))]).toEqual([2, 11]);
  });

  it('has no column of reasons when there is none, and no row when blind', () => {
    const rows = new Observations(stamp);
    rows.add(7, VERDICT.up, true, 60, 60);
    expect(rows.batch(60)).not.toHaveProperty('reasons');
    expect(rows.batch(60)).not.toHaveProperty('began');
    expect(blindBatch(stamp, 60)).toMatchObject({ vantage: 'blind', checks: new Uint8Array(0) });
  });
});
