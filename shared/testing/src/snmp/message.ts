/** Requests as an agent reads them. */
import { BerReader, TAG } from './ber.ts';

export type RequestKind = 'get' | 'getNext' | 'getBulk' | 'set';

/** One request of SNMPv1 or v2c. */
export interface AgentRequest {
  /** 0: SNMPv1, 1: SNMPv2c. */
  readonly version: 0 | 1;
  readonly community: string;
  readonly kind: RequestKind;
  readonly id: number;
  /** Non-repeaters and repetitions of GETBULK, never below zero; 0 otherwise. */
  readonly nonRepeaters: number;
  readonly repetitions: number;
  readonly oids: readonly (readonly number[])[];
}

const KINDS: Readonly<Record<number, RequestKind>> = {
  [TAG.get]: 'get',
  [TAG.getNext]: 'getNext',
  [TAG.getBulk]: 'getBulk',
  [TAG.set]: 'set',
};

/** Reads a request. Null for what an agent of v1 and v2c does not answer; throws a BerError for what is no BER. */
export function parseRequest(bytes: Uint8Array): AgentRequest | null {
  const message = new BerReader(bytes).expect(TAG.sequence);
  const version = message.integer();
  if (version !== 0 && version !== 1) return null;
  const community = Buffer.from(message.expect(TAG.octets).rest()).toString('utf8');
  const { tag, body } = message.enter();
  const kind = KINDS[tag];
  if (kind === undefined || (kind === 'getBulk' && version === 0)) return null;
  const id = body.integer();
  const first = Math.max(0, body.integer());
  const second = Math.max(0, body.integer());
  const list = body.expect(TAG.sequence);
  const oids: number[][] = [];
  while (!list.done) oids.push(list.expect(TAG.sequence).oid());
  const bulk = kind === 'getBulk';
  return { version, community, kind, id, nonRepeaters: bulk ? first : 0, repetitions: bulk ? second : 0, oids };
}
