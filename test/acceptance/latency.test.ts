import { type Latencies, measureLatency, PACES } from '@beacontower/test-lab';
import { beforeAll, describe, expect, it } from 'vitest';

/** A smaller run of `npm run bench`'s latency: twelve cuts at each pace, at random phases. */
const CUTS = 12;
let latencies: Latencies;

beforeAll(async () => {
  latencies = await measureLatency({ cuts: CUTS, spreadMs: 15_000 });
});

describe.each(['slow', 'fast'] as const)('from the wire to the webhook, %s pace', (pace) => {
  it('tells every cut in time', () => {
    const alarms = latencies[pace].map(({ alarmMs }) => alarmMs);
    expect(alarms).toHaveLength(CUTS);
    expect(Math.max(...alarms)).toBeLessThan(PACES[pace].alarmP99Ms);
    expect(Math.min(...alarms)).toBeGreaterThan(0);
  });

  it('tells every recovery within the interval and a second', () => {
    expect(Math.max(...latencies[pace].map(({ recoveryMs }) => recoveryMs))).toBeLessThanOrEqual(PACES[pace].recoveryMaxMs);
  });
});
