import type { Measurement } from './measurement.ts';
import { startLoopbackNode } from './node.ts';

/** An inventory must load in less than this, seconds. */
export const LOAD_LIMIT_S = 10;

/** How long the command line takes to check and apply 10,000 devices on a running node. */
export async function measure(): Promise<readonly Measurement[]> {
  const node = await startLoopbackNode();
  try {
    const seconds = await node.apply(10_000);
    if (seconds >= LOAD_LIMIT_S) throw new Error(`10,000 devices took ${seconds.toFixed(1)} s to load, not under ${LOAD_LIMIT_S}`);
    return [{ name: 'inventory.load10000', value: seconds, unit: 's', peer: null, peerValue: null }];
  } finally {
    await node.destroy();
  }
}
