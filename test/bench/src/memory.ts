import { readFileSync } from 'node:fs';
import { descendants } from '@beacontower/test-lab';

/**
 * Memory of a process and all that descends from it, bytes. What processes share is counted once among them (Pss): PostgreSQL's
 * twenty backends have one and the same buffers.
 */
export function memoryOf(pid: number): number {
  return descendants(pid).reduce((sum, each) => sum + ownMemory(each.pid), 0);
}

/** Memory of this one process, its share of what is shared; 0 when it has ended. */
export function ownMemory(pid: number): number {
  try {
    return Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}
