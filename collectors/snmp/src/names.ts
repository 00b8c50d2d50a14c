import type { SeenInterface, SystemGroup } from '@beacontower/contracts';
import { tableDigest, uniqueNames } from '@beacontower/domain';
import type { Asker } from './asker.ts';
import { OIDS } from './columns.ts';
import type { Pace } from './pace.ts';
import type { Asked } from './verdicts.ts';
import { type Walked, walk } from './walk.ts';
import type { Oid } from './wire/oid.ts';
import type { BulkAnswer, Cells } from './wire/port.ts';

/** Longest name, alias or description that is kept; the MIB allows 255 bytes. */
const LONGEST_TEXT = 255;

/** What a device says of its interfaces that does not change from poll to poll. */
export interface InterfaceTable {
  readonly system: SystemGroup;
  readonly interfaces: readonly SeenInterface[];
  readonly digest: string;
  /** Position in `interfaces` by ifIndex. */
  readonly position: ReadonlyMap<number, number>;
  /** ifCounterDiscontinuityTime by position; 0 where the device has none. */
  readonly broken: Uint32Array;
  /** ifName by ifIndex as the device has it, before repeats were told apart; empty where it has none. */
  readonly ifNames: ReadonlyMap<number, string>;
  /** The device has ifCounterDiscontinuityTime at all. */
  readonly hasDiscontinuity: boolean;
}

/** One row as it was read, before it has its name. */
export interface RawRow {
  descr: string;
  name: string;
  alias: string;
  type: number;
  /** ifSpeed, bit/s, and ifHighSpeed, Mbit/s; null where not answered. */
  speed: number | null;
  highSpeed: number | null;
  broken: number | null;
}

/** Columns of the names' walk, each with what takes a cell of it over into its row. */
const COLUMNS: readonly { readonly oid: Oid; readonly take: (row: RawRow, cells: Cells, cell: number) => void }[] = [
  column(OIDS.ifDescr, (row, cells, cell) => {
    row.descr = cleanText(cells.text(cell));
  }),
  column(OIDS.ifType, (row, cells, cell) => {
    row.type = cells.number(cell) ?? 0;
  }),
  column(OIDS.ifSpeed, (row, cells, cell) => {
    row.speed = cells.number(cell);
  }),
  column(OIDS.ifName, (row, cells, cell) => {
    row.name = cleanText(cells.text(cell));
  }),
  column(OIDS.ifAlias, (row, cells, cell) => {
    row.alias = cleanText(cells.text(cell));
  }),
  column(OIDS.ifHighSpeed, (row, cells, cell) => {
    row.highSpeed = cells.number(cell);
  }),
  column(OIDS.ifCounterDiscontinuityTime, (row, cells, cell) => {
    row.broken = cells.number(cell);
  }),
];
const SCALARS = [OIDS.sysDescr, OIDS.sysObjectId, OIDS.sysName, OIDS.sysLocation, OIDS.sysContact, OIDS.ifTableLastChange];
const LAST_CHANGE = 5;
const FACTS: readonly (keyof SystemGroup)[] = ['descr', 'objectId', 'name', 'location', 'contact'];

export interface TableOptions {
  readonly asker: Asker;
  readonly pace: Pace;
  readonly expected: number | null;
  readonly mostRows: number;
  readonly asked: Omit<Asked, 'answered' | 'outOfTime' | 'reading'>;
}

/** `table` is null unless the walk was whole. `lastChange`: ifTableLastChange, null where there is none. */
export interface TableRead {
  readonly table: InterfaceTable | null;
  readonly lastChange: number | null;
  readonly walked: Walked;
}

