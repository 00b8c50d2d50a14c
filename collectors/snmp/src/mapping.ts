import { type Previous, sameRows } from './memory.ts';
import type { InterfaceTable } from './names.ts';
import type { PlannedDevice } from './plan.ts';

/** Which check each row of a reading belongs to, worked out once for as long as plan, table and rows stay the same. */
export interface Mapping {
  readonly planned: PlannedDevice;
  readonly table: InterfaceTable;
  readonly indexes: Previous['indexes'];
  /** Check key by row; 0: no interface of the plan. */
  readonly checks: Uint32Array;
  /** Checks of the plan whose interface the table does not have. */
  readonly missing: readonly number[];
}

/** @param before the mapping of the last poll, given back when it still holds. */
export function mapRows(before: Mapping | null, planned: PlannedDevice, table: InterfaceTable, indexes: Uint32Array): Mapping {
  if (before?.planned === planned && before.table === table && sameRows(before.indexes, indexes)) return before;
  const found = new Set<number>();
  const checkOfRow = (index: number) => {
    const name = table.interfaces[table.position.get(index) ?? -1]?.name;
    return (name === undefined ? undefined : planned.checkOfName.get(name)) ?? 0;
  };
  for (const { name } of table.interfaces) {
    const check = planned.checkOfName.get(name);
    if (check !== undefined) found.add(check);
  }
  return {
    planned,
    table,
    indexes: indexes.slice(),
    checks: Uint32Array.from(indexes, checkOfRow),
    missing: planned.interfaces.flatMap(({ check }) => (found.has(check) ? [] : [check])),
  };
}
