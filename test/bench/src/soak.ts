import { cpus } from 'node:os';
import type { ProcessUse, Product } from '@beacontower/test-lab';
import { waitFor } from '@beacontower/testing';
import { LOAD_LIMIT_S } from './inventory.ts';
import { type MetricsText, parseMetrics } from './metrics.ts';
import { startLoopbackNode } from './node.ts';
import { count, parse } from './options.ts';

const INTERVAL_S = 10;

interface Moment {
  /** Monotonic seconds. */
  readonly at: number;
  readonly metrics: MetricsText;
  readonly use: readonly ProcessUse[];
}

const say = (text: string) => process.stdout.write(`${text}\n`);

async function look(product: Product): Promise<Moment> {
  return { at: performance.now() / 1000, metrics: parseMetrics(await product.api.metrics()), use: product.use() };
}

function printUse(before: Moment, after: Moment): void {
  const seconds = after.at - before.at;
  for (const { name, pid, cpuMs, residentBytes } of after.use) {
    const earlier = before.use.find((each) => each.name === name && each.pid === pid);
    const share = (cpuMs - (earlier?.cpuMs ?? 0)) / 10 / seconds;
    say(
      `  ${name.padEnd(12)} ${share.toFixed(1).padStart(6)} % of a CPU   ${(residentBytes / 2 ** 20).toFixed(0).padStart(6)} MiB resident`,
    );
  }
}

/** What was not as promised between two moments, in words. */
function faults(before: Moment, after: Moment, targets: number): string[] {
  const grown = (name: string, labels?: Record<string, string>) =>
    after.metrics.sum(`beacontower_${name}_total`, labels) - before.metrics.sum(`beacontower_${name}_total`, labels);
  const shards = after.metrics.sum('beacontower_scheduler_shards');
  const rounds = ((after.at - before.at) / INTERVAL_S) * shards;
  const taken = grown('icmp_rounds', { result: 'taken' });
  const all = grown('icmp_rounds');
  const observations = grown('pipeline_observations');
  const looks = ((after.at - before.at) / INTERVAL_S) * targets;
  const probes = grown('icmp_probes_sent');
  const cpuS =
    after.use.reduce((sum, { name, cpuMs }) => sum + cpuMs - (before.use.find((each) => each.name === name)?.cpuMs ?? 0), 0) / 1000;
  say(`${shards} shards, ${taken} rounds taken of ${rounds.toFixed(1)} that came due, ${observations} observations judged`);
  say(`${probes} echo requests, ${(probes / cpuS).toFixed(0)} for each CPU second of all processes`);
  const zero = (what: string, value: number) => (value === 0 ? [] : [`${value} ${what}`]);
  return [
    ...zero('rounds not taken as they should (late, no plan, blind, failed)', all - taken),
    ...zero('rounds passed over by the scheduler', grown('scheduler_rounds_skipped')),
    ...zero('transitions to down', grown('pipeline_transitions', { to: 'down' })),
    ...zero('transitions to unknown', grown('pipeline_transitions', { to: 'unknown' })),
    ...zero('restarts of a process', grown('supervisor_restarts')),
    // A round that is under way at either end may or may not be counted.
    ...(Math.abs(taken - rounds) <= shards ? [] : [`${taken} rounds were taken, ${rounds.toFixed(1)} came due`]),
    ...(Math.abs(observations - looks) <= 1.5 * targets ? [] : [`${observations} observations were judged, ${looks.toFixed(0)} expected`]),
  ];
}

/** The whole product on many loopback targets, each looked at every ten seconds. Gives what was not as promised. */
async function soak(targets: number, seconds: number): Promise<string[]> {
  const node = await startLoopbackNode();
  try {
    const { product } = node;
    const loadS = await node.apply(targets);
    say(`${targets} devices loaded in ${loadS.toFixed(1)} s`);
    const judged = async () => (await look(product)).metrics.sum('beacontower_pipeline_observations_total') >= 2 * targets;
    await waitFor(judged, { timeoutMs: 90_000, intervalMs: 1_000, what: 'every target to have been looked at twice' });
    const first = await look(product);
    for (let last = first; last.at - first.at < seconds; ) {
      const restMs = (seconds - (last.at - first.at)) * 1000;
      await new Promise((resolve) => setTimeout(resolve, Math.min(60_000, restMs)));
      const now = await look(product);
      say(`after ${(now.at - first.at).toFixed(0)} s:`);
      printUse(last, now);
      last = now;
    }
    const end = await look(product);
    say(`over all (${cpus().length} CPUs):`);
    printUse(first, end);
    const slow = loadS < LOAD_LIMIT_S ? [] : [`the inventory took ${loadS.toFixed(1)} s to load, not under ${LOAD_LIMIT_S}`];
    return [...slow, ...faults(first, end, targets)];
  } finally {
    await node.destroy();
  }
}

const { values } = parse({
  options: { targets: { type: 'string', default: '10000' }, seconds: { type: 'string', default: '600' } },
});
const wrong = await soak(count('targets', values.targets), count('seconds', values.seconds));
for (const fault of wrong) say(`✗ ${fault}`);
if (wrong.length === 0) say('✓ no round was missed, nothing was called down or unknown');
process.exitCode = wrong.length === 0 ? 0 : 1;
