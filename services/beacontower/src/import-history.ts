/** `beacontower import inventory` and `import outages`: a file read, checked line by line, and taken in whole or not at all. */
import { basename } from 'node:path';
import {
  type CellFault,
  type Fault,
  INVENTORY_COLUMNS,
  inventoryRowSchema,
  OUTAGE_COLUMNS,
  outageRowSchema,
  readInventoryRow,
  readOutageRow,
  text,
} from '@beacontower/contracts';
import {
  type Covers,
  type Database,
  type ImportSource,
  importInventory,
  importOutages,
  STAGED_AT_ONCE,
  type StagedObject,
  type StagedOutage,
} from '@beacontower/database';
import type { CommandIo } from './configuration-commands.ts';
import { type CsvLine, FaultList, hashFile, readCsv } from './import-csv.ts';
import { sayFaults, sayInventory, sayOutages } from './import-output.ts';
import { inventoryFaultWords, outageFaultWords } from './import-words.ts';

/** How a file is imported. */
export interface ImportSettings {
  readonly now: number;
  readonly by: string;
  readonly source: string | null;
  readonly dryRun: boolean;
  readonly timeZone: string | null;
}

/** What only outages need. Times in ms. */
export interface OutageSettings extends ImportSettings {
  readonly stretch: { readonly from: number; readonly to: number } | null;
  readonly covers: Covers;
  readonly edgeMs: number;
  readonly resolutionMs: number;
}

/** Faults that are told; beyond that many, people mend the first and try again. */
const SHOWN_FAULTS = 200;
const EXIT = { ok: 0, faults: 1, refused: 2 } as const;

/** `beacontower import outages FILE`: 0 imported (or shown, or known already), 1 faults, 2 there is no node yet. */
export async function importOutagesFile(path: string, io: CommandIo, database: Database, settings: OutageSettings): Promise<number> {
  const file = basename(path);
  const faults = new FaultList(SHOWN_FAULTS);
  const source = await sourceOf('outages', path, settings);
  const positions = new Map<string, number>();
  const { stretch, covers, edgeMs, resolutionMs, dryRun } = settings;
  const plannedTitle = io.language === 'zh' ? '导入的计划工作' : 'imported planned work';
  const result = await importOutages(
    database,
    readOutages(path, file, settings, faults, positions),
    { stretch, covers, edgeMs, resolutionMs, dryRun, plannedTitle, faultLimit: SHOWN_FAULTS },
    source,
    () => faults.count === 0,
  );
  if (result.outcome !== 'faults') {
    sayOutages(result, io);
    return result.outcome === 'no-node' ? EXIT.refused : EXIT.ok;
  }
  for (const fault of result.faults.faults) {
    const { column, problem, expected } = outageFaultWords(fault);
    faults.add(faultOf(file, fault.line, positions.get(column) ?? 1, column, fault.code, problem, expected, fault.subject));
  }
  faults.count += result.faults.count - result.faults.faults.length;
  sayFaults(faults, io);
  return EXIT.faults;
}

async function* readOutages(
  path: string,
  file: string,
  settings: ImportSettings,
  faults: FaultList,
  positions: Map<string, number>,
): AsyncGenerator<readonly StagedOutage[]> {
  const schema = outageRowSchema(settings);
  let chunk: StagedOutage[] = [];
  for await (const line of readCsv(path, { file, columns: OUTAGE_COLUMNS, needed: ['object', 'from', 'to'] }, faults)) {
    remember(line, OUTAGE_COLUMNS, positions);
    const row = readOutageRow(schema, line.cells);
    if (Array.isArray(row)) for (const each of row) faults.add(cellFault(file, line, OUTAGE_COLUMNS, each));
    else chunk.push({ ...row, line: line.line });
    if (chunk.length < STAGED_AT_ONCE) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** `beacontower import inventory FILE`: exit codes as of outages. */
export async function importInventoryFile(path: string, io: CommandIo, database: Database, settings: ImportSettings): Promise<number> {
  const file = basename(path);
  const faults = new FaultList(SHOWN_FAULTS);
  const source = await sourceOf('inventory', path, settings);
  const schema = inventoryRowSchema(settings);
  const positions = new Map<string, number>();
  const rows: StagedObject[] = [];
  for await (const line of readCsv(path, { file, columns: INVENTORY_COLUMNS, needed: ['id', 'from'] }, faults)) {
    remember(line, INVENTORY_COLUMNS, positions);
    const row = readInventoryRow(schema, line.cells);
    if (Array.isArray(row)) for (const each of row) faults.add(cellFault(file, line, INVENTORY_COLUMNS, each));
    else rows.push({ ...row, line: line.line });
  }
  if (rows.length === 0 && faults.count === 0)
    faults.add(
      faultOf(
        file,
        1,
        1,
        '',
        'no-lines',
        text('there is no line after the header', '表头之后没有内容'),
        text('a line for each object', '每个对象一行'),
        null,
      ),
    );
  const result = await importInventory(database, rows, source, { dryRun: settings.dryRun, isSound: faults.count === 0 });
  if (result.outcome !== 'faults') {
    sayInventory(result, io);
    return result.outcome === 'no-node' ? EXIT.refused : EXIT.ok;
  }
  for (const fault of result.faults) {
    const { column, problem, expected } = inventoryFaultWords(fault);
    faults.add(faultOf(file, fault.line, positions.get(column) ?? 1, column, fault.code, problem, expected, fault.subject));
  }
  sayFaults(faults, io);
  return EXIT.faults;
}

async function sourceOf(kind: ImportSource['kind'], path: string, { now, by, source }: ImportSettings): Promise<ImportSource> {
  return { kind, file: basename(path), sha256: await hashFile(path), now, by, source };
}

/** Where each column stands, for faults that are found when the lines are gone; by the name that faults use. */
function remember<C extends string>(line: CsvLine<C>, names: Readonly<Record<C, readonly string[]>>, positions: Map<string, number>): void {
  if (positions.size > 0) return;
  for (const [column, [name = column]] of Object.entries(names) as [C, readonly string[]][])
    positions.set(name, Math.max(1, line.positionOf(column)));
}

function cellFault<C extends string>(
  file: string,
  line: CsvLine<C>,
  names: Readonly<Record<C, readonly string[]>>,
  fault: CellFault<C>,
): Fault {
  const column = Math.max(1, line.positionOf(fault.column));
  return faultOf(
    file,
    line.line,
    column,
    names[fault.column]?.[0] ?? fault.column,
    fault.code,
    fault.problem,
    fault.expected,
    fault.found ?? null,
  );
}

function faultOf(
  file: string,
  line: number,
  column: number,
  path: string,
  code: string,
  problem: Fault['problem'],
  expected: Fault['expected'],
  found: string | null,
): Fault {
  const shown = found === null || found === '' ? null : JSON.stringify(found.length > 80 ? `${found.slice(0, 77)}…` : found);
  return { file, line, column, path, severity: 'error', code, problem, expected, found: shown };
}
