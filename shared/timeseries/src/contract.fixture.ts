/** Rows for tests of sample stores. */
import { INTERFACE_COUNTERS } from '@beacontower/contracts';
import type { IcmpRows, InterfaceRows, WriteBatch } from './port.ts';
import { MINUTE } from './resolution.ts';
import { makeIcmpRows, makeInterfaceRows, NO_REPLY } from './rows.ts';

/** Midnight of the first day of the samples. */
export const START = Date.UTC(2026, 10, 20);

/** Rows of one interface, one a minute: `at(i)` = start + i minutes + 7 s; increments follow `value`. */
export function interfaceSeries(
  check: number,
  start: number,
  count: number,
  value: (row: number) => number = (row) => 1_000_000 + row,
): InterfaceRows {
  const rows = makeInterfaceRows(count);
  for (let i = 0; i < count; i++) {
    rows.check[i] = check;
    rows.at[i] = start + i * MINUTE + 7_000 + (i % 5);
    rows.span[i] = 60_000 + ((i % 3) - 1) * 10;
    rows.speed[i] = 1_000;
    rows.status[i] = 0x11;
    for (const [column, counter] of INTERFACE_COUNTERS.entries()) rows.increments[counter][i] = Math.floor(value(i) / (column + 1) ** 3);
  }
  return rows;
}

/** Rows of one ICMP check, one a minute; every tenth round has no reply at all. */
export function icmpSeries(check: number, start: number, count: number): IcmpRows {
  const rows = makeIcmpRows(count);
  for (let i = 0; i < count; i++) {
    const received = i % 10 === 9 ? 0 : 3 - (i % 2);
    const rtt = received === 0 ? NO_REPLY : 1_000 + (i % 7) * 100;
    rows.check[i] = check;
    rows.at[i] = start + i * MINUTE + 3_000;
    rows.sent[i] = 3;
    rows.received[i] = received;
    rows.rttMin[i] = rtt;
    rows.rttAvg[i] = received === 0 ? NO_REPLY : rtt + 50;
    rows.rttMax[i] = received === 0 ? NO_REPLY : rtt + 100;
    rows.jitter[i] = received === 0 ? NO_REPLY : 20 + (i % 4);
  }
  return rows;
}

/** A batch to write; without offsets nothing is said of how far it goes. */
export const batch = (interfaces: InterfaceRows, icmp: IcmpRows = makeIcmpRows(0), offsets: [number, string][] = []): WriteBatch => ({
  interfaces,
  icmp,
  offsets: new Map(offsets),
});

/** Bits a second over some rows, weighted by time, as the definition says. */
export function meanOf(rows: InterfaceRows, from: number, to: number): number {
  let bits = 0;
  let span = 0;
  for (let i = from; i < to; i++) {
    const octets = rows.increments.inOctets[i] ?? Number.NaN;
    if (Number.isNaN(octets)) continue;
    bits += octets * 8;
    span += rows.span[i] ?? 0;
  }
  return (bits * 1_000) / span;
}
