/** What an import says: words for people, one JSON document for machines. */
import { compareFaults, describeFault, type Language } from '@beacontower/contracts';
import type { ImportInventoryResult, OutagesResult } from '@beacontower/database';
import type { CommandIo } from './configuration-commands.ts';
import type { FaultList } from './import-csv.ts';
import { alreadyImported, classLines, faultCount, moreFaults, NO_NODE, UNTOUCHED } from './import-words.ts';

/** Every fault that is kept, in the order of the file, and how many more there are. */
export function sayFaults(faults: FaultList, io: CommandIo): void {
  const sorted = [...faults.kept].sort(compareFaults);
  if (io.json) {
    io.out(`${JSON.stringify({ ok: false, outcome: 'faults', count: faults.count, faults: sorted }, null, 2)}\n`);
    return;
  }
  for (const fault of sorted) {
    const words = describeFault(fault, io.language);
    io.out(`${io.colour ? `\u001b[31m${words}\u001b[0m` : words}\n`);
  }
  if (faults.count > sorted.length) io.out(`${moreFaults(faults.count - sorted.length)[io.language]}\n`);
  io.out(`${faultCount(faults.count)[io.language]}\n${UNTOUCHED[io.language]}\n`);
}

type Told<R extends { readonly outcome: string }> = Exclude<R, { readonly outcome: 'faults' }>;

/** What became of a file of outages. */
export function sayOutages(result: Told<OutagesResult>, io: CommandIo): void {
  io.out(io.json ? jsonOf(result) : outagesWords(result, io.language));
}

/** What became of a file of past inventory. */
export function sayInventory(result: Told<ImportInventoryResult>, io: CommandIo): void {
  io.out(io.json ? jsonOf(result) : inventoryWords(result, io.language));
}

function outagesWords(result: Told<OutagesResult>, language: Language): string {
  if (result.outcome === 'no-node') return `${NO_NODE[language]}\n`;
  if (result.outcome === 'known') return `${alreadyImported(result.done)[language]}\n`;
  const { rows, objects, transitions, incidents, plannedWork, classes } = result;
  const done = result.outcome === 'imported';
  const words =
    language === 'zh'
      ? `${done ? '已导入' : '将导入'} ${rows} 行：对象 ${objects} 个，状态变化 ${transitions} 次，已关闭事件 ${incidents} 个，计划工作 ${plannedWork} 项`
      : `${done ? 'Imported' : 'Would import'} ${rows} lines: ${objects} objects, ${transitions} changes of state, ${incidents} closed incidents, ${plannedWork} entries of planned work`;
  return `${words}\n${classLines(classes, language)}\n${done ? '' : `${UNTOUCHED[language]}\n`}`;
}

function inventoryWords(result: Told<ImportInventoryResult>, language: Language): string {
  if (result.outcome === 'no-node') return `${NO_NODE[language]}\n`;
  if (result.outcome === 'known') return `${alreadyImported(result.done)[language]}\n`;
  const { rows, objects, version } = result;
  const done = result.outcome === 'imported';
  const words =
    language === 'zh'
      ? `${done ? '已导入' : '将导入'} ${rows} 行：${objects} 个对象的过去；清单版本 ${version}`
      : `${done ? 'Imported' : 'Would import'} ${rows} lines: the past of ${objects} objects; inventory version ${version}`;
  return `${words}\n${done ? '' : `${UNTOUCHED[language]}\n`}`;
}

const jsonOf = (result: { readonly outcome: string }): string =>
  `${JSON.stringify({ ok: result.outcome !== 'no-node', ...result }, null, 2)}\n`;
