import { OBJECT_CLASSES, OBJECT_KINDS, type ObjectClass, type ObjectKind } from '@beacontower/domain';
import { z } from 'zod';
import { text } from '../configuration/fault.ts';
import { type CellFault, type CellSettings, cellFaults, moment, oneOf, optionalWords, refuseCell, words } from './cells.ts';
import type { InventoryColumn } from './columns.ts';
import { checkSpan } from './outage-row.ts';

/** One line of the CSV of past inventory. What is empty is null, and comes from what is known of the object. */
export interface InventoryRow {
  readonly id: string;
  readonly name: string | null;
  readonly kind: ObjectKind | null;
  readonly class: ObjectClass | null;
  readonly division: string | null;
  readonly party: string | null;
  readonly weight: number | null;
  readonly from: number;
  /** Null: up to the beginning of what is known of it. */
  readonly to: number | null;
}

const KINDS_ZH: Readonly<Record<ObjectKind, string>> = {
  device: '设备',
  circuit: '电路',
  'access-line': '接入线路',
  'internet-exit': '互联网出口',
  service: '业务',
  site: '站点',
  interface: '接口',
};
const CLASSES_ZH: Readonly<Record<ObjectClass, string>> = {
  backbone: '骨干',
  'user-access': '用户接入',
  'internet-exit': '互联网出口',
  other: '其他',
};

const named = <V extends string>(values: readonly V[], chinese: Readonly<Record<V, string>>) =>
  oneOf<V | null>(
    values.map((value) => [value, [value, chinese[value]]] as const),
    null,
    text(values.join(', '), values.map((value) => `${value}（${chinese[value]}）`).join('、')),
  );

const weight = z
  .string()
  .default('')
  .transform((value, context): number | null => {
    const written = value.trim();
    if (written === '') return null;
    if (/^\d{1,12}(\.\d{1,6})?$/.test(written)) return Number(written);
    return refuseCell(context, 'bad-weight', text('not a number of users', '不是用户数'), text('a number, 0 or more', '不小于 0 的数'));
  });

/** The schema of a line; made once for a file. */
export function inventoryRowSchema(settings: CellSettings) {
  return z
    .object({
      id: words(256, text('the id of an object, such as gd:core-1 or core-1', '对象标识，如 gd:core-1 或 core-1')),
      name: optionalWords(256, text('at most 256 characters', '不超过 256 个字符')),
      kind: named(OBJECT_KINDS, KINDS_ZH),
      class: named(OBJECT_CLASSES, CLASSES_ZH),
      division: optionalWords(256, text('the path of a division, such as cn.gd', '区划路径，如 cn.gd')),
      party: optionalWords(128, text('the id of a party', '责任方标识')),
      weight,
      from: moment(settings),
      to: moment(settings),
    })
    .superRefine((row, context) => checkSpan(row, settings.now, context, true));
}

/** One line as a row, or everything that is wrong with it. */
export function readInventoryRow(
  schema: ReturnType<typeof inventoryRowSchema>,
  cells: Readonly<Record<string, string>>,
): InventoryRow | CellFault<InventoryColumn>[] {
  const read = schema.safeParse(cells);
  return read.success ? { ...read.data, from: read.data.from as number } : cellFaults<InventoryColumn>(read.error, cells);
}
