import { cpus } from 'node:os';
import type { ProcessUse, Product } from '@beacontower/test-lab';
import { type SnmpAgents, waitFor } from '@beacontower/testing';
import { LOAD_LIMIT_S } from './inventory.ts';
import { type MetricsText, parseMetrics } from './metrics.ts';
import { type LoopbackNode, startLoopbackNode } from './node.ts';
import { count, parse } from './options.ts';
import { COMMUNITY, startAgents } from './snmp-load.ts';
import { faultOfCount, faultsOfRounds, roundsOf, type SoakedKind } from './soak-rounds.ts';

const ICMP_INTERVAL_MS = 10_000;
const SNMP_INTERVAL_MS = 60_000;
const INTERFACES = 48;

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

/** What is watched: so many addresses by ICMP, so many devices by SNMP. */
interface Watched {
  readonly targets: number;
  readonly devices: number;
}

const kindsOf = ({ targets, devices }: Watched): SoakedKind[] => [
  { kind: 'icmp', count: targets, intervalMs: ICMP_INTERVAL_MS },
  ...(devices === 0 ? [] : [{ kind: 'snmp', count: devices, intervalMs: SNMP_INTERVAL_MS } as const]),
];

/** What was not as promised between two moments, in words. */
function faults(before: Moment, after: Moment, watched: Watched): string[] {
  const grown = (name: string, labels?: Record<string, string>) =>
    after.metrics.sum(`beacontower_${name}_total`, labels) - before.metrics.sum(`beacontower_${name}_total`, labels);
  const shards = after.metrics.sum('beacontower_scheduler_shards');
  const elapsedMs = (after.at - before.at) * 1000;
  const cpuS =
    after.use.reduce((sum, { name, cpuMs }) => sum + cpuMs - (before.use.find((each) => each.name === name)?.cpuMs ?? 0), 0) / 1000;
  const ofKinds = kindsOf(watched).flatMap((kind) => {
    const rounds = roundsOf(kind.kind, before.metrics, after.metrics);
    const { due, run, late, missed, other } = rounds;
    say(`rounds of ${kind.kind}: ${due} due, ${run} run, ${late} late, ${missed} missed, ${other} otherwise`);
    const rows = grown('recorder_rows', { samples: kind.kind === 'icmp' ? 'icmp' : 'interfaces' });
    const looks = grown(kind.kind === 'icmp' ? 'icmp_observations' : 'snmp_polls');
    return [
      ...faultsOfRounds(kind.kind, rounds, shards),
      ...faultOfCount(kind.kind === 'icmp' ? 'looks at targets' : 'polls of devices', looks, kind, elapsedMs),
      ...faultOfCount(`rows of ${kind.kind} stored`, rows, kind, elapsedMs, kind.kind === 'icmp' ? 1 : INTERFACES),
    ];
  });
  say(`${shards} shards, ${grown('pipeline_observations')} observations judged, ${cpuS.toFixed(0)} CPU seconds of all processes`);
  const zero = (what: string, value: number) => (value === 0 ? [] : [`${value} ${what}`]);
  return [
    ...ofKinds,
    ...zero('transitions to down', grown('pipeline_transitions', { to: 'down' })),
    ...zero('transitions to unknown', grown('pipeline_transitions', { to: 'unknown' })),
    ...zero('batches of samples dropped', grown('samples_dropped')),
    ...zero('restarts of a process', grown('supervisor_restarts')),
  ];
}

/** Applies the inventory and waits until everything in it has been looked at, and stored, twice. Gives how long the load took, s. */
async function load(node: LoopbackNode, { targets, devices }: Watched, agents: SnmpAgents | null): Promise<number> {
  const asked = agents && {
    agents: agents.agents.map(({ address, port }) => ({ address, port })),
    intervalMs: SNMP_INTERVAL_MS,
    community: COMMUNITY,
  };
  const seconds = await node.apply(targets, asked ?? undefined);
  say(`${targets} targets and ${devices} devices of ${INTERFACES} interfaces loaded in ${seconds.toFixed(1)} s`);
  const settled = async () => {
    const { metrics } = await look(node.product);
    const rows = metrics.sum('beacontower_recorder_rows_total', { samples: 'interfaces' });
    return metrics.sum('beacontower_icmp_observations_total') >= 2 * targets && rows >= 2 * devices * INTERFACES;
  };
  const timeoutMs = devices === 0 ? 90_000 : 6 * SNMP_INTERVAL_MS;
  await waitFor(settled, { timeoutMs, intervalMs: 1_000, what: 'everything to have been looked at twice' });
  return seconds;
}

/** The whole product on many loopback targets and devices. Gives what was not as promised. */
async function soak(watched: Watched, seconds: number): Promise<string[]> {
  const agents = watched.devices === 0 ? null : await startAgents({ devices: watched.devices, interfaces: INTERFACES });
  const node = await startLoopbackNode().catch(async (error: unknown) => {
    await agents?.stop();
    throw error;
  });
  try {
    const { product } = node;
    const loadS = await load(node, watched, agents);
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
    return [...slow, ...faults(first, end, watched)];
  } catch (error) {
    process.stderr.write(`${node.product.log(60)}\n`);
    throw error;
  } finally {
    await node.destroy();
    await agents?.stop();
  }
}

const { values } = parse({
  options: {
    targets: { type: 'string', default: '10000' },
    devices: { type: 'string', default: '500' },
    seconds: { type: 'string', default: '600' },
  },
});
const watched = { targets: count('targets', values.targets), devices: count('devices', values.devices, 0) };
const wrong = await soak(watched, count('seconds', values.seconds));
for (const fault of wrong) say(`✗ ${fault}`);
if (wrong.length === 0) say('✓ no round was missed, nothing was called down or unknown');
process.exitCode = wrong.length === 0 ? 0 : 1;
