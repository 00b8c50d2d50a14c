/** Requests and answers for tests of the agent. */
import { answer } from './answer.ts';
import { BerReader, BerWriter, encode, encodeInteger, encodeOid, TAG } from './ber.ts';
import type { AgentDevice } from './device.ts';
import { parseRequest } from './message.ts';
import { oid } from './tree.ts';

export interface Ask {
  readonly version?: 0 | 1;
  readonly community?: string;
  readonly pdu?: number;
  readonly id?: number;
  readonly first?: number;
  readonly second?: number;
  readonly oids: readonly string[];
}

/** Bytes of a request. */
export function request({ version = 1, community = 'public', pdu = TAG.get, id = 4_711, first = 0, second = 0, oids }: Ask): Uint8Array {
  const varbinds = oids.map((each) => encode(TAG.sequence, [...encodeOid(oid(each).ids), TAG.null, 0]));
  const list = encode(TAG.sequence, Buffer.concat(varbinds));
  const body = [id, first, second].map((each) => encodeInteger(TAG.integer, each));
  const message = [
    encodeInteger(TAG.integer, version),
    encode(TAG.octets, Buffer.from(community)),
    encode(pdu, Buffer.concat([...body, list])),
  ];
  return encode(TAG.sequence, Buffer.concat(message));
}

export interface Read {
  readonly id: number;
  readonly community: string;
  readonly status: number;
  readonly position: number;
  readonly varbinds: readonly { readonly oid: string; readonly tag: number; readonly value: bigint | string }[];
  readonly bytes: number;
}

/** Reads an answer. */
export function read(bytes: Uint8Array): Read {
  const message = new BerReader(bytes).expect(TAG.sequence);
  message.integer();
  const community = Buffer.from(message.expect(TAG.octets).rest()).toString();
  const pdu = message.expect(TAG.response);
  const [id, status, position] = [pdu.integer(), pdu.integer(), pdu.integer()];
  const list = pdu.expect(TAG.sequence);
  const varbinds: { oid: string; tag: number; value: bigint | string }[] = [];
  while (!list.done) {
    const varbind = list.expect(TAG.sequence);
    const name = varbind.oid().join('.');
    const { tag, body } = varbind.enter();
    const content = body.rest();
    const text = tag === TAG.octets || tag === TAG.oid;
    const value = text ? Buffer.from(content).toString() : content.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    varbinds.push({ oid: name, tag, value });
  }
  return { id, community, status, position, varbinds, bytes: bytes.length };
}

const writer = new BerWriter();

/** What the device answers; null when it says nothing. */
export function ask(device: AgentDevice, what: Ask, at: number): Read | null {
  const parsed = parseRequest(request(what));
  return parsed !== null && answer(device, parsed, at, writer) ? read(writer.written()) : null;
}