/** Reads names, descriptions and speeds of every interface, and the system group. */
export async function readTable(options: TableOptions): Promise<TableRead> {
  const rows = new Map<number, RawRow>();
  let system: SystemGroup = { descr: '', objectId: '', name: '', location: '', contact: '' };
  let lastChange: number | null = null;
  const walked = await walk({
    ...options,
    columns: COLUMNS.map(({ oid }) => oid),
    scalars: SCALARS,
    take: (answer, columns) => takeRows(rows, answer, columns),
    takeScalar: (position, cells, cell) => {
      if (position === LAST_CHANGE) lastChange = cells.number(cell);
      else system = { ...system, ...systemFact(position, cells, cell) };
    },
    asked: { ...options.asked, reading: 'the names of the interfaces' },
  });
  return { table: walked.whole ? makeTable(system, rows) : null, lastChange, walked };
}

function systemFact(position: number, cells: Cells, cell: number): Partial<SystemGroup> {
  const fact = FACTS[position];
  if (fact === undefined) return {};
  return { [fact]: fact === 'objectId' ? cells.oidText(cell) : cleanText(cells.text(cell)) };
}

function takeRows(rows: Map<number, RawRow>, answer: BulkAnswer, columns: readonly number[]): void {
  for (let position = 0; position < columns.length; position++) {
    const column = COLUMNS[columns[position] as number];
    const count = answer.counts[position] ?? 0;
    for (let at = position * answer.stride; at < position * answer.stride + count; at++) {
      const index = answer.rows[at] ?? 0;
      let row = rows.get(index);
      if (!row) {
        row = { descr: '', name: '', alias: '', type: 0, speed: null, highSpeed: null, broken: null };
        rows.set(index, row);
      }
      column?.take(row, answer.cells, at);
    }
  }
}

/** Puts rows in the order of ifIndex and gives each its name. */
export function makeTable(system: SystemGroup, rows: ReadonlyMap<number, RawRow>): InterfaceTable {
  const ordered = [...rows].sort(([a], [b]) => a - b);
  const names = uniqueNames(ordered.map(([index, row]) => ({ index, ifName: row.name, ifDescr: row.descr })));
  const interfaces = ordered.map(([index, row], at) => ({
    index,
    name: names[at] ?? '',
    alias: row.alias,
    descr: row.descr,
    type: row.type,
    speed: megabits(row),
  }));
  return {
    system,
    interfaces,
    digest: tableDigest(system, interfaces),
    position: new Map(ordered.map(([index], at) => [index, at])),
    broken: Uint32Array.from(ordered, ([, row]) => row.broken ?? 0),
    ifNames: new Map(ordered.map(([index, row]) => [index, row.name])),
    hasDiscontinuity: ordered.some(([, row]) => row.broken !== null),
  };
}

/** ifHighSpeed, or ifSpeed where the device has no other. The largest ifSpeed says that the truth does not fit. */
export function megabits({ speed, highSpeed }: Pick<RawRow, 'speed' | 'highSpeed'>): number {
  if (highSpeed !== null && highSpeed > 0) return highSpeed;
  return speed === null || speed >= 0xffffffff ? 0 : Math.round(speed / 1_000_000);
}

/** The same table with speeds and times of discontinuity as they were read again; `null` where the device said nothing. */
export function withSlow(table: InterfaceTable, speeds: ReadonlyMap<number, number>, broken: ReadonlyMap<number, number>): InterfaceTable {
  const interfaces = table.interfaces.map((seen) => {
    const speed = speeds.get(seen.index);
    return speed === undefined || speed === 0 || speed === seen.speed ? seen : { ...seen, speed };
  });
  const changed = interfaces.some((seen, at) => seen !== table.interfaces[at]);
  return {
    ...table,
    interfaces,
    digest: changed ? tableDigest(table.system, interfaces) : table.digest,
    broken: Uint32Array.from(interfaces, ({ index }, at) => broken.get(index) ?? table.broken[at] ?? 0),
  };
}

/** Names are shown, logged and made part of ids: one line, no control characters, no endless length. */
export function cleanText(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, LONGEST_TEXT);
}

function column(of: Oid, take: (row: RawRow, cells: Cells, cell: number) => void) {
  return { oid: of, take };
}
