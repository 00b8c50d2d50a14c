import type { BulkBuffer } from './answers.ts';
import { readCell, readScalar } from './columns.ts';
import { type BulkRequest, END, type Failed } from './port.ts';
import { afterRow, beforeScalar, type Wanted } from './requests.ts';
import { malformed, type Received, refusalOf, type Session } from './session.ts';
import { NEXT, type VariableReader } from './variables.ts';

interface RowOptions {
  readonly timeoutMs: number;
  readonly monotonic: () => number;
  readonly variables: VariableReader;
}

/** One thing asked for: scalar `position`, or column `position`. */
interface Item {
  readonly scalar: boolean;
  readonly position: number;
  readonly wanted: Wanted;
}

/**
 * One row of each column by GETNEXT, for agents of version 1. Such an agent refuses a whole request because of one name that has no
 * successor (`noSuchName`): that name is then left out and the rest asked again, within the same time-out. A failure, or null
 * when `into` holds the answer.
 */
export async function bulkByNext(session: Session, request: BulkRequest, options: RowOptions, into: BulkBuffer): Promise<Failed | null> {
  const deadline = options.monotonic() + options.timeoutMs;
  let items: Item[] = [
    ...request.scalars.map((scalar, position) => ({ scalar: true, position, wanted: beforeScalar(scalar) })),
    ...request.columns.map(({ oid, after }, position) => ({ scalar: false, position, wanted: afterRow(oid, after) })),
  ];
  for (;;) {
    const wanted = items.map((item) => item.wanted);
    const left = Math.max(1, deadline - options.monotonic());
    const received = await session.ask({ pdu: 'next', nonRepeaters: 0, maxRepetitions: 0, wanted }, left);
    if (!received.ok) return received;
    into.sentAt = received.sentAt;
    into.receivedAt = received.receivedAt;
    into.size = received.size;
    const refusal = refusalOf(received, wanted.length);
    if (refusal === null) return readRow(options.variables, received, request, items, into);
    if (refusal.failure !== 'no-such-name' || refusal.index === null) return refusal;
    const missing = items[refusal.index] as Item;
    if (!missing.scalar) into.ends[missing.position] = END.done;
    items = items.filter((item) => item !== missing);
    if (items.length === 0) return null;
  }
}

function readRow(
  variables: VariableReader,
  received: Received,
  request: BulkRequest,
  items: readonly Item[],
  into: BulkBuffer,
): Failed | null {
  const { bytes, pdu } = received;
  into.truncated = received.truncated;
  into.scalars.source = bytes;
  into.cells.source = bytes;
  variables.open(bytes, pdu);
  for (const { scalar, position } of items) {
    const next = variables.next();
    if (next === NEXT.malformed) return malformed(received);
    if (next === NEXT.end) return null;
    if (scalar) readScalar(variables, bytes, request.scalars[position] as BulkRequest['scalars'][number], into, position);
    else readCell(variables, bytes, request.columns, position, into);
  }
  return null;
}
