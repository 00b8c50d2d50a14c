/** The whole product on many SNMP agents: what it stored, and what that cost. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessUse, Product } from '@beacontower/test-lab';
import { type SnmpAgents, waitFor } from '@beacontower/testing';
import { memoryOf, ownMemory } from './memory.ts';
import { type MetricsText, parseMetrics } from './metrics.ts';
import { startLoopbackNode } from './node.ts';
import { compactedBytes } from './snmp-compacted.ts';
import { COMMUNITY, type SnmpLoad } from './snmp-load.ts';
import { checkTruth } from './snmp-truth.ts';

/** Eight counters of an interface are what a poll is paid for, although the product reads twelve and the status. */
const COUNTERS = 8;

/** What the product did in the measured time. */
export interface ProductFigures {
  /** Polls whose rows were all stored. */
  readonly polls: number;
  readonly due: number;
  /** CPU seconds, and bytes of memory at the end, by process. */
  readonly cpuS: Readonly<Record<string, number>>;
  readonly memory: Readonly<Record<string, number>>;
  /** Rounds passed over, late, or ended otherwise than they should. */
  readonly missedRounds: number;
  readonly bytesPerSample: number;
  /** Points read back through the API and found true. */
  readonly truePoints: number;
}

interface Moment {
  readonly at: number;
  readonly metrics: MetricsText;
  readonly use: readonly ProcessUse[];
}

const storedRows = (metrics: MetricsText) => metrics.sum('beacontower_recorder_rows_total', { samples: 'interfaces' });

async function look(product: Product): Promise<Moment> {
  return { at: performance.now(), metrics: parseMetrics(await product.api.metrics()), use: product.use() };
}

/** Runs the product for the load's seconds, once every device has been met and its rows are stored round after round. */
export async function measureProduct(load: SnmpLoad, agents: SnmpAgents): Promise<ProductFigures> {
  const node = await startLoopbackNode();
  try {
    const { product } = node;
    await node.apply(1, {
      agents: agents.agents.map(({ address, port }) => ({ address, port })),
      intervalMs: load.intervalMs,
      community: COMMUNITY,
    });
    const round = load.devices * load.interfaces;
    const settled = async () => storedRows((await look(product)).metrics) >= 3 * round;
    await waitFor(settled, { timeoutMs: 180_000, intervalMs: 1_000, what: 'three rounds of every device to be stored' });
    // The tables of interfaces have become objects by now; what that cost is of the first minute, not of every round.
    await sleep(Math.max(10_000, 3 * load.intervalMs));
    const from = Date.now();
    const before = await look(product);
    await sleep(load.seconds * 1_000);
    const after = await look(product);
    const to = Date.now();
    const memory = Object.fromEntries(after.use.map(({ name, pid }) => [name, name === 'supervisor' ? ownMemory(pid) : memoryOf(pid)]));
    const truePoints = await checkTruth(product, agents, { from, to, intervalMs: load.intervalMs });
    const rows = storedRows((await look(product)).metrics);
    await product.stop();
    const bytes = await compactedBytes(product.dataDirectory);
    return { ...compare(load, before, after), memory, truePoints, bytesPerSample: bytes / (rows * COUNTERS) };
  } catch (error) {
    process.stderr.write(`${node.product.log(60)}\n`);
    throw error;
  } finally {
    await node.destroy();
  }
}

function compare(load: SnmpLoad, before: Moment, after: Moment): Omit<ProductFigures, 'memory' | 'truePoints' | 'bytesPerSample'> {
  const grown = (name: string, labels?: Record<string, string>) => after.metrics.sum(name, labels) - before.metrics.sum(name, labels);
  const cpuS = Object.fromEntries(
    after.use.map(({ name, pid, cpuMs }) => [
      name,
      (cpuMs - (before.use.find((each) => each.name === name && each.pid === pid)?.cpuMs ?? 0)) / 1_000,
    ]),
  );
  const rounds = grown('beacontower_snmp_rounds_total');
  const passedOver = grown('beacontower_scheduler_rounds_skipped_total') + grown('beacontower_scheduler_rounds_dropped_total');
  return {
    polls: (storedRows(after.metrics) - storedRows(before.metrics)) / load.interfaces,
    due: (load.devices * (after.at - before.at)) / load.intervalMs,
    cpuS,
    missedRounds: rounds - grown('beacontower_snmp_rounds_total', { result: 'taken' }) + passedOver,
  };
}
