/** IF-MIB: the columns of ifTable and ifXTable, and what a row of them holds. */
import { encode, encodeInteger, encodeOid, encodeUnsigned, TAG } from './ber.ts';
import { type AgentCounter, CounterSource, type InterfaceCounters } from './traffic.ts';
import { FixedSource, type Source } from './tree.ts';

const IF_TABLE = '1.3.6.1.2.1.2.2.1';
const IFX_TABLE = '1.3.6.1.2.1.31.1.1.1';

export interface Column {
  readonly name: string;
  readonly prefix: string;
  /** Whether the column is of ifXTable. */
  readonly extended: boolean;
  /** What the column counts; two for the old table's ifInNUcastPkts. Null when it is no counter that moves. */
  readonly counts: readonly AgentCounter[] | null;
  readonly wide: boolean;
}

function columns(prefix: string, extended: boolean, names: readonly string[], counts: Readonly<Record<string, readonly AgentCounter[]>>) {
  return names.map(
    (name, i): Column => ({ name, prefix: `${prefix}.${i + 1}`, extended, counts: counts[name] ?? null, wide: name.startsWith('ifHC') }),
  );
}

/** Every column in the order of its identifier. */
export const COLUMNS: readonly Column[] = [
  ...columns(
    IF_TABLE,
    false,
    // biome-ignore format: in the order of their numbers, five a line
    [
      'ifIndex', 'ifDescr', 'ifType', 'ifMtu', 'ifSpeed',
      'ifPhysAddress', 'ifAdminStatus', 'ifOperStatus', 'ifLastChange', 'ifInOctets',
      'ifInUcastPkts', 'ifInNUcastPkts', 'ifInDiscards', 'ifInErrors', 'ifInUnknownProtos',
      'ifOutOctets', 'ifOutUcastPkts', 'ifOutNUcastPkts', 'ifOutDiscards', 'ifOutErrors',
      'ifOutQLen', 'ifSpecific',
    ],
    {
      ifInOctets: ['inOctets'],
      ifInUcastPkts: ['inUnicast'],
      ifInNUcastPkts: ['inMulticast', 'inBroadcast'],
      ifInDiscards: ['inDiscards'],
      ifInErrors: ['inErrors'],
      ifOutOctets: ['outOctets'],
      ifOutUcastPkts: ['outUnicast'],
      ifOutNUcastPkts: ['outMulticast', 'outBroadcast'],
      ifOutDiscards: ['outDiscards'],
      ifOutErrors: ['outErrors'],
    },
  ),
  ...columns(
    IFX_TABLE,
    true,
    // biome-ignore format: in the order of their numbers, five a line
    [
      'ifName', 'ifInMulticastPkts', 'ifInBroadcastPkts', 'ifOutMulticastPkts', 'ifOutBroadcastPkts',
      'ifHCInOctets', 'ifHCInUcastPkts', 'ifHCInMulticastPkts', 'ifHCInBroadcastPkts', 'ifHCOutOctets',
      'ifHCOutUcastPkts', 'ifHCOutMulticastPkts', 'ifHCOutBroadcastPkts', 'ifLinkUpDownTrapEnable', 'ifHighSpeed',
      'ifPromiscuousMode', 'ifConnectorPresent', 'ifAlias', 'ifCounterDiscontinuityTime',
    ],
    {
      ifInMulticastPkts: ['inMulticast'],
      ifInBroadcastPkts: ['inBroadcast'],
      ifOutMulticastPkts: ['outMulticast'],
      ifOutBroadcastPkts: ['outBroadcast'],
      ifHCInOctets: ['inOctets'],
      ifHCInUcastPkts: ['inUnicast'],
      ifHCInMulticastPkts: ['inMulticast'],
      ifHCInBroadcastPkts: ['inBroadcast'],
      ifHCOutOctets: ['outOctets'],
      ifHCOutUcastPkts: ['outUnicast'],
      ifHCOutMulticastPkts: ['outMulticast'],
      ifHCOutBroadcastPkts: ['outBroadcast'],
    },
  ),
];

/** Administrative and operational status as IF-MIB numbers them. */
export const STATUS = { up: 1, down: 2, testing: 3, unknown: 4, dormant: 5, notPresent: 6, lowerLayerDown: 7 } as const;
export type InterfaceStatus = keyof typeof STATUS;

/** One interface: what it is, its counters, and its cells by column name. */
export interface Row {
  index: number;
  name: string;
  alias: string;
  /** bit/s. */
  speed: number;
  oper: InterfaceStatus;
  readonly seed: number;
  readonly counters: InterfaceCounters;
  readonly cells: Map<string, Source>;
}

export const text = (value: string) => new FixedSource(encode(TAG.octets, Buffer.from(value, 'utf8')));
export const integer = (value: number) => new FixedSource(encodeInteger(TAG.integer, value));
export const gauge = (value: number) => new FixedSource(encodeUnsigned(TAG.gauge32, BigInt(Math.round(value))));
export const ticks = (value: number) => new FixedSource(encodeUnsigned(TAG.ticks, BigInt(value)));

/** What a row that stands in no recording holds. */
export function synthesize(row: Row, facts: { readonly descr: string; readonly type: number; readonly admin: InterfaceStatus }): void {
  const { cells, seed } = row;
  cells.set('ifIndex', integer(row.index));
  cells.set('ifDescr', text(facts.descr));
  cells.set('ifType', integer(facts.type));
  cells.set('ifMtu', integer(1500));
  cells.set('ifPhysAddress', new FixedSource(encode(TAG.octets, [2, 0, 0, (seed >> 16) & 255, (seed >> 8) & 255, seed & 255])));
  cells.set('ifAdminStatus', integer(STATUS[facts.admin]));
  cells.set('ifOperStatus', integer(STATUS[row.oper]));
  cells.set('ifLastChange', ticks(0));
  cells.set('ifInUnknownProtos', new FixedSource(encodeUnsigned(TAG.counter32, 0n)));
  cells.set('ifOutQLen', gauge(0));
  cells.set('ifSpecific', new FixedSource(encodeOid([0, 0])));
  cells.set('ifName', text(row.name));
  cells.set('ifLinkUpDownTrapEnable', integer(1));
  cells.set('ifPromiscuousMode', integer(2));
  cells.set('ifConnectorPresent', integer(1));
  cells.set('ifAlias', text(row.alias));
  cells.set('ifCounterDiscontinuityTime', ticks(0));
  setSpeed(row, row.speed);
  for (const { name, counts } of COLUMNS) if (counts !== null) cells.set(name, integer(0));
  moveCounters(row);
}

/** ifSpeed is 32 bits of bit/s and stays at its end for what is faster; ifHighSpeed says it in Mbit/s. */
export function setSpeed(row: Row, speed: number): void {
  row.speed = speed;
  row.cells.set('ifSpeed', gauge(Math.min(speed, 0xffff_ffff)));
  row.cells.set('ifHighSpeed', gauge(speed / 1e6));
}

/** Puts the moving counters in place of whatever stood in the counter columns that the row has. */
export function moveCounters(row: Row): void {
  for (const { name, counts, wide } of COLUMNS) {
    if (counts === null || !row.cells.has(name)) continue;
    row.cells.set(name, new CounterSource(wide ? TAG.counter64 : TAG.counter32, wide, row.counters, counts));
  }
}
