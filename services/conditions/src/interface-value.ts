import { INTERFACE_COUNTERS, type InterfaceCounter } from '@beacontower/contracts';
import { lostShare, type SampleMetric, utilisationOf, worseOf } from '@beacontower/domain';
import type { InterfaceColumns } from '@beacontower/samples';

/** ifAdminStatus and ifOperStatus both up(1). */
const UP = 0x11;
const POSITION = Object.fromEntries(INTERFACE_COUNTERS.map((counter, position) => [counter, position])) as Record<InterfaceCounter, number>;

/** Whether the interface was up when the row was read: one that is not carries nothing, which says nothing of it. */
export function isInterfaceUp(columns: InterfaceColumns, row: number): boolean {
  return columns.status[row] === UP;
}

/** The value of a metric of interfaces by one row of increments; NaN: not known. */
export function interfaceValue(metric: SampleMetric, columns: InterfaceColumns, row: number): number {
  const of = (counter: InterfaceCounter): number => columns.increments[POSITION[counter]]?.[row] ?? Number.NaN;
  switch (metric) {
    case 'utilisation':
      return utilisationOf(of('inOctets'), of('outOctets'), columns.speed[row] ?? 0, columns.span[row] ?? 0);
    case 'errors':
      return worseOf(lostIn(of, 'inErrors'), lostOut(of, 'outErrors'));
    case 'discards':
      return worseOf(lostIn(of, 'inDiscards'), lostOut(of, 'outDiscards'));
    default:
      return Number.NaN;
  }
}

type Of = (counter: InterfaceCounter) => number;

function lostIn(of: Of, lost: InterfaceCounter): number {
  return lostShare(of(lost), of('inUnicast'), of('inMulticast'), of('inBroadcast'));
}

function lostOut(of: Of, lost: InterfaceCounter): number {
  return lostShare(of(lost), of('outUnicast'), of('outMulticast'), of('outBroadcast'));
}
