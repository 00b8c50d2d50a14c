import { partitionOf } from '@beacontower/domain';

/**
 * Where in its interval a shard's ticks lie: partitions evenly over the interval, zones shifted against each other within one
 * such step. It depends on the shard's own name and the fixed number of partitions alone, so that adding a shard moves no tick
 * of another.
 */
export function phaseOf(partition: number, zone: string, intervalMs: number, partitions: number): number {
  const shift = partitionOf(zone, 1_024) / 1_024;
  return Math.floor((intervalMs * (partition + shift)) / partitions) % intervalMs;
}
