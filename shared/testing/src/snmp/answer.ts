/** What an agent answers: GET, GETNEXT and GETBULK of SNMPv1 and v2c over a device's variables. */

import { bentNext, bentSource } from './bent.ts';
import { type BerWriter, encode, encodeInteger, encodeOid, TAG } from './ber.ts';
import type { AgentDevice } from './device.ts';
import type { AgentRequest } from './message.ts';
import type { Tree, Variable } from './tree.ts';

/** SNMP's error-status. */
export const ERROR = { none: 0, tooBig: 1, noSuchName: 2, readOnly: 4, genErr: 5, notWritable: 17 } as const;

/** The most that a datagram of UDP over IPv4 carries. */
const MOST_BYTES = 65_507;
/** What stands before the varbinds, at most: tags, lengths, version, request id, error, index. The community comes on top. */
const HEADER_BYTES = 40;

class Refusal extends Error {
  readonly status: number;
  readonly position: number;

  constructor(status: number, position: number) {
    super('refused');
    this.status = status;
    this.position = position;
  }
}

const EXCEPTIONS = {
  noSuchObject: Uint8Array.from([TAG.noSuchObject, 0]),
  noSuchInstance: Uint8Array.from([TAG.noSuchInstance, 0]),
  endOfMibView: Uint8Array.from([TAG.endOfMibView, 0]),
};

/** Writes the answer to a request into the writer. False when such an agent says nothing at all. */
export function answer(device: AgentDevice, request: AgentRequest, at: number, writer: BerWriter): boolean {
  const { hostile } = device;
  const { kind, oids, repetitions, nonRepeaters } = request;
  if (request.community !== device.community) return false;
  if (kind === 'getBulk' && repetitions > (hostile.silentAboveRepetitions ?? Number.POSITIVE_INFINITY)) return false;
  const limit = Math.min(hostile.maxBytes ?? MOST_BYTES, MOST_BYTES) - HEADER_BYTES - request.community.length;
  const wanted =
    kind === 'getBulk' ? Math.min(nonRepeaters, oids.length) + Math.max(0, oids.length - nonRepeaters) * repetitions : oids.length;
  const task: Task = { device, tree: device.tree, request, at, writer, limit };
  writer.reset();
  try {
    if (wanted > (hostile.tooBigAbove ?? Number.POSITIVE_INFINITY)) throw new Refusal(ERROR.tooBig, 0);
    if (kind === 'set') throw new Refusal(request.version === 0 ? ERROR.readOnly : ERROR.notWritable, 1);
    if (kind === 'get') writeGet(task);
    else if (kind === 'getNext') writeNext(task, oids);
    else writeBulk(task);
    finish(request, device, writer, ERROR.none, 0);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    refuse(request, device, writer, error);
  }
  return true;
}

interface Task {
  readonly device: AgentDevice;
  readonly tree: Tree;
  readonly request: AgentRequest;
  readonly at: number;
  readonly writer: BerWriter;
  /** Most bytes of varbinds. */
  readonly limit: number;
}

function writeVariable(task: Task, { oid, source }: Variable, position: number): void {
  const { device, writer, at } = task;
  const start = writer.open();
  writer.raw(oid.encoded);
  if (device.bent) {
    const bent = bentSource(device.hostile, oid.ids, source);
    if (bent === 'genErr') throw new Refusal(ERROR.genErr, position);
    bent.write(writer, at);
  } else {
    source.write(writer, at);
  }
  writer.close(start);
}

function writeException(task: Task, ids: Uint8Array, exception: Uint8Array): void {
  const start = task.writer.open();
  task.writer.raw(ids);
  task.writer.raw(exception);
  task.writer.close(start);
}

function mustFit(task: Task): void {
  if (task.writer.length > task.limit) throw new Refusal(ERROR.tooBig, 0);
}

function writeGet(task: Task): void {
  const { tree, request } = task;
  for (const [i, ids] of request.oids.entries()) {
    const variable = tree.get(ids);
    const old = request.version === 0;
    if (variable !== undefined && !(old && variable.source.tag === TAG.counter64)) {
      writeVariable(task, variable, i + 1);
    } else {
      if (old) throw new Refusal(ERROR.noSuchName, i + 1);
      const instance = ids.length > 1 && tree.has(ids.slice(0, -1));
      writeException(task, encodeOid(ids), instance ? EXCEPTIONS.noSuchInstance : EXCEPTIONS.noSuchObject);
    }
    mustFit(task);
  }
}

