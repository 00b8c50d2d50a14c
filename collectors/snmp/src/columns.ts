import { INTERFACE_COUNTERS } from '@beacontower/contracts';
import { type Oid, oid } from './wire/oid.ts';

const SYSTEM = '1.3.6.1.2.1.1';
const IF_TABLE = '1.3.6.1.2.1.2.2.1';
const IF_X_TABLE = '1.3.6.1.2.1.31.1.1.1';

/** What is asked of an agent: SNMPv2-MIB (RFC 3418) and IF-MIB (RFC 2863). */
export const OIDS = {
  sysDescr: oid(`${SYSTEM}.1.0`),
  sysObjectId: oid(`${SYSTEM}.2.0`),
  sysUpTime: oid(`${SYSTEM}.3.0`),
  sysContact: oid(`${SYSTEM}.4.0`),
  sysName: oid(`${SYSTEM}.5.0`),
  sysLocation: oid(`${SYSTEM}.6.0`),
  ifTableLastChange: oid('1.3.6.1.2.1.31.1.5.0'),
  ifDescr: oid(`${IF_TABLE}.2`),
  ifType: oid(`${IF_TABLE}.3`),
  ifSpeed: oid(`${IF_TABLE}.5`),
  ifAdminStatus: oid(`${IF_TABLE}.7`),
  ifOperStatus: oid(`${IF_TABLE}.8`),
  ifName: oid(`${IF_X_TABLE}.1`),
  ifHighSpeed: oid(`${IF_X_TABLE}.15`),
  ifAlias: oid(`${IF_X_TABLE}.18`),
  ifCounterDiscontinuityTime: oid(`${IF_X_TABLE}.19`),
} as const;

/** Where a counter is to be had: 64 bits wide (HC), and 32 bits. */
interface CounterSource {
  readonly wide: Oid | null;
  readonly narrow: Oid;
}
const source = (wide: number | null, narrow: string): CounterSource => ({
  wide: wide === null ? null : oid(`${IF_X_TABLE}.${wide}`),
  narrow: oid(narrow),
});

/** In the order of `INTERFACE_COUNTERS`. ifTable has no multicast and broadcast apart; their 32-bit columns stand in ifXTable. */
export const COUNTER_SOURCES: readonly CounterSource[] = [
  source(6, `${IF_TABLE}.10`),
  source(7, `${IF_TABLE}.11`),
  source(8, `${IF_X_TABLE}.2`),
  source(9, `${IF_X_TABLE}.3`),
  source(10, `${IF_TABLE}.16`),
  source(11, `${IF_TABLE}.17`),
  source(12, `${IF_X_TABLE}.4`),
  source(13, `${IF_X_TABLE}.5`),
  source(null, `${IF_TABLE}.14`),
  source(null, `${IF_TABLE}.20`),
  source(null, `${IF_TABLE}.13`),
  source(null, `${IF_TABLE}.19`),
];

/** Which of its two sources a counter is read from; `both` where the device has some rows in the one and some in the other alone. */
export type CounterMode = 'wide' | 'narrow' | 'both' | 'none';

/** Positions among the columns of a poll. */
export const ADMIN = 0;
export const OPER = 1;

/** The columns one poll reads: status first, then counters. */
export interface PollColumns {
  readonly oids: readonly Oid[];
  /** Column → position in `INTERFACE_COUNTERS`; -1: not a counter. */
  readonly counter: Int8Array;
  /** Column → 1 when its values are 64 bits wide. */
  readonly wide: Uint8Array;
  /** Column → 1 when a reset of its values looks like a wrap unless ifCounterDiscontinuityTime tells of it. */
  readonly watched: Uint8Array;
  /** Column of ifCounterDiscontinuityTime; -1 when it is not read with every poll. */
  readonly discontinuity: number;
}

/** Modes before anything is known: v1 cannot carry 64 bits. */
export function initialModes(version: '1' | '2c' | '3'): CounterMode[] {
  return COUNTER_SOURCES.map(({ wide }) => (wide === null || version === '1' ? 'narrow' : 'wide'));
}

/**
 * What a poll reads, by the mode of each counter. 64-bit counters never wrap, so one that went back tells of its own reset; errors and
 * discards hardly move, so one of theirs that went back is rare and looked into then (`poll.ts`). Octets and packets of 32 bits
 * go back all the time: only with them is ifCounterDiscontinuityTime worth a column of every poll.
 */
export function pollColumns(modes: readonly CounterMode[], hasDiscontinuity: boolean): PollColumns {
  const oids: Oid[] = [OIDS.ifAdminStatus, OIDS.ifOperStatus];
  const counter = [-1, -1];
  const wide = [0, 0];
  const watched = [0, 0];
  const add = (column: Oid, of: number, isWide: boolean, isWatched: boolean) => {
    oids.push(column);
    counter.push(of);
    wide.push(isWide ? 1 : 0);
    watched.push(isWatched ? 1 : 0);
  };
  let wrapping = false;
  COUNTER_SOURCES.forEach((from, of) => {
    const mode = modes[of] ?? 'none';
    if (from.wide && (mode === 'wide' || mode === 'both')) add(from.wide, of, true, false);
    if (mode !== 'narrow' && mode !== 'both') return;
    const wraps = from.wide !== null;
    wrapping ||= wraps;
    add(from.narrow, of, false, !wraps);
  });
  const discontinuity = wrapping && hasDiscontinuity ? oids.length : -1;
  if (discontinuity >= 0) add(OIDS.ifCounterDiscontinuityTime, -1, false, false);
  return {
    oids,
    counter: Int8Array.from(counter),
    wide: Uint8Array.from(wide),
    watched: Uint8Array.from(watched),
    discontinuity,
  };
}

/** Counters of which the 64-bit column lacks rows, so that it is worth trying the 32-bit one. `rows`: by counter, of that column. */
export function incomplete(modes: readonly CounterMode[], rows: readonly number[], all: number): number[] {
  return modes.flatMap((mode, of) => (mode === 'wide' && COUNTER_SOURCES[of]?.wide && (rows[of] ?? 0) < all ? [of] : []));
}

/** The mode of a counter after both its columns were tried: how many rows each had. */
export function settleMode(wideRows: number, narrowRows: number): CounterMode {
  if (wideRows === 0) return narrowRows === 0 ? 'none' : 'narrow';
  return narrowRows > wideRows ? 'both' : 'wide';
}

/** `INTERFACE_COUNTERS` and their sources must never part. */
if (COUNTER_SOURCES.length !== INTERFACE_COUNTERS.length) throw new Error('every counter has a source');
