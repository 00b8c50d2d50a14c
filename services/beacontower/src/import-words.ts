/** The words of faults that show only when lines are held against each other and the record, and of what an import did. */
import { type Language, type Text, text } from '@beacontower/contracts';
import type { ClassSummary, DoneImport, ImportFault, ImportFaultCode, InventoryFault, InventoryFaultCode } from '@beacontower/database';
import type { ObjectClass } from '@beacontower/domain';

/** A moment in words: UTC, to the second. */
const moment = (at: number | null): string => (at === null ? '' : new Date(at).toISOString());

interface FaultWords {
  /** The column it is about. */
  readonly column: string;
  readonly problem: Text;
  readonly expected: Text;
}

const OUTAGE_FAULTS: Readonly<Record<ImportFaultCode, (fault: ImportFault) => FaultWords>> = {
  'unknown-object': () => ({
    column: 'object',
    problem: text('there was never such an object of this node in the inventory', '清单中从未有过本节点的该对象'),
    expected: text(
      'an object of the inventory; its past comes in with "import inventory" first',
      '清单中的对象；其过去须先用 import inventory 导入',
    ),
  }),
  composite: () => ({
    column: 'object',
    problem: text('is a composite', '是组合对象'),
    expected: text('its members: what it did follows from theirs', '其成员：组合对象的状态由成员得出'),
  }),
  overlap: ({ other }) => ({
    column: 'from',
    problem: text(`overlaps the outage of line ${other}`, `与第 ${other} 行的中断重叠`),
    expected: text('outages of one object that do not overlap (they may touch)', '同一对象的中断互不重叠（可首尾相接）'),
  }),
  'out-of-commission': () => ({
    column: 'from',
    problem: text('the object was not in commission then', '对象当时未在役'),
    expected: text(
      'a time within its validity; "import inventory" can tell of its past',
      '其在役期间内的时间；可用 import inventory 导入过去',
    ),
  }),
  'outside-the-record': () => ({
    column: 'from',
    problem: text('lies outside the stretch for which the record is complete', '在记录完整的时段之外'),
    expected: text(
      'a time within --from and --to (and --covers), or within a line "complete" of the object',
      '在 --from 与 --to（及 --covers）之内，或在该对象 complete 行之内',
    ),
  }),
  'unknown-party': () => ({
    column: 'charged_party',
    problem: text('there is no such party', '没有该责任方'),
    expected: text('the id of a party', '责任方标识'),
  }),
  'unknown-cause-object': () => ({
    column: 'cause_object',
    problem: text('there is no such object', '没有该对象'),
    expected: text('the id of an object', '对象标识'),
  }),
  'incident-disagrees': ({ other }) => ({
    column: 'incident',
    problem: text(`says another cause, party or cause object than line ${other}`, `原因、责任方或起因对象与第 ${other} 行不一致`),
    expected: text('the same in every line of one incident', '同一事件各行一致'),
  }),
  'planned-not-down': () => ({
    column: 'planned',
    problem: text('planned work that was no outage', '计划工作并非中断'),
    expected: text('state down or degraded, or planned no', '状态为 down 或 degraded，或计划为 no'),
  }),
  'judged-by-node': ({ at }) => ({
    column: 'object',
    problem: text(`this node judged the object itself from ${moment(at)} on`, `自 ${moment(at)} 起本节点已自行判定该对象`),
    expected: text(
      'a record that ends before; what the node itself recorded is put right by reclassifications',
      '在此之前结束的记录；节点自己的记录只能用重新归类更正',
    ),
  }),
  'already-imported': ({ at }) => ({
    column: 'object',
    problem: text(
      `an earlier import already tells of the object in the stretch from ${moment(at)}`,
      `自 ${moment(at)} 起的时段已由先前的导入记录`,
    ),
    expected: text('a stretch that nothing is recorded of', '尚无记录的时段'),
  }),
  'too-recent': ({ at }) => ({
    column: 'to',
    problem: text('the stretch is not over yet', '时段尚未结束'),
    expected: text(`an end at or before ${moment(at)}`, `不晚于 ${moment(at)} 结束`),
  }),
  'nothing-covered': () => ({
    column: '',
    problem: text('no object was in commission in the stretch for which the record is complete', '在记录完整的时段内没有在役的对象'),
    expected: text('--from and --to with --covers, or lines "complete"', '--from 与 --to 及 --covers，或 complete 行'),
  }),
};

