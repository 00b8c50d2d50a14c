import { INTERFACE_COUNTERS, type InterfaceSampleBatch } from '@beacontower/contracts';
import { packInt32, packUint8, packUint16, packUint32 } from '@beacontower/queue';

/** One row as a test tells it. What is left out is usual: all counters answered, all 64 bits wide, up, 1 Gbit/s. */
export interface RowSpec {
  readonly check: number;
  readonly counters: readonly bigint[];
  readonly read?: number;
  readonly uptime: number;
  readonly broken?: number;
  readonly speed?: number;
  readonly status?: number;
  readonly present?: number;
  readonly wide?: number;
}

export const ALL = 0xfff;

/** A batch of interface counters as a collector would send it. */
export function batchOf(startedAt: number, rows: readonly RowSpec[]): InterfaceSampleBatch {
  return {
    type: 'interfaces',
    shard: '0.centre.snmp.60000',
    tick: startedAt,
    startedAt,
    checks: packUint32(rows.map((row) => row.check)),
    read: packInt32(rows.map((row) => row.read ?? 0)),
    uptime: packUint32(rows.map((row) => row.uptime)),
    broken: packUint32(rows.map((row) => row.broken ?? 0)),
    speed: packUint32(rows.map((row) => row.speed ?? 1_000)),
    status: packUint8(rows.map((row) => row.status ?? 0x11)),
    present: packUint16(rows.map((row) => row.present ?? ALL)),
    wide: packUint16(rows.map((row) => row.wide ?? ALL)),
    counters: INTERFACE_COUNTERS.map((_, counter) => {
      const column = new Uint8Array(rows.length * 8);
      const view = new DataView(column.buffer);
      rows.forEach((row, i) => {
        view.setBigUint64(i * 8, row.counters[counter] ?? 0n, true);
      });
      return column;
    }),
  };
}

/** The same number in every counter. */
export function same(value: bigint): bigint[] {
  return INTERFACE_COUNTERS.map(() => value);
}