/** The variable after this identifier, as this device would have it. */
function next({ device, tree, request }: Task, ids: readonly number[]): Variable | undefined {
  if (device.bent) return bentNext(device.hostile, tree, ids);
  let at = tree.after(ids);
  // SNMPv1 has no 64-bit counters: they are not there for who asks in it (RFC 3584, 4.2.2.1).
  while (request.version === 0 && tree.variables[at]?.source.tag === TAG.counter64) at++;
  return tree.variables[at];
}

function writeNext(task: Task, oids: readonly (readonly number[])[]): void {
  for (const [i, ids] of oids.entries()) {
    const variable = next(task, ids);
    if (variable !== undefined) writeVariable(task, variable, i + 1);
    else if (task.request.version === 0) throw new Refusal(ERROR.noSuchName, i + 1);
    else writeException(task, encodeOid(ids), EXCEPTIONS.endOfMibView);
    mustFit(task);
  }
}

function writeBulk(task: Task): void {
  const { request, device } = task;
  writeNext(task, request.oids.slice(0, request.nonRepeaters));
  const repeaters = request.oids.slice(request.nonRepeaters);
  if (repeaters.length === 0) return;
  const written = device.bent ? repeatBent(task, repeaters) : repeat(task, repeaters);
  if (written === 0 && request.repetitions > 0) throw new Refusal(ERROR.tooBig, 0);
}

/** Row after row until there is no room or nothing left; gives how many varbinds were written. The way every good answer goes. */
function repeat(task: Task, repeaters: readonly (readonly number[])[]): number {
  const { tree, request, writer, limit } = task;
  const { variables } = tree;
  const positions = repeaters.map((ids) => tree.after(ids));
  let written = 0;
  for (let row = 0; row < request.repetitions; row++) {
    let left = false;
    for (let i = 0; i < positions.length; i++) {
      const before = writer.at;
      const position = positions[i] as number;
      const variable = variables[position];
      if (variable !== undefined) {
        left = true;
        positions[i] = position + 1;
        writeVariable(task, variable, 0);
      } else {
        // Named again is what this column stood at: what was asked for in the first row, the last of all variables later on.
        const last = row === 0 ? undefined : variables.at(-1)?.oid.encoded;
        writeException(task, last ?? encodeOid(repeaters[i] as readonly number[]), EXCEPTIONS.endOfMibView);
      }
      if (writer.length > limit) {
        writer.at = before;
        return written;
      }
      written++;
    }
    if (!left) break;
  }
  return written;
}

/** The same by identifiers, for devices whose next variable is not what it should be. */
function repeatBent(task: Task, repeaters: readonly (readonly number[])[]): number {
  const { request, writer, limit } = task;
  const cursors = [...repeaters];
  let written = 0;
  for (let row = 0; row < request.repetitions; row++) {
    for (const [i, cursor] of cursors.entries()) {
      const before = writer.at;
      const variable = next(task, cursor);
      if (variable === undefined) writeException(task, encodeOid(cursor), EXCEPTIONS.endOfMibView);
      else writeVariable(task, variable, request.nonRepeaters + i + 1);
      if (writer.length > limit) {
        writer.at = before;
        return written;
      }
      cursors[i] = variable?.oid.ids ?? cursor;
      written++;
    }
  }
  return written;
}

function refuse(request: AgentRequest, device: AgentDevice, writer: BerWriter, { status, position }: Refusal): void {
  writer.reset();
  // An error names the variables it was asked for, with nothing in them; tooBig of v2c names none, so as to fit (RFC 3416, 4.2.1).
  if (status !== ERROR.tooBig || request.version === 0) {
    for (const ids of request.oids) {
      const start = writer.open();
      writer.raw(encodeOid(ids));
      writer.raw(Uint8Array.from([TAG.null, 0]));
      writer.close(start);
    }
  }
  finish(request, device, writer, status, position);
}

function finish(
  { version, community, id }: AgentRequest,
  { hostile }: AgentDevice,
  writer: BerWriter,
  status: number,
  position: number,
): void {
  writer.wrap(TAG.sequence);
  writer.prepend(encodeInteger(TAG.integer, position));
  writer.prepend(encodeInteger(TAG.integer, status));
  writer.prepend(encodeInteger(TAG.integer, hostile.wrongRequestId ? (id ^ 0x55aa) | 0 : id));
  writer.wrap(TAG.response);
  writer.prepend(encode(TAG.octets, Buffer.from(hostile.wrongCommunity ? `not-${community}` : community, 'utf8')));
  writer.prepend(encodeInteger(TAG.integer, version));
  writer.wrap(TAG.sequence);
}
