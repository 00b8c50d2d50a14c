import type { Hostility } from './hostility.ts';
import { COLUMNS, type InterfaceStatus, type Row, STATUS, synthesize } from './interface-table.ts';
import { numberOf, type RecordedVariable, readRecording, textOf } from './recording.ts';
import { AGENT_COUNTERS, fraction, InterfaceCounters, type TrafficProfile } from './traffic.ts';
import { isUnder, oid } from './tree.ts';

/** One interface of a synthetic device. */
export interface InterfaceOptions {
  /** ifIndex; the next free one unless told. */
  readonly index?: number;
  /** ifName (and ifDescr unless told); `GigabitEthernet0/0/<n>` unless told. */
  readonly name?: string;
  readonly descr?: string;
  readonly alias?: string;
  /** IANAifType; 6, Ethernet, unless told. */
  readonly type?: number;
  /** bit/s; 1 Gbit/s unless told. */
  readonly speed?: number;
  readonly admin?: InterfaceStatus;
  readonly oper?: InterfaceStatus;
  readonly traffic?: TrafficProfile;
}

/** SNMPv2-MIB's words about the device. */
export interface AgentSystem {
  readonly descr?: string;
  readonly objectId?: string;
  readonly name?: string;
  readonly location?: string;
  readonly contact?: string;
}

/** A device that an agent plays. Plain data, so that it can be sent to another process. */
export interface AgentDeviceOptions {
  /** File of a `.snmprec` recording; without one the device is made up. */
  readonly recording?: string;
  /** With a recording: false answers it as it stands, with uptime and counters at rest. */
  readonly moving?: boolean;
  /** Interfaces of a made-up device: how many, or each. Four unless told. */
  readonly interfaces?: number | readonly InterfaceOptions[];
  /** False leaves out ifXTable: a device with 32-bit counters only. */
  readonly highCapacity?: boolean;
  readonly system?: AgentSystem;
  /** What the device's traffic and addresses are drawn from; 1 unless told. */
  readonly seed?: number;
  /** How long the device has been up at its start, ms; the recording's, or a day. */
  readonly uptimeMs?: number;
  /** The community that is answered, of v1 and v2c; `public` unless told. */
  readonly community?: string;
  readonly hostile?: Hostility;
}

/** The traffic of an interface nobody described: some share of its speed, by day and by night. */
export function usualTraffic(speed: number, seed: number): TrafficProfile {
  const carried = Math.min(speed, 1e11);
  return {
    inBps: carried * (0.02 + 0.5 * fraction(3 * seed)),
    outBps: carried * (0.02 + 0.3 * fraction(3 * seed + 1)),
    day: 0.5,
    noise: 0.2,
    packetBytes: 400 + 800 * fraction(3 * seed + 2),
  };
}

/** Nothing flows through an interface that is not up. */
export const NO_TRAFFIC: TrafficProfile = { inBps: 0, outBps: 0 };

/** Makes the row of an interface that was described. */
export function makeRow(options: InterfaceOptions, index: number, seed: number, now: number): Row {
  const { speed = 1e9, alias = '', oper = 'up', admin = 'up' } = options;
  const name = options.name ?? `GigabitEthernet0/0/${index}`;
  const traffic = options.traffic ?? usualTraffic(speed, seed);
  const counters = new InterfaceCounters(oper === 'up' ? traffic : NO_TRAFFIC, seed, now);
  const row: Row = { index, name, alias, speed, oper, seed, counters, cells: new Map() };
  synthesize(row, { descr: options.descr ?? name, type: options.type ?? 6, admin });
  return row;
}

/** The rows of a made-up device. */
export function makeRows({ interfaces = 4, seed = 1 }: AgentDeviceOptions, now: number): Row[] {
  const wanted: readonly InterfaceOptions[] = typeof interfaces === 'number' ? Array.from({ length: interfaces }, () => ({})) : interfaces;
  let next = 1;
  return wanted.map((options, i) => {
    const index = options.index ?? next;
    next = Math.max(next, index + 1);
    return makeRow(options, index, seed * 1_000 + i, now);
  });
}

export interface Recorded {
  /** Rows of IF-MIB, taken out of the rest so that they can move. */
  readonly rows: Row[];
  /** Everything else. */
  readonly rest: readonly RecordedVariable[];
  /** sysUpTime, ms; null when the recording holds none. */
  readonly uptimeMs: number | null;
}

const UPTIME = oid('1.3.6.1.2.1.1.3.0');
const PREFIXES = COLUMNS.map((column) => ({ column, ids: oid(column.prefix).ids }));

/** Reads a recording and takes its interface table apart. */
export function readRecorded({ recording = '', seed = 1 }: AgentDeviceOptions, now: number): Recorded {
  const rows = new Map<number, Map<string, RecordedVariable>>();
  const rest: RecordedVariable[] = [];
  let uptimeMs: number | null = null;
  for (const variable of readRecording(recording)) {
    const { ids } = variable.oid;
    if (variable.oid === UPTIME) uptimeMs = Number(numberOf(variable) ?? 0n) * 10;
    const found = PREFIXES.find((prefix) => ids.length === prefix.ids.length + 1 && isUnder(ids, prefix.ids));
    if (found === undefined) {
      rest.push(variable);
      continue;
    }
    const index = ids.at(-1) as number;
    const cells = rows.get(index) ?? new Map<string, RecordedVariable>();
    rows.set(index, cells.set(found.column.name, variable));
  }
  const sorted = [...rows].sort(([a], [b]) => a - b);
  return { rows: sorted.map(([index, cells]) => recordedRow(index, cells, seed * 1_000 + index, now)), rest, uptimeMs };
}

function recordedRow(index: number, recorded: ReadonlyMap<string, RecordedVariable>, seed: number, now: number): Row {
  const read = (column: string) => {
    const cell = recorded.get(column);
    return cell === undefined ? null : numberOf(cell);
  };
  const words = (column: string) => {
    const cell = recorded.get(column);
    return cell === undefined ? '' : textOf(cell);
  };
  const high = Number(read('ifHighSpeed') ?? 0n) * 1e6;
  const speed = high > 0 ? high : Number(read('ifSpeed') ?? 0n);
  const status = Number(read('ifOperStatus') ?? 1n);
  const oper = (Object.keys(STATUS) as InterfaceStatus[]).find((each) => STATUS[each] === status) ?? 'unknown';
  const counters = new InterfaceCounters(oper === 'up' ? usualTraffic(speed, seed) : NO_TRAFFIC, seed, now);
  for (const counter of AGENT_COUNTERS) {
    const column = COLUMNS.findLast(({ name, counts }) => counts?.length === 1 && counts[0] === counter && recorded.has(name)) ?? null;
    if (column !== null) counters.set(counter, read(column.name) ?? 0n, now);
  }
  const cells = new Map([...recorded].map(([name, { source }]) => [name, source]));
  return { index, name: words('ifName') || words('ifDescr'), alias: words('ifAlias'), speed, oper, seed, counters, cells };
}
