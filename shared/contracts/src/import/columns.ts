/** Columns of the CSV files of a node's past: what a column is called in a header, in English and in Chinese. */

export const OUTAGE_COLUMNS = {
  object: ['object', 'object id', '对象', '对象标识'],
  from: ['from', 'start', '开始', '开始时间', '中断开始'],
  to: ['to', 'end', '结束', '结束时间', '中断结束'],
  state: ['state', '状态'],
  causeCategory: ['cause_category', 'cause category', 'cause', '原因类别', '原因'],
  chargedParty: ['charged_party', 'charged party', 'party', '责任方', '归责方'],
  causeObject: ['cause_object', 'cause object', '起因对象'],
  incident: ['incident', '事件', '事件编号'],
  planned: ['planned', '计划内', '计划', '计划工作'],
  note: ['note', 'notes', '备注', '说明'],
  edgeSeconds: ['edge_seconds', 'edge seconds', 'uncertainty', '边界秒数', '时刻误差秒'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type OutageColumn = keyof typeof OUTAGE_COLUMNS;

export const INVENTORY_COLUMNS = {
  id: ['id', '标识', '对象'],
  name: ['name', '名称'],
  kind: ['kind', '种类', '类型'],
  class: ['class', '类别', '分类'],
  division: ['division', '区划', '行政区划'],
  party: ['party', '责任方'],
  weight: ['weight', 'users', '权重', '用户数'],
  from: ['from', 'start', '启用', '启用时间', '开始'],
  to: ['to', 'end', '停用', '停用时间', '结束'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
export type InventoryColumn = keyof typeof INVENTORY_COLUMNS;

/** What a header came to: the column at each position (null where it is not known), and what is wrong with it. */
export interface Header<C extends string> {
  readonly columns: readonly (C | null)[];
  readonly unknown: readonly { readonly position: number; readonly name: string }[];
  readonly twice: readonly { readonly position: number; readonly column: C }[];
  readonly missing: readonly C[];
}

/** Reads a header row. Capital letters, blanks around a name and `-` for `_` make no difference. */
export function readHeader<C extends string>(
  cells: readonly string[],
  names: Readonly<Record<C, readonly string[]>>,
  needed: readonly C[],
): Header<C> {
  const byName = new Map(
    (Object.entries(names) as [C, readonly string[]][]).flatMap(([column, all]) => all.map((name) => [name, column] as const)),
  );
  const columns = cells.map((cell) => byName.get(cell.trim().toLowerCase().replaceAll('-', '_')) ?? null);
  const positions = cells.map((name, position) => ({ name, position, column: columns[position] ?? null }));
  return {
    columns,
    unknown: positions.filter(({ column }) => column === null),
    twice: positions.flatMap(({ column, position }) =>
      column !== null && columns.indexOf(column) < position ? [{ column, position }] : [],
    ),
    missing: needed.filter((column) => !columns.includes(column)),
  };
}
