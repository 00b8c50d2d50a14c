import { encodeOid, TAG } from './ber.ts';
import {
  type AgentDeviceOptions,
  type InterfaceOptions,
  makeRow,
  makeRows,
  NO_TRAFFIC,
  readRecorded,
  usualTraffic,
} from './device-options.ts';
import { bendsContent, type Hostility } from './hostility.ts';
import { COLUMNS, type InterfaceStatus, integer, moveCounters, type Row, STATUS, setSpeed, text, ticks } from './interface-table.ts';
import type { AgentCounter, TrafficProfile } from './traffic.ts';
import { ComputedSource, FixedSource, oid, type Source, Tree, type Variable } from './tree.ts';

const SYSTEM = '1.3.6.1.2.1.1';
const IF_NUMBER = '1.3.6.1.2.1.2.1.0';
const TABLE_LAST_CHANGE = '1.3.6.1.2.1.31.1.5.0';
const DAY_MS = 86_400_000;

/** One row of a device's interface table as a test sees it. */
export interface AgentInterface {
  readonly index: number;
  readonly name: string;
  readonly alias: string;
  readonly speed: number;
  readonly oper: InterfaceStatus;
}

/** What can be done to a device while its agent runs. An interface is named by its ifName. Everything happens now, by the agent's clock. */
export interface AgentMutators {
  interfaces(): AgentInterface[];
  /** sysUpTime, ms. */
  uptimeMs(): number;
  /** The device starts again: uptime and every counter at zero; with `renumber`, other ifIndexes. */
  restart(options?: { readonly renumber?: Readonly<Record<string, number>> | 'rotate' }): void;
  /** Gives interfaces other ifIndexes: those named, or each that of the next (`rotate`). `untold` leaves ifTableLastChange as it is. */
  renumber(to: Readonly<Record<string, number>> | 'rotate', options?: { readonly untold?: boolean }): void;
  addInterface(options: InterfaceOptions): void;
  removeInterface(name: string): void;
  /** Another ifName (and ifDescr); ifAlias, ifIndex and counters stay. */
  rename(name: string, to: string): void;
  setAlias(name: string, alias: string): void;
  /** Sets what is given. Traffic stops while an interface is not operationally up. */
  setStatus(name: string, status: { readonly admin?: InterfaceStatus; readonly oper?: InterfaceStatus }): void;
  setSpeed(name: string, speed: number): void;
  setTraffic(name: string, traffic: TrafficProfile): void;
  /** The counter jumps to this value, unannounced. */
  setCounter(name: string, counter: AgentCounter, value: bigint): void;
  /** The interface's counters begin at zero and ifCounterDiscontinuityTime says so. */
  discontinue(name: string): void;
  /** What the 64-bit counter shows at that moment (epoch ms; now unless told). */
  counter(name: string, counter: AgentCounter, at?: number): bigint;
  /** What truly passed between two moments, epoch ms. */
  increment(name: string, counter: AgentCounter, from: number, to: number): number;
  /** Another way to be bad; `{}` is good again. */
  setHostile(hostile: Hostility): void;
}

/** A device: its variables at every moment, and what can be done to it. */
export class AgentDevice implements AgentMutators {
  readonly community: string;
  hostile: Hostility;
  /** Whether `hostile` bends content, kept since every answer asks. */
  bent: boolean;
  readonly #now: () => number;
  readonly #options: AgentDeviceOptions;
  readonly #rows: Row[];
  readonly #rest: readonly Variable[];
  readonly #profiles = new Map<Row, TrafficProfile>();
  #bootAt: number;
  #tableChangedMs = 0;
  #seeds: number;
  #tree: Tree | null = null;

