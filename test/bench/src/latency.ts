import { parseArgs } from 'node:util';
import { type CutLatency, measureLatency, PACES } from '@beacontower/test-lab';
import { line, type Measurement, percentile } from './measurement.ts';

/** The best peer measured, from the cut to the webhook: 31 s at a 10 s interval, 4.3 s at 1 s. */
const BEST_PEER = { slow: 31_000, fast: 4_300 } as const;

function figures(pace: keyof typeof PACES, latencies: readonly CutLatency[]): Measurement[] {
  const interval = `${PACES[pace].intervalMs / 1000}s`;
  const figure = (name: string, value: number, peerValue: number | null = null): Measurement => ({
    name: `latency.${interval}.${name}`,
    value: Math.round(value),
    unit: 'ms',
    peer: peerValue === null ? null : 'best peer',
    peerValue,
  });
  const alarms = latencies.map(({ alarmMs }) => alarmMs);
  const recoveries = latencies.map(({ recoveryMs }) => recoveryMs);
  return [
    figure('alarm.p50', percentile(alarms, 0.5)),
    figure('alarm.p99', percentile(alarms, 0.99), BEST_PEER[pace]),
    figure('alarm.max', Math.max(...alarms)),
    figure('recovery.p50', percentile(recoveries, 0.5)),
    figure('recovery.p99', percentile(recoveries, 0.99)),
    figure('recovery.max', Math.max(...recoveries)),
  ];
}

/** Which of the promised limits were not kept, in words. */
function broken(pace: keyof typeof PACES, latencies: readonly CutLatency[]): string[] {
  const { intervalMs, alarmP99Ms, recoveryMaxMs } = PACES[pace];
  const p99 = percentile(
    latencies.map(({ alarmMs }) => alarmMs),
    0.99,
  );
  const slowest = Math.max(...latencies.map(({ recoveryMs }) => recoveryMs));
  return [
    ...(p99 < alarmP99Ms ? [] : [`at ${intervalMs} ms the p99 of alarms is ${Math.round(p99)} ms, not under ${alarmP99Ms}`]),
    ...(slowest <= recoveryMaxMs ? [] : [`at ${intervalMs} ms a recovery took ${Math.round(slowest)} ms, more than ${recoveryMaxMs}`]),
  ];
}

/** Cuts links at random phases, 50 at each pace unless told. Rejects when a limit is not kept, after the figures were printed. */
export async function measure(cuts = 50, spreadMs = 75_000): Promise<readonly Measurement[]> {
  const { slow, fast } = await measureLatency({ cuts, spreadMs });
  const all = [...figures('slow', slow), ...figures('fast', fast)];
  const faults = [...broken('slow', slow), ...broken('fast', fast)];
  if (faults.length === 0) return all;
  throw new Error(`${all.map(line).join('\n')}\n${faults.join('\n')}`);
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const { values } = parseArgs({ options: { cuts: { type: 'string', default: '50' }, spread: { type: 'string', default: '75000' } } });
  for (const each of await measure(Number(values.cuts), Number(values.spread))) process.stdout.write(`${line(each)}\n`);
}