const INVENTORY_FAULTS: Readonly<Record<InventoryFaultCode, (fault: InventoryFault) => Omit<FaultWords, 'column'>>> = {
  'other-node': () => ({
    problem: text('belongs to another node', '属于其他节点'),
    expected: text('an object of this node', '本节点的对象'),
  }),
  'unknown-division': () => ({
    problem: text('there is no such division', '没有该区划'),
    expected: text('a division of the configuration, or left empty', '配置中的区划，或留空'),
  }),
  'unknown-party': () => ({
    problem: text('there is no such party', '没有该责任方'),
    expected: text('a party of the configuration, or left empty', '配置中的责任方，或留空'),
  }),
  'needs-more': () => ({
    problem: text('is empty, and nothing is known of this object', '为空，且该对象没有已知信息'),
    expected: text(
      'name, kind and division, for an object that is not in the inventory any more',
      '已不在清单中的对象须有名称、种类和区划',
    ),
  }),
  'needs-end': () => ({
    problem: text('is empty, and nothing later is known of this object', '为空，且该对象没有之后的记录'),
    expected: text('the time of its retirement; what is there now belongs into the configuration', '停用时间；现存对象应写入配置'),
  }),
  'kind-changed': ({ subject }) => ({
    problem: text(`this object has a history as ${subject}`, `该对象的历史种类为 ${subject}`),
    expected: text(`${subject}, or another id`, `${subject}，或另用标识`),
  }),
  overlap: ({ at }) => ({
    problem: text(`overlaps what is known of the object from ${moment(at)}`, `与该对象自 ${moment(at)} 起的已知信息重叠`),
    expected: text('a span before or after it', '之前或之后的时段'),
  }),
  'overlap-in-file': ({ subject }) => ({
    problem: text(`overlaps line ${subject}`, `与第 ${subject} 行重叠`),
    expected: text('spans of one object that do not overlap', '同一对象的时段互不重叠'),
  }),
};

export const outageFaultWords = (fault: ImportFault): FaultWords => OUTAGE_FAULTS[fault.code](fault);
export const inventoryFaultWords = (fault: InventoryFault): FaultWords => ({
  column: fault.column,
  ...INVENTORY_FAULTS[fault.code](fault),
});

const CLASS_WORDS: Readonly<Record<ObjectClass, Text>> = {
  backbone: text('backbone', '广域骨干网'),
  'user-access': text('user access', '用户接入'),
  'internet-exit': text('Internet exit', '互联网出口'),
  other: text('other', '其他'),
};

/** `0.9991` as `99.9100%`, `—` for none. */
const percent = (fraction: number | null): string => (fraction === null ? '—' : `${(fraction * 100).toFixed(4)}%`);
const minutes = (ms: number): string => (ms / 60_000).toFixed(1);

/** One line a class. */
export function classLines(classes: readonly ClassSummary[], language: Language): string {
  return classes
    .map((each) =>
      language === 'zh'
        ? `  ${CLASS_WORDS[each.class].zh}：对象 ${each.objects} 个，中断 ${each.outages} 次，中断 ${minutes(each.downMs)} 分钟，降级 ${minutes(each.degradedMs)} 分钟，未知 ${minutes(each.unknownMs)} 分钟，计划 ${minutes(each.plannedMs)} 分钟；平均可用率 ${percent(each.availability)}（仅据本文件）`
        : `  ${CLASS_WORDS[each.class].en}: ${each.objects} objects, ${each.outages} outages, ${minutes(each.downMs)} min down, ${minutes(each.degradedMs)} min degraded, ${minutes(each.unknownMs)} min unknown, ${minutes(each.plannedMs)} min planned; mean availability ${percent(each.availability)} (by this file alone)`,
    )
    .join('\n');
}

export const NO_NODE = text('this database belongs to no node yet: apply a configuration first', '该数据库尚不属于任何节点：请先应用配置');
export const UNTOUCHED = text('Nothing was changed.', '未做任何更改。');
export const moreFaults = (count: number): Text => text(`… and ${count} more faults`, `… 另有 ${count} 个错误`);
export const faultCount = (count: number): Text =>
  text(`${count} ${count === 1 ? 'fault' : 'faults'}: nothing is imported`, `${count} 个错误：未导入任何内容`);

/** That a file with the same bytes was imported before. */
export const alreadyImported = ({ id, file, importedAt, importedBy }: DoneImport): Text =>
  text(
    `Already imported as ${file} at ${moment(importedAt)} by ${importedBy} (${id}). Nothing was changed.`,
    `该文件已于 ${moment(importedAt)} 由 ${importedBy} 以 ${file} 导入（${id}）。未做任何更改。`,
  );