  constructor(options: AgentDeviceOptions, now: () => number) {
    this.#options = options;
    this.#now = now;
    this.community = options.community ?? 'public';
    this.hostile = options.hostile ?? {};
    this.bent = bendsContent(this.hostile);
    const at = now();
    const moving = options.moving ?? true;
    const recorded = options.recording === undefined ? null : readRecorded(options, at);
    this.#rows = recorded?.rows ?? makeRows(options, at);
    if (recorded !== null && moving) this.#rows.forEach(moveCounters);
    const uptimeMs = options.uptimeMs ?? recorded?.uptimeMs ?? DAY_MS;
    this.#bootAt = at - uptimeMs;
    this.#rest = this.#withoutMoving(recorded?.rest ?? this.#systemGroup(), moving, recorded?.uptimeMs !== null);
    this.#seeds = (options.seed ?? 1) * 1_000 + this.#rows.length;
    for (const row of this.#rows) this.#profiles.set(row, row.oper === 'up' ? row.counters.profile : usualTraffic(row.speed, row.seed));
  }

  /** All variables. Their values are read from it at the moment of an answer. */
  get tree(): Tree {
    this.#tree ??= this.#grow();
    return this.#tree;
  }

  interfaces(): AgentInterface[] {
    return this.#rows.map(({ index, name, alias, speed, oper }) => ({ index, name, alias, speed, oper }));
  }

  uptimeMs(): number {
    return this.#now() - this.#bootAt;
  }

  restart({ renumber }: { readonly renumber?: Readonly<Record<string, number>> | 'rotate' } = {}): void {
    const now = this.#now();
    this.#bootAt = now;
    this.#tableChangedMs = 0;
    for (const { counters, cells } of this.#rows) {
      counters.zero(now);
      if (cells.has('ifLastChange')) cells.set('ifLastChange', ticks(0));
      if (cells.has('ifCounterDiscontinuityTime')) cells.set('ifCounterDiscontinuityTime', ticks(0));
    }
    this.#tree = null;
    if (renumber !== undefined) this.renumber(renumber, { untold: true });
  }

  renumber(to: Readonly<Record<string, number>> | 'rotate', { untold = false }: { readonly untold?: boolean } = {}): void {
    const rows = this.#rows;
    const indexes = rows.map(({ index, name }, i) => (to === 'rotate' ? ((rows[i + 1] ?? rows[0]) as Row).index : (to[name] ?? index)));
    if (new Set(indexes).size !== rows.length) throw new RangeError('two interfaces would have the same ifIndex');
    for (const [i, row] of rows.entries()) {
      row.index = indexes[i] as number;
      row.cells.set('ifIndex', integer(row.index));
    }
    this.#changed(untold);
  }

  addInterface(options: InterfaceOptions): void {
    const index = options.index ?? Math.max(0, ...this.#rows.map((row) => row.index)) + 1;
    const row = makeRow(options, index, this.#seeds++, this.#now());
    const rows = this.#rows;
    if (rows.some((each) => each.index === index || each.name === row.name))
      throw new RangeError(`${row.name} or ${index} is there already`);
    rows.push(row);
    this.#profiles.set(row, options.traffic ?? usualTraffic(row.speed, row.seed));
    this.#changed(false);
  }

  removeInterface(name: string): void {
    this.#rows.splice(this.#rows.indexOf(this.#row(name)), 1);
    this.#changed(false);
  }

  rename(name: string, to: string): void {
    const row = this.#row(name);
    row.name = to;
    this.#put(row, { ifName: text(to), ifDescr: text(to) });
  }

  setAlias(name: string, alias: string): void {
    const row = this.#row(name);
    row.alias = alias;
    this.#put(row, { ifAlias: text(alias) });
  }

  setStatus(name: string, { admin, oper }: { readonly admin?: InterfaceStatus; readonly oper?: InterfaceStatus }): void {
    const row = this.#row(name);
    if (admin !== undefined) this.#put(row, { ifAdminStatus: integer(STATUS[admin]) });
    if (oper === undefined || oper === row.oper) return;
    row.oper = oper;
    row.counters.setProfile(oper === 'up' ? (this.#profiles.get(row) ?? NO_TRAFFIC) : NO_TRAFFIC, this.#now());
    this.#put(row, { ifOperStatus: integer(STATUS[oper]), ifLastChange: ticks(this.#uptimeTicks(this.#now())) });
  }

  setSpeed(name: string, speed: number): void {
    setSpeed(this.#row(name), speed);
    this.#tree = null;
  }

  setTraffic(name: string, traffic: TrafficProfile): void {
    const row = this.#row(name);
    this.#profiles.set(row, traffic);
    if (row.oper === 'up') row.counters.setProfile(traffic, this.#now());
  }

  setCounter(name: string, counter: AgentCounter, value: bigint): void {
    this.#row(name).counters.set(counter, value, this.#now());
  }

  discontinue(name: string): void {
    const row = this.#row(name);
    const now = this.#now();
    row.counters.zero(now);
    this.#put(row, { ifCounterDiscontinuityTime: ticks(this.#uptimeTicks(now)) });
  }

  counter(name: string, counter: AgentCounter, at = this.#now()): bigint {
    return this.#row(name).counters.value(counter, at);
  }

  increment(name: string, counter: AgentCounter, from: number, to: number): number {
    return this.#row(name).counters.increment(counter, from, to);
  }

  setHostile(hostile: Hostility): void {
    this.hostile = hostile;
    this.bent = bendsContent(hostile);
  }

  #row(name: string): Row {
    const row = this.#rows.find((each) => each.name === name);
    if (row === undefined) throw new RangeError(`the device has no interface "${name}"`);
    return row;
  }

  #put(row: Row, cells: Readonly<Record<string, Source>>): void {
    for (const [name, source] of Object.entries(cells)) if (row.cells.has(name)) row.cells.set(name, source);
    this.#tree = null;
  }

  #changed(untold: boolean): void {
    if (!untold) this.#tableChangedMs = this.uptimeMs();
    this.#tree = null;
  }

  #uptimeTicks(at: number): number {
    return Math.floor((at - this.#bootAt) / 10) % 2 ** 32;
  }

  #systemGroup(): Variable[] {
    const { descr, objectId = '1.3.6.1.4.1.8072.3.2.255', name = '', location = '', contact = '' } = this.#options.system ?? {};
    return [
      { oid: oid(`${SYSTEM}.1.0`), source: text(descr ?? 'Synthetic device') },
      { oid: oid(`${SYSTEM}.2.0`), source: new FixedSource(encodeOid(oid(objectId).ids)) },
      { oid: oid(`${SYSTEM}.4.0`), source: text(contact) },
      { oid: oid(`${SYSTEM}.5.0`), source: text(name) },
      { oid: oid(`${SYSTEM}.6.0`), source: text(location) },
      { oid: oid(`${SYSTEM}.7.0`), source: integer(6) },
    ];
  }

  /** The rest with what moves in it put in place; a recording at rest stays as it is. */
  #withoutMoving(rest: readonly Variable[], moving: boolean, hasUptime: boolean): Variable[] {
    if (!moving) return [...rest];
    const uptime = { oid: oid(`${SYSTEM}.3.0`), source: new ComputedSource(TAG.ticks, (at) => this.#uptimeTicks(at)) };
    const count = { oid: oid(IF_NUMBER), source: new ComputedSource(TAG.integer, () => this.#rows.length) };
    const changed = { oid: oid(TABLE_LAST_CHANGE), source: new ComputedSource(TAG.ticks, () => Math.floor(this.#tableChangedMs / 10)) };
    // What a recorded device did not have it does not get: such a device is a case of its own.
    const recorded = this.#options.recording !== undefined;
    const has = (variable: Variable) => !recorded || rest.some((each) => each.oid === variable.oid);
    const extended = this.#options.highCapacity ?? true;
    const moved = [...(hasUptime ? [uptime] : []), ...(has(count) ? [count] : []), ...(has(changed) && extended ? [changed] : [])];
    return [...rest.filter((each) => !moved.some((variable) => variable.oid === each.oid)), ...moved];
  }

  #grow(): Tree {
    const extended = this.#options.highCapacity ?? true;
    const rows = [...this.#rows].sort((a, b) => a.index - b.index);
    const cells = COLUMNS.filter((column) => extended || !column.extended).flatMap(({ name, prefix }) =>
      rows.flatMap(({ index, cells: own }) => {
        const source = own.get(name);
        return source === undefined ? [] : [{ oid: oid(`${prefix}.${index}`), source }];
      }),
    );
    return new Tree([...this.#rest, ...cells]);
  }
}
