import { type Previous, sameRows } from './memory.ts';
import type { InterfaceTable } from './names.ts';
import type { PlannedDevice } from './plan.ts';

/**
 * Which checks look at which rows of a reading, worked out once for as long as plan, table and rows stay the same. An interface may be looked
 * at under two checks: its own, and that of a circuit which ends there.
 */
export interface Mapping {
  readonly planned: PlannedDevice;
  readonly table: InterfaceTable;
  readonly indexes: Previous['indexes'];
  /** Row of the reading and check key, side by side; rows ascend. */
  readonly rows: Uint32Array;
  readonly checks: Uint32Array;
  /** Checks of the plan whose interface the table does not have. */
  readonly missing: readonly number[];
}

/** @param before the mapping of the last poll, given back when it still holds. */
export function mapRows(before: Mapping | null, planned: PlannedDevice, table: InterfaceTable, indexes: Uint32Array): Mapping {
  if (before?.planned === planned && before.table === table && sameRows(before.indexes, indexes)) return before;
  const rows: number[] = [];
  const checks: number[] = [];
  indexes.forEach((index, row) => {
    const name = table.interfaces[table.position.get(index) ?? -1]?.name;
    for (const check of (name === undefined ? undefined : planned.checksOfName.get(name)) ?? []) {
      rows.push(row);
      checks.push(check);
    }
  });
  const names = new Set(table.interfaces.map(({ name }) => name));
  return {
    planned,
    table,
    indexes: indexes.slice(),
    rows: Uint32Array.from(rows),
    checks: Uint32Array.from(checks),
    missing: planned.interfaces.flatMap(({ check, name }) => (names.has(name) ? [] : [check])),
  };
}
